package dev.petrel.health;

import dev.petrel.health.DeliveryHealth.Copy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.Function;

/**
 * The latest submissions that are of age, in the order they were made: the one place where arrivals and silence are
 * compared fairly.
 *
 * <p>A window over verdicts in the order they come would be drowned by fast good ones: a good receipt is there after
 * three seconds, silence after ten, so a provider that loses everything from now on looks good for as long as receipts of
 * earlier messages come in, and one that loses two thirds at a growing rate looks good for ever. Here both kinds wait for
 * the same age. The verdict of a copy is read anew each time, so silence that ends in a delivery after all turns good.
 */
final class Cohort {
    static final int SIZE = 50;
    /** Of fewer than these nothing is said: two lost in a row are chance. */
    static final int FEWEST = 4;

    private static final long OLDEST = Duration.ofMinutes(10).toNanos();

    private final ArrayDeque<Copy> latest = new ArrayDeque<>(SIZE + 1);

    void add(Copy copy) {
        latest.add(copy);
        if (latest.size() > SIZE) {
            latest.remove();
        }
    }

    Tally tally(long now) {
        return tally(now, Copy::verdict);
    }

    Tally tally(long now, Function<Copy, Verdict> verdictOf) {
        while (!latest.isEmpty() && now - latest.element().submittedAt > OLDEST) {
            latest.remove();
        }
        int lost = 0;
        int judged = 0;
        for (Copy copy : latest) {
            Verdict verdict = verdictOf.apply(copy);
            lost += verdict == Verdict.LOST ? 1 : 0;
            judged += verdict == Verdict.LOST || verdict == Verdict.ARRIVED ? 1 : 0;
        }
        return new Tally(lost, judged);
    }

    void clear() {
        latest.clear();
    }
}
