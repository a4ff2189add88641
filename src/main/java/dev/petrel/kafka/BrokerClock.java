package dev.petrel.kafka;

import java.time.Duration;
import java.time.Instant;

/**
 * What time it is by the brokers' clock: timestamps of records are theirs, and ages must not be taken between two clocks.
 * Of all records heard within the last minute or two, the one that came quickest tells how far ours is ahead.
 */
final class BrokerClock {
    private static final long WINDOW_MILLIS = Duration.ofMinutes(1).toMillis();
    private static final long UNKNOWN = Long.MAX_VALUE;

    private long windowStart;
    private long quickest = UNKNOWN;
    private long quickestBefore = UNKNOWN;

    /**
     * A record has come that was written a moment ago.
     *
     * @param now by our clock
     */
    void heard(long timestamp, Instant now) {
        long millis = now.toEpochMilli();
        if (millis - windowStart > WINDOW_MILLIS) {
            windowStart = millis;
            quickestBefore = quickest;
            quickest = UNKNOWN;
        }
        quickest = Math.min(quickest, millis - timestamp);
    }

    /** @param now by our clock; stays so where nothing was heard */
    Instant at(Instant now) {
        long ahead = Math.min(quickest, quickestBefore);
        return ahead == UNKNOWN ? now : now.minusMillis(ahead);
    }
}
