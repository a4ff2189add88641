package dev.petrel.guarantees.storm;

import java.time.Instant;

/**
 * Something that went wrong.
 *
 * @param instance that it hit; empty: every one
 * @param partitions that the instance owned as it began; empty where it hit none by itself
 * @param from before it began
 * @param to when it was over
 * @param clean whether nothing may be sent twice because of it
 */
record Episode(
        Fault.Kind kind, String instance, java.util.Set<Integer> partitions, Instant from, Instant to, boolean clean) {
    boolean concerns(String other) {
        return instance.isEmpty() || instance.equals(other);
    }

    /** Whether it fell, or was going on, between the two. */
    boolean during(Instant begin, Instant end) {
        return !from.isAfter(end) && !to.isBefore(begin);
    }
}
