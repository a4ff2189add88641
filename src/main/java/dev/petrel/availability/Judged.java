package dev.petrel.availability;

/**
 * A request that says something of SMS.
 *
 * @param latency in milliseconds, until it was in hand; {@link #NOT_IN_HAND} where it is not, or was too late
 * @param weight how many requests this one stands for
 */
record Judged(long requestedAt, long latency, int weight) {
    static final long NOT_IN_HAND = -1;

    boolean inHand() {
        return latency != NOT_IN_HAND;
    }
}
