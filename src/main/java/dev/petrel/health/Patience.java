package dev.petrel.health;

import java.util.Arrays;

/**
 * From which age on silence counts against a provider in a country: twice what 95 of 100 of its own deliveries take, but
 * not less than half of {@code failover-after}, and not more than all of it. Whose receipts take twelve seconds is not
 * silent at ten.
 *
 * <p>Measured on what was delivered within {@code failover-after}: what comes later was taken for silence, and a few
 * handsets that were switched off must not make everybody wait. A provider that becomes slow all of a sudden looks silent
 * at first.
 */
final class Patience {
    private static final int SIZE = 50;

    private final int[] millis = new int[SIZE];
    private int delivered;
    private boolean isDue;
    private long twice;

    void delivered(long nanos) {
        millis[delivered++ % SIZE] = (int) (nanos / 1_000_000);
        isDue = true;
    }

    long age(long failoverAfter) {
        if (isDue) {
            isDue = false;
            int[] sorted = Arrays.copyOf(millis, Math.min(delivered, SIZE));
            Arrays.sort(sorted);
            twice = 2_000_000L * sorted[(sorted.length * 95 + 99) / 100 - 1];
        }
        return Math.max(failoverAfter / 2, Math.min(twice, failoverAfter));
    }
}
