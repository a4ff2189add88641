package dev.petrel.health;

import java.time.Duration;

/**
 * Whether one provider and country's silence in a time when nobody was heard is held against it.
 *
 * <p>The first receipt after such a time doesn't tell: it may be another provider's, which says that this one was silent
 * all the while, or our ears are open again and this one's would have been next. So we listen: as many of its messages
 * as come of age in the meantime should be heard of, if it delivers. Five of age, and at least a second; heard of fewer
 * than half as many: it was silent by itself, and its silence counts from then on without more ado, until one of its
 * copies is heard of in time again. Otherwise what it took before our ears opened is excused. So it is where less than
 * five came of age in {@code failover-after}/2: too few to tell.
 *
 * <p>Only copies heard of before they are of age are counted: old receipts of handsets that were switched on again come
 * in during an outage too.
 */
final class Hearing {
    private static final int ENOUGH = 5;
    private static final long AT_LEAST = Duration.ofSeconds(1).toNanos();

    private boolean listening;
    private long since;
    private long deafUntil;
    private int ofAge;
    private int heard;
    private boolean silentByItself;
    private boolean anyExcused;
    private long excusedUntil;

    /** Somebody was heard again after nobody was; the time while nobody was isn't counted as listening. */
    void nobodyWasHeard(long now, long nobodySince) {
        if (silentByItself) {
            return;
        }
        if (listening) {
            since += now - nobodySince;
        } else {
            listening = true;
            since = now;
            ofAge = 0;
            heard = 0;
        }
        deafUntil = now;
    }

    /** What was submitted until now is not held against it. */
    void excuse(long now) {
        listening = false;
        silentByItself = false;
        anyExcused = true;
        excusedUntil = now;
    }

    void ofAge() {
        ofAge++;
    }

    void heardInTime() {
        heard++;
        silentByItself = false;
    }

    /** Not while nobody is heard. */
    void settle(long now, long longest) {
        if (!listening || now - since < AT_LEAST) {
            return;
        }
        if (ofAge >= ENOUGH) {
            if (heard * 2 < ofAge) {
                listening = false;
                silentByItself = true;
            } else {
                excuse(deafUntil);
            }
        } else if (now - since >= longest) {
            excuse(deafUntil);
        }
    }

    boolean listening() {
        return listening;
    }

    boolean silentByItself() {
        return silentByItself;
    }

    boolean excuses(long submittedAt) {
        return anyExcused && submittedAt <= excusedUntil;
    }

    void recovered() {
        listening = false;
        silentByItself = false;
    }
}
