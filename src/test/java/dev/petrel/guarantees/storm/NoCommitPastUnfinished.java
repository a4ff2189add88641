package dev.petrel.guarantees.storm;

import dev.petrel.guarantees.Asked;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is committed is finished: whenever an offset was seen as committed, every request below it had its final on the
 * status topic, or is there twice; and every record that is no request had its dead letter.
 */
final class NoCommitPastUnfinished implements Observer {
    @Override
    public List<String> violations(History history) {
        List<String> violations = new ArrayList<>();
        Map<Integer, TreeMap<Long, Done>> done = upTo(history);
        for (Commit commit : history.commits()) {
            Map.Entry<Long, Done> below =
                    done.getOrDefault(commit.partition(), new TreeMap<>()).lowerEntry(commit.offset());
            if (below != null && below.getValue().at().isAfter(commit.at())) {
                violations.add("offset " + commit.offset() + " of partition " + commit.partition()
                        + " was committed at " + commit.at() + ", before "
                        + below.getValue().what() + " was finished"
                        + (below.getValue().at().equals(Instant.MAX)
                                ? ", which it never was"
                                : " at " + below.getValue().at()));
            }
        }
        return violations;
    }

    /** What was finished last of all that lies up to an offset. */
    private record Done(String what, Instant at) {}

    private static Map<Integer, TreeMap<Long, Done>> upTo(History history) {
        Map<Integer, TreeMap<Long, Done>> done = new HashMap<>();
        for (Asked request : history.requests()) {
            put(
                    done,
                    request.partition(),
                    request.offset(),
                    request.requestId(),
                    finalAt(history, request.requestId()));
        }
        Map<String, Instant> letters = new HashMap<>();
        history.letters()
                .forEach(letter -> letters.merge(
                        letter.partition() + ":" + letter.offset(),
                        letter.recordedAt(),
                        (one, other) -> one.isBefore(other) ? one : other));
        for (Malformed record : history.malformed()) {
            String place = record.partition() + ":" + record.offset();
            Instant at = letters.getOrDefault(place, Instant.MAX);
            if (record.requestId() != null) {
                Instant told = finalAt(history, record.requestId());
                at = told.isAfter(at) ? told : at;
            }
            put(done, record.partition(), record.offset(), "the malformed record at " + place, at);
        }
        for (TreeMap<Long, Done> partition : done.values()) {
            Done latest = new Done("nothing", Instant.MIN);
            for (Map.Entry<Long, Done> entry : partition.entrySet()) {
                latest = entry.getValue().at().isAfter(latest.at()) ? entry.getValue() : latest;
                entry.setValue(latest);
            }
        }
        return done;
    }

    private static void put(
            Map<Integer, TreeMap<Long, Done>> done, int partition, long offset, String what, Instant at) {
        done.computeIfAbsent(partition, none -> new TreeMap<>()).put(offset, new Done(what, at));
    }

    private static Instant finalAt(History history, String requestId) {
        return history.firstFinal(requestId).map(Event::recordedAt).orElse(Instant.MAX);
    }
}
