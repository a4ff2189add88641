package dev.petrel.console;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How long things took, in buckets that grow by a quarter of their octave: what comes out is within 20 % of what went in,
 * for 350 bytes.
 */
final class Latencies {
    private static final int STEPS = 4;
    private static final int EXACT = 8;
    private static final int OCTAVES = 18;
    private static final int BUCKETS = EXACT + STEPS * OCTAVES;

    private final int[] counts = new int[BUCKETS];
    private int total;

    void add(long millis) {
        counts[bucket(Math.max(0, millis))]++;
        total++;
    }

    int count() {
        return total;
    }

    void addAll(Latencies others) {
        for (int each = 0; each < BUCKETS; each++) {
            counts[each] += others.counts[each];
        }
        total += others.total;
    }

    void clear() {
        if (total > 0) {
            Arrays.fill(counts, 0);
            total = 0;
        }
    }

    /** In seconds, at least as long as this share of all took; null where there were none. */
    @Nullable
    Double seconds(double share) {
        if (total == 0) {
            return null;
        }
        long wanted = Math.max(1, (long) Math.ceil(total * share));
        long passed = 0;
        for (int each = 0; each < BUCKETS; each++) {
            passed += counts[each];
            if (passed >= wanted) {
                return middle(each) / 1000.0;
            }
        }
        throw new IllegalStateException("the buckets hold fewer than their total");
    }

    private static int bucket(long millis) {
        if (millis < EXACT) {
            return (int) millis;
        }
        int octave = 63 - Long.numberOfLeadingZeros(millis); // 3 for 8 to 15
        int step = (int) (millis >> octave - 2) & STEPS - 1;
        return Math.min(BUCKETS - 1, EXACT + (octave - 3) * STEPS + step);
    }

    private static long middle(int bucket) {
        if (bucket < EXACT) {
            return bucket;
        }
        int octave = (bucket - EXACT) / STEPS + 3;
        long width = 1L << octave - 2;
        return (1L << octave) + (bucket - EXACT) % STEPS * width + width / 2;
    }
}
