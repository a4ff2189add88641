package dev.petrel.health;

import dev.petrel.health.DeliveryHealth.Copy;
import java.time.Duration;
import java.util.ArrayDeque;

/**
 * The few requests that try a provider which is out, and what became of them: three arrivals in a row, and it is good
 * again.
 *
 * <p>In a row means in the order they were submitted. In the order their verdicts come, the fast good ones of a provider
 * that loses half would stand together before the first silence is told.
 *
 * <p>Where handsets do not report, {@code sent} is the best word there is: without a bad receipt for
 * {@code failover-after} it has to do as an arrival, or nobody would ever be back there.
 *
 * <p>A code that nobody typed says little, as many codes are not typed in good times either. Where only typing counts,
 * the row breaks when so many in it were not typed that twice as many as usual would have been needed for three.
 */
final class Trickle {
    private static final long EVERY = Duration.ofSeconds(2).toNanos();
    private static final int ONE_IN = 5;
    private static final int IN_A_ROW = 3;
    /** Where providers are tried as a last resort, the row may be long; more than this tells nothing more. */
    private static final int MOST = 1000;

    private final ArrayDeque<Copy> row = new ArrayDeque<>();
    private final boolean onlyTypingCounts;
    private final int percentTyped;
    private int arrived;
    private int notTyped;
    private int asked;
    private boolean taken;
    private long lastTaken;

    Trickle(boolean onlyTypingCounts, int percentTyped) {
        this.onlyTypingCounts = onlyTypingCounts;
        this.percentTyped = Math.max(1, percentTyped);
    }

    boolean mayTry(long now) {
        asked++;
        if (asked < ONE_IN || taken && now - lastTaken < EVERY) {
            return false;
        }
        asked = 0;
        taken = true;
        lastTaken = now;
        return true;
    }

    void submitted(Copy copy) {
        if (row.size() < MOST) {
            row.add(copy);
        }
    }

    boolean recovered(long now, long failoverAfter) {
        while (!row.isEmpty() && arrived < IN_A_ROW) {
            Verdict verdict = verdictOf(row.element(), now, failoverAfter);
            if (verdict == Verdict.OPEN) {
                return false;
            }
            row.remove();
            count(verdict);
        }
        return arrived >= IN_A_ROW;
    }

    private Verdict verdictOf(Copy copy, long now, long failoverAfter) {
        if (copy.verified()) {
            return Verdict.ARRIVED;
        }
        if (copy.reports && !onlyTypingCounts) {
            return copy.verdictIfSentDoes(failoverAfter);
        }
        if (now - copy.submittedAt < Conversion.AGE.toNanos()) {
            return Verdict.OPEN;
        }
        return copy.alone() ? Verdict.LOST : Verdict.NEUTRAL;
    }

    private void count(Verdict verdict) {
        if (verdict == Verdict.ARRIVED) {
            arrived++;
        } else if (verdict == Verdict.LOST) {
            notTyped++;
            if (!onlyTypingCounts || notTyped * percentTyped > 2 * IN_A_ROW * 100) {
                arrived = 0;
                notTyped = 0;
            }
        }
    }
}
