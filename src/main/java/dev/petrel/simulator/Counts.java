package dev.petrel.simulator;

import java.util.SortedMap;

/**
 * What one provider has counted since its start, or since its calls were forgotten.
 *
 * @param taken requests read to their end
 * @param accepted of these, answered as taken in an answer that can be read
 * @param answered how many answers were given, by HTTP status
 * @param waiting now: the answer comes after the latency
 * @param hanging now: in the black hole, with the connection still open
 * @param reset connections reset after reading
 * @param closed requests whose connection closed before there was an answer
 * @param destinations different numbers among those taken; no longer counted beyond 4,194,304
 * @param kept calls that can be looked at now
 * @param receipts those that were sent to who asked for them
 */
public record Counts(
        long taken,
        long accepted,
        SortedMap<Integer, Long> answered,
        long waiting,
        long hanging,
        long reset,
        long closed,
        long destinations,
        int kept,
        Receipts receipts) {

    /**
     * Every copy of a receipt counts by itself, however often it is tried.
     *
     * @param sent tried at least once
     * @param acknowledged of these, answered with 2xx
     * @param failed of these, given up; what is neither is still under way
     */
    public record Receipts(long sent, long acknowledged, long failed) {}
}
