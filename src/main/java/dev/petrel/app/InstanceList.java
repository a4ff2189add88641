package dev.petrel.app;

import dev.petrel.console.InstanceLine;
import dev.petrel.kafka.InstanceReader;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Which instances are there, and what does each of them do? */
record InstanceList() implements Inquiry {
    /** Three lines that should have come did not. */
    private static final Duration SILENT = Duration.ofSeconds(7);

    @Override
    public int answer(Settings settings, Instant now, Consumer<String> out, Consumer<String> err) {
        List<InstanceLine> lines = new InstanceReader(settings.kafka()).read();
        lines.forEach(line -> out.accept(words(line, now)));
        if (lines.isEmpty()) {
            err.accept("no instance runs, or none could ever write its line");
            return Main.FAILED;
        }
        return Main.OK;
    }

    static String words(InstanceLine line, Instant now) {
        Duration age = Duration.between(line.at(), now);
        String state = age.compareTo(SILENT) > 0
                ? "silent for " + age.toSeconds() + " s"
                : line.ready() ? "ready" : "not ready";
        String partitions = line.partitions().isEmpty()
                ? "no partitions"
                : "partitions "
                        + line.partitions().stream()
                                .sorted()
                                .map(String::valueOf)
                                .collect(Collectors.joining(" "));
        return String.format(
                Locale.ROOT,
                "%s  %s  %s  in flight %d  held %d  lease %.1f s  %s",
                line.instance(),
                state,
                partitions,
                line.inFlight(),
                line.held(),
                line.leaseAge().toMillis() / 1000.0,
                new TreeMap<>(line.providers())
                        .entrySet().stream().map(InstanceList::words).collect(Collectors.joining(", ")));
    }

    private static String words(Map.Entry<String, InstanceLine.Provider> entry) {
        InstanceLine.Provider provider = entry.getValue();
        String shut = provider.shut();
        return entry.getKey() + " breaker " + provider.breaker() + ", " + provider.inFlight() + " out"
                + (shut == null ? "" : ", passed over: " + shut);
    }
}
