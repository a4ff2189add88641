package dev.petrel.guarantees.storm;

import dev.petrel.guarantees.Asked;
import dev.petrel.guarantees.Seen;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a storm came to, in numbers. */
final class Figures {
    /** Marks of one rebalance come closer together than this. */
    private static final Duration ONE_REBALANCE = Duration.ofSeconds(3);
    /** How long after its end a fault is still felt by others: a session, and the rebalance that follows. */
    private static final Duration FELT = Duration.ofSeconds(15);
    /** After the broker or a provider is well again. */
    private static final Duration RECOVERY = Duration.ofSeconds(3);

    private final History history;
    private final List<Doubled> doubled;
    private final Map<Integer, List<Seen>> callsByPartition;
    private final Map<Integer, long[]> activity;

    Figures(History history) {
        this.history = history;
        this.doubled = Doubled.all(history);
        Map<String, Integer> partitions = new HashMap<>();
        history.requests().forEach(request -> partitions.put(request.requestId(), request.partition()));
        this.callsByPartition = history.calls().stream()
                .filter(call -> partitions.containsKey(history.requestId(call)))
                .sorted(Comparator.comparing(Seen::at))
                .collect(Collectors.groupingBy(call -> partitions.get(history.requestId(call))));
        Map<Integer, List<Event>> events = history.events().stream().collect(Collectors.groupingBy(Event::partition));
        this.activity = new TreeMap<>();
        for (int partition : history.partitions()) {
            activity.put(
                    partition,
                    Stream.concat(
                                    callsByPartition.getOrDefault(partition, List.of()).stream()
                                            .map(Seen::at),
                                    events.getOrDefault(partition, List.of()).stream()
                                            .map(Event::recordedAt))
                            .mapToLong(Instant::toEpochMilli)
                            .sorted()
                            .toArray());
        }
    }

    void tell(Consumer<String> out) {
        line(out, "requests", history.requests().size());
        line(out, "there twice", history.duplicates().size());
        line(out, "malformed", history.malformed().size());
        finals().forEach((status, count) -> line(out, "final " + status, count));
        line(out, "without a final", lost());
        line(out, "calls to providers", history.calls().size());
        line(out, "after expiry", afterExpiry());
        line(out, "sent again", doubled.size());
        doublesByCause().forEach((cause, count) -> line(out, "  because of " + cause, count));
        line(
                out,
                "  and taken twice",
                doubled.stream().filter(Doubled::takenTwice).count());
        for (Fault.Kind kind : Fault.Kind.values()) {
            long count = episodes(kind).count();
            if (count > 0) {
                line(out, kind.words(), count);
            }
        }
        line(
                out,
                "stops that were not clean",
                history.episodes().stream()
                        .filter(episode -> episode.kind().clean() && !episode.clean())
                        .count());
        line(out, "take-overs", history.marks().size());
        line(out, "rebalances", rebalances());
        gap(out, Fault.Kind.KILL);
        gap(out, Fault.Kind.STOP);
        for (Fault.Kind kind : Fault.Kind.values()) {
            if (kind.row() == Fault.Row.INSTANCES) {
                longestPause(kind)
                        .ifPresent(pause -> out.accept(String.format(
                                Locale.ROOT, "longest pause of others  %-16s %6.2f s", kind.words(), pause / 1e3)));
            }
        }
    }

    private static void line(Consumer<String> out, String what, long count) {
        out.accept(String.format(Locale.ROOT, "%-32s %8d", what, count));
    }

    private Map<String, Long> finals() {
        return history.requests().stream()
                .flatMap(request -> history.firstFinal(request.requestId()).stream())
                .collect(Collectors.groupingBy(Event::status, TreeMap::new, Collectors.counting()));
    }

    private long lost() {
        return history.requests().stream()
                .filter(request -> history.firstFinal(request.requestId()).isEmpty())
                .count();
    }

    private long afterExpiry() {
        long count = 0;
        for (Asked request : history.requests()) {
            count += history.calls(request.requestId()).stream()
                    .filter(call -> call.at().isAfter(request.expiresAt()))
                    .count();
        }
        return count;
    }

    private Map<String, Long> doublesByCause() {
        return doubled.stream()
                .collect(Collectors.groupingBy(
                        each -> each.excuse()
                                .map(episode -> episode.kind().words())
                                .orElse("nothing"),
                        TreeMap::new,
                        Collectors.counting()));
    }

    private Stream<Episode> episodes(Fault.Kind kind) {
        return history.episodes().stream().filter(episode -> episode.kind() == kind);
    }

    long kills() {
        return episodes(Fault.Kind.KILL).count();
    }

    long rebalances() {
        long count = 0;
        Instant last = Instant.MIN;
        for (Mark mark : history.marks()) {
            if (count == 0 || Duration.between(last, mark.recordedAt()).compareTo(ONE_REBALANCE) > 0) {
                count++;
            }
            last = mark.recordedAt();
        }
        return count;
    }

    /** From the end of an owner to the first call that somebody else makes for its partitions, for each of them. */
    private void gap(Consumer<String> out, Fault.Kind kind) {
        List<Double> seconds = new ArrayList<>();
        episodes(kind)
                .forEach(episode -> episode.partitions()
                        .forEach(partition -> firstByAnother(episode, partition)
                                .ifPresent(call -> seconds.add(Duration.between(episode.from(), call.at())
                                                .toMillis()
                                        / 1e3))));
        if (!seconds.isEmpty()) {
            seconds.sort(Comparator.naturalOrder());
            out.accept(String.format(
                    Locale.ROOT,
                    "until the next owner sends  %-13s %6.2f s (50 %%) %6.2f s (worst), %d partitions",
                    kind.words(),
                    seconds.get(seconds.size() / 2),
                    seconds.get(seconds.size() - 1),
                    seconds.size()));
        }
    }

    private Optional<Seen> firstByAnother(Episode episode, int partition) {
        return callsByPartition.getOrDefault(partition, List.of()).stream()
                .filter(call ->
                        call.at().isAfter(episode.from()) && !call.sender().equals(episode.instance()))
                .findFirst();
    }

    /** In milliseconds, of the partitions that stay where they are while neither broker nor provider is in trouble. */
    private Optional<Long> longestPause(Fault.Kind kind) {
        return episodes(kind)
                .flatMap(episode -> history.partitions().stream()
                        .filter(partition -> stays(partition, episode))
                        .map(partition -> longestPause(
                                activity.getOrDefault(partition, new long[0]),
                                episode.from(),
                                episode.to().plus(FELT))))
                .max(Comparator.naturalOrder());
    }

    private boolean stays(int partition, Episode episode) {
        Mark owner = null;
        for (Mark mark : history.marks(partition)) {
            if (!mark.recordedAt().isAfter(episode.from())) {
                owner = mark;
            } else if (mark.recordedAt().isBefore(episode.to().plus(FELT))) {
                return false;
            }
        }
        return owner != null && !owner.instance().equals(episode.instance());
    }

    private long longestPause(long[] moments, Instant from, Instant to) {
        int at = Arrays.binarySearch(moments, from.toEpochMilli());
        long longest = 0;
        for (int i = Math.max(1, at < 0 ? -at - 1 : at); i < moments.length && moments[i] < to.toEpochMilli(); i++) {
            long pause = moments[i] - moments[i - 1];
            if (pause > longest && calm(Instant.ofEpochMilli(moments[i - 1]), Instant.ofEpochMilli(moments[i]))) {
                longest = pause;
            }
        }
        return longest;
    }

    private boolean calm(Instant from, Instant to) {
        return history.episodes().stream()
                .filter(episode -> episode.kind().row() != Fault.Row.INSTANCES)
                .noneMatch(episode -> episode.during(from.minus(RECOVERY), to));
    }
}
