package dev.petrel.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What calls came to, by status, and how long the answers took. */
final class Answers {
    static final String CUT = "cut";
    static final String UNCONNECTED = "unconnected";

    private final Map<String, Long> counts = new TreeMap<>();
    private long[] nanos = new long[1024];
    private int answered;

    void add(String status, long took) {
        count(status);
        if (answered == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * answered);
        }
        nanos[answered++] = took;
    }

    /** One without an answer. */
    void count(String end) {
        counts.merge(end, 1L, Long::sum);
    }

    /** On one line. */
    String tell(double seconds) {
        String all = counts.isEmpty()
                ? "none"
                : counts.entrySet().stream()
                        .map(entry -> String.format(
                                Locale.ROOT,
                                "%s %d (%.0f/s)",
                                entry.getKey(),
                                entry.getValue(),
                                entry.getValue() / seconds))
                        .collect(Collectors.joining(", "));
        if (answered == 0) {
            return all;
        }
        Arrays.sort(nanos, 0, answered);
        return String.format(
                Locale.ROOT,
                "%s; 50 %% within %.1f ms, 95 %% %.1f ms, 99 %% %.1f ms",
                all,
                within(0.50) / 1e6,
                within(0.95) / 1e6,
                within(0.99) / 1e6);
    }

    private long within(double share) {
        return nanos[Math.min(answered - 1, (int) (share * answered))];
    }
}
