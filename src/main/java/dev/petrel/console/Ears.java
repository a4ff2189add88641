package dev.petrel.console;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether anybody's receipts come. Where nobody's do, it is most likely Petrel that does not hear, and silence says nothing
 * of a provider.
 */
final class Ears {
    private static final int REMEMBERED = 64;
    private static final int ENOUGH = 5;
    private static final long LATELY = Duration.ofMinutes(1).toMillis();
    private static final long NEVER = Long.MIN_VALUE;

    private final long[] takenAt = new long[REMEMBERED];
    private final long[] missedAt = new long[REMEMBERED];
    private int missed;
    private long lastHeard = NEVER;

    /** A receipt has come, whosever it is. */
    void heard(long atMillis) {
        lastHeard = Math.max(lastHeard, atMillis);
    }

    /** Of a code that was taken then no receipt has come in time. */
    void missed(long takenAtMillis, long atMillis) {
        takenAt[missed % REMEMBERED] = takenAtMillis;
        missedAt[missed % REMEMBERED] = atMillis;
        missed++;
    }

    /** How many codes of the last minute have missed their receipt, with none for anybody since they were taken. */
    int missedByAll(Instant now) {
        long since = now.toEpochMilli() - LATELY;
        int count = 0;
        for (int each = 0; each < Math.min(missed, REMEMBERED); each++) {
            count += missedAt[each] >= since && takenAt[each] > lastHeard ? 1 : 0;
        }
        return count;
    }

    boolean areDeaf(Instant now) {
        return missedByAll(now) >= ENOUGH;
    }

    /** The last receipt; null: none was seen. */
    @Nullable
    Instant lastHeard() {
        return lastHeard == NEVER ? null : Instant.ofEpochMilli(lastHeard);
    }
}
