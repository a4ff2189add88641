package dev.petrel.guarantees.storm;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** All that was recorded, for a look: one file of JSON lines for each kind of thing, without numbers and texts. */
final class Dump {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;

    private Dump(Path directory) {
        this.directory = directory;
    }

    static void of(History history, Path directory) throws IOException {
        Dump dump = new Dump(directory);
        dump.write(
                "requests",
                history.requests(),
                request -> fields(
                        "requestId", request.requestId(),
                        "partition", request.partition(),
                        "offset", request.offset(),
                        "recordedAt", request.recordedAt(),
                        "expiresAt", request.expiresAt()));
        dump.write(
                "duplicates",
                history.duplicates(),
                request -> fields(
                        "requestId",
                        request.requestId(),
                        "partition",
                        request.partition(),
                        "offset",
                        request.offset()));
        dump.write(
                "malformed",
                history.malformed(),
                record -> fields(
                        "requestId", String.valueOf(record.requestId()),
                        "partition", record.partition(),
                        "offset", record.offset()));
        dump.write("status", history.events(), Dump::event);
        dump.write(
                "marks",
                history.marks(),
                mark -> fields(
                        "partition", mark.partition(),
                        "offset", mark.offset(),
                        "recordedAt", mark.recordedAt(),
                        "writer", mark.writer()));
        dump.write(
                "calls",
                history.calls(),
                call -> fields(
                        "requestId", history.requestId(call),
                        "provider", call.provider(),
                        "sender", String.valueOf(call.sender()),
                        "at", call.at(),
                        "accepted", call.accepted(),
                        "messageId", call.messageId()));
        dump.write(
                "commits",
                history.commits(),
                commit -> fields("partition", commit.partition(), "offset", commit.offset(), "at", commit.at()));
        dump.write(
                "faults",
                history.episodes(),
                episode -> fields(
                        "kind", episode.kind().words(),
                        "instance", episode.instance(),
                        "partitions", episode.partitions().toString(),
                        "from", episode.from(),
                        "to", episode.to(),
                        "clean", episode.clean()));
    }

    private static Map<String, Object> event(Event event) {
        Map<String, Object> fields = fields(
                "requestId", event.requestId(),
                "partition", event.partition(),
                "offset", event.offset(),
                "recordedAt", event.recordedAt(),
                "writer", event.writer(),
                "status", event.status(),
                "final", event.last(),
                "at", event.at());
        if (!event.reasonClass().isEmpty()) {
            fields.put("reason", event.reasonClass());
        }
        Event.Attempt attempt = event.attempt();
        if (attempt != null) {
            fields.put("number", attempt.number());
            fields.put("round", attempt.round());
            fields.put("provider", attempt.provider());
            fields.put("result", attempt.result());
            fields.put("sent", attempt.sent());
            fields.put("messageId", attempt.messageId());
            fields.put("durationMs", attempt.duration().toMillis());
        }
        return fields;
    }

    /** @param namesAndValues a name, its value, a name, its value; an instant as its text */
    private static Map<String, Object> fields(Object... namesAndValues) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            Object value = namesAndValues[i + 1];
            boolean simple = value instanceof Number || value instanceof Boolean;
            fields.put(namesAndValues[i].toString(), simple ? value : value.toString());
        }
        return fields;
    }

    private <T> void write(String name, Collection<T> things, Function<T, Map<String, Object>> fields)
            throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(directory.resolve(name + ".jsonl"))) {
            for (T thing : things) {
                out.write(JSON.writeValueAsString(fields.apply(thing)));
                out.newLine();
            }
        }
    }
}
