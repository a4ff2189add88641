package dev.petrel.health;

import java.time.Duration;
import java.util.ArrayDeque;

/**
 * The latest final receipts in the order they came: a provider that says itself that nothing arrives is believed at
 * once.
 *
 * <p>Bad receipts often come faster than good ones. So the bad ones must be more than half not only of the receipts but
 * of all submissions between the oldest and the youngest they are about: even if all that is still awaited arrives, most
 * was lost. Otherwise a provider that loses a third would be condemned in the seconds after each quiet time. Receipts
 * later than {@code failover-after} are left out; their silence was judged long before.
 */
final class FinalReceipts {
    private static final int SIZE = 50;
    private static final int FEWEST = 10;
    private static final long OLDEST = Duration.ofMinutes(10).toNanos();

    private final ArrayDeque<Heard> latest = new ArrayDeque<>(SIZE + 1);

    /** @param number of the submission, counted by provider and country */
    void add(long now, long number, boolean delivered) {
        latest.add(new Heard(now, number, delivered));
        if (latest.size() > SIZE) {
            latest.remove();
        }
    }

    Tally tally(long now) {
        while (!latest.isEmpty() && now - latest.element().at > OLDEST) {
            latest.remove();
        }
        int lost = 0;
        for (Heard heard : latest) {
            lost += heard.delivered ? 0 : 1;
        }
        return new Tally(lost, latest.size());
    }

    boolean bad(long now) {
        Tally tally = tally(now);
        return tally.judged() >= FEWEST && tally.mostAreLost() && tally.lost() * 2L > span();
    }

    private long span() {
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        for (Heard heard : latest) {
            first = Math.min(first, heard.number);
            last = Math.max(last, heard.number);
        }
        return last - first + 1;
    }

    void clear() {
        latest.clear();
    }

    private record Heard(long at, long number, boolean delivered) {}
}
