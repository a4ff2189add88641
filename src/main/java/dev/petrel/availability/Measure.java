package dev.petrel.availability;

import dev.petrel.availability.CountryState.State;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the requests of a while come to.
 *
 * @param requests how many there were, those included that nobody has begun
 * @param inHand how many of them came into hand in time
 * @param latencies of those, in milliseconds, sorted
 */
record Measure(long requests, long inHand, long[] latencies) {
    static final long RECENT_MILLIS = 60_000;
    static final long FEW_MILLIS = 600_000;
    /** Fewer than these say too little. */
    static final int ENOUGH = 10;

    /** Of the last minute, if that holds enough; else of the last few. */
    static Measure of(List<Judged> judged, long now) {
        List<Judged> recent = judged.stream()
                .filter(one -> now - one.requestedAt() <= RECENT_MILLIS)
                .toList();
        if (weight(recent) >= ENOUGH) {
            return of(recent);
        }
        return of(judged.stream()
                .filter(one -> now - one.requestedAt() <= FEW_MILLIS)
                .sorted(Comparator.comparingLong(Judged::requestedAt).reversed())
                .limit(ENOUGH)
                .toList());
    }

    private static Measure of(List<Judged> judged) {
        long[] latencies = new long[judged.size()];
        int count = 0;
        long inHand = 0;
        for (Judged one : judged) {
            if (one.inHand()) {
                latencies[count++] = one.latency();
                inHand += one.weight();
            }
        }
        long[] sorted = Arrays.copyOf(latencies, count);
        Arrays.sort(sorted);
        return new Measure(weight(judged), inHand, sorted);
    }

    private static long weight(List<Judged> judged) {
        long weight = 0;
        for (Judged one : judged) {
            weight += one.weight();
        }
        return weight;
    }

    /** With these besides, of which none is in hand. */
    Measure and(long notBegun) {
        return notBegun == 0 ? this : new Measure(requests + notBegun, inHand, latencies);
    }

    boolean enough() {
        return requests >= ENOUGH;
    }

    /** Null where nothing was measured. */
    @Nullable
    State state() {
        if (requests == 0) {
            return null;
        }
        if (inHand * 2 < requests) {
            return State.DOWN;
        }
        return inHand * 10 < requests * 9 ? State.DEGRADED : State.OK;
    }

    /** Of a thousand, rounded down: what is shown as 0.9 is no less. */
    @Nullable
    Double share() {
        return requests == 0 ? null : inHand * 1000 / requests / 1000.0;
    }

    @Nullable
    Double seconds(int percent) {
        return latencies.length == 0 ? null : percentile(latencies, percent) / 1000.0;
    }

    /** By the nearest rank. */
    static long percentile(long[] sorted, int percent) {
        return sorted[Math.max(0, (sorted.length * percent + 99) / 100 - 1)];
    }
}
