package dev.petrel.kafka;

import dev.petrel.metrics.Meters;
import dev.petrel.time.Time;
import java.time.Duration;

/**
 * How far our clock is from the brokers', as far as acknowledgements prove it: a record was written after we handed it
 * over and before we were told so. Of the last minute or two the worst counts, whichever broker it was; 0 where nothing
 * was written.
 *
 * <p>Safe for any thread.
 */
final class ClockSkew {
    private static final long WINDOW_NANOS = Duration.ofMinutes(1).toNanos();

    private final Time time;
    private long windowStart;
    private long worst;
    private long worstBefore;

    ClockSkew(Time time, Meters meters) {
        this.time = time;
        this.windowStart = time.nanos();
        meters.gauge(
                "petrel.clock.skew",
                "How far our clock is ahead of the brokers', at least; negative where it is behind",
                "seconds",
                () -> millis() / 1000.0);
    }

    /**
     * All in milliseconds since the epoch.
     *
     * @param written by the broker's clock, the others by ours
     */
    synchronized void acknowledged(long handedOver, long written, long told) {
        turn();
        long skew = written < handedOver ? handedOver - written : Math.min(0, told - written);
        if (Math.abs(skew) > Math.abs(worst)) {
            worst = skew;
        }
    }

    synchronized long millis() {
        turn();
        return Math.abs(worst) >= Math.abs(worstBefore) ? worst : worstBefore;
    }

    private void turn() {
        long past = time.nanos() - windowStart;
        if (past >= WINDOW_NANOS) {
            worstBefore = past < 2 * WINDOW_NANOS ? worst : 0;
            worst = 0;
            windowStart = time.nanos();
        }
    }
}
