package dev.petrel.health;

import dev.petrel.health.DeliveryHealth.Copy;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.function.BooleanSupplier;

/**
 * Whether the carriers behind a provider report from the handsets of this country, which is what makes silence after
 * {@code sent} mean something: four fifths of 50 submissions were delivered within {@code failover-after}.
 *
 * <p>An outage in which a provider stops at {@code sent} looks just like carriers that don't report, so it must not
 * write the record by which it is judged. Freezing the record once the provider is bad is not enough: below two
 * messages a second, eleven lost ones are of age {@code failover-after} before 26 are half that age and make it bad; the
 * record would fall below four fifths, the clocks would stop, and the outage would never be seen. So the record lags by
 * as many as the window of the verdict holds: it is the 50 <em>before</em> the latest 50. What is among the latest when
 * the provider goes bad is thrown away, and nothing is added until it is good again. Until 50 are known that way, the
 * oldest of the latest fill in.
 *
 * <p>A process that starts in the middle of such an outage has no record: while fewer than 50 are known, what others
 * have found out is believed.
 *
 * <p>What remains is a loss of less than half that lasts: it does become the record, as it should. Silence that may be
 * our own deafness is left out.
 */
final class HandsetReports {
    static final int SIZE = 50;
    private static final int FEWEST_DELIVERED = SIZE * 4 / 5;

    private final ArrayDeque<Copy> young = new ArrayDeque<>();
    private final ArrayDeque<Boolean> latest = new ArrayDeque<>(SIZE + 1);
    private final ArrayDeque<Boolean> record = new ArrayDeque<>(SIZE + 1);

    private final BooleanSupplier believed;

    /** @param believed whether others have found out that they report */
    HandsetReports(BooleanSupplier believed) {
        this.believed = believed;
    }

    void submitted(Copy copy) {
        young.add(copy);
    }

    /** @param age from which on a copy is judged */
    void advance(long now, long age) {
        while (!young.isEmpty() && now - young.element().submittedAt >= age) {
            Copy copy = young.remove();
            if (copy.tellsOfHandsets()) {
                add(copy.deliveredWithin(age));
            }
        }
    }

    private void add(boolean delivered) {
        latest.add(delivered);
        if (latest.size() > SIZE) {
            record.add(latest.remove());
        }
        if (record.size() > SIZE) {
            record.remove();
        }
    }

    /** The provider is bad, or good again after it was: of what happens meanwhile nothing is kept. */
    void forgetLatest() {
        young.clear();
        latest.clear();
    }

    boolean come() {
        int known = 0;
        int delivered = 0;
        Iterator<Boolean> fillingIn = latest.iterator();
        for (boolean one : record) {
            known++;
            delivered += one ? 1 : 0;
        }
        while (known < SIZE && fillingIn.hasNext()) {
            known++;
            delivered += fillingIn.next() ? 1 : 0;
        }
        return known == SIZE ? delivered >= FEWEST_DELIVERED : believed.getAsBoolean();
    }
}
