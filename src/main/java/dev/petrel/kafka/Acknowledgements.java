package dev.petrel.kafka;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Whether the brokers acknowledge anything, by what a producer asked them and heard. Where one partition of many has no
 * leader the others are acknowledged still, so failures alone say nothing. Any thread may tell, or ask.
 */
final class Acknowledgements {
    /**
     * Longer than brokers take under load, or we for a full collection of a small heap; and too short for many to be turned
     * away as if there were no silence: 3,000 calls a second fill their places in this time.
     */
    static final Duration SILENCE = Duration.ofMillis(300);
    /** Where nobody writes, nobody hears that it is over. */
    static final Duration FAILURE_COUNTS = Duration.ofSeconds(10);

    private final LongSupplier nanos;
    private int waiting;
    /** Something has failed since the last was acknowledged, or since there was something to wait for. */
    private boolean failed;

    private long failedAt;
    private long silentSince;

    Acknowledgements(LongSupplier nanos) {
        this.nanos = nanos;
    }

    synchronized void asked() {
        if (waiting == 0 && !isFailing()) {
            silentSince = nanos.getAsLong();
            failed = false;
        }
        waiting++;
    }

    synchronized void acknowledged() {
        waiting--;
        failed = false;
        silentSince = nanos.getAsLong();
    }

    synchronized void failed() {
        waiting--;
        failed = true;
        failedAt = nanos.getAsLong();
    }

    /** Whether something waits, or has failed some seconds ago at most, and nothing was acknowledged for a moment. */
    synchronized boolean isUnheard() {
        return (waiting > 0 || isFailing()) && nanos.getAsLong() - silentSince > SILENCE.toNanos();
    }

    private boolean isFailing() {
        return failed && nanos.getAsLong() - failedAt < FAILURE_COUNTS.toNanos();
    }
}
