package dev.petrel.web;

import java.time.Duration;
import java.util.function.LongSupplier;

/** So many at once, and one more with each interval. Used on one event loop. */
final class Bucket {
    private final int most;
    private final long interval;
    private final LongSupplier nanos;
    private long left;
    private long filledAt;

    /** @param nanos monotonic */
    Bucket(int most, Duration interval, LongSupplier nanos) {
        this.most = most;
        this.interval = interval.toNanos();
        this.nanos = nanos;
        this.left = most;
        this.filledAt = nanos.getAsLong();
    }

    boolean take() {
        long more = (nanos.getAsLong() - filledAt) / interval;
        left = Math.min(most, left + more);
        filledAt += more * interval;
        if (left == 0) {
            return false;
        }
        left--;
        return true;
    }
}
