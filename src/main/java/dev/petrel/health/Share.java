package dev.petrel.health;

import java.time.Duration;

/** One in twenty, and at least one a second: enough to learn from, too few to hurt. */
final class Share {
    private static final int ONE_IN = 20;
    private static final long AT_LEAST_EVERY = Duration.ofSeconds(1).toNanos();

    private int asked;
    private boolean taken;
    private long lastTaken;

    /** @param counts false for who asks again: it may be the one of its second, but isn't one more of twenty */
    boolean take(long now, boolean counts) {
        asked += counts ? 1 : 0;
        if (taken && now - lastTaken < AT_LEAST_EVERY && !(counts && asked >= ONE_IN)) {
            return false;
        }
        asked = 0;
        taken = true;
        lastTaken = now;
        return true;
    }
}
