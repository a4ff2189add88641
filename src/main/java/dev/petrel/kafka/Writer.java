package dev.petrel.kafka;

import java.util.random.RandomGenerator;

/**
 * Who writes statuses.
 *
 * @param start tells one run of an instance from the next, and two that were given the same name by mistake
 */
record Writer(String instance, String start) {
    private static final long BITS_48 = (1L << 48) - 1;

    static Writer atStart(String instance, RandomGenerator random) {
        return new Writer(instance, Long.toString(random.nextLong() & BITS_48, 36));
    }
}
