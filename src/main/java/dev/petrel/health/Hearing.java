package dev.petrel.health;

import java.time.Duration;

/**
 * Whether one provider and country's silence in a time when nobody was heard is held against it.
 *
 * <p>The first receipt after such a time doesn't tell: it may be another provider's, which says that this one was silent
 * all the while, or our ears are open again and this one's would have been next. So we listen: as many of its messages
 * as come of age in the meantime should be heard of, if it delivers. Five of age, and at least a second; heard of fewer
 * than half as many: it was silent by itself, and its silence counts from then on without more ado, until one of its
 * copies is heard of in time again. Otherwise what it took before our ears opened is excused. Where less than five came
 * of age in {@code failover-after}/2, those that the provider took for other countries tell; where these are too few as
 * well, so are the silent ones, and they simply count.
 *
 * <p>Only copies heard of before they are of age are counted: old receipts of handsets that were switched on again come
 * in during an outage too.
 */
final class Hearing {
    private static final int ENOUGH = 5;
    private static final long AT_LEAST = Duration.ofSeconds(1).toNanos();

    private final Heard everywhere;
    private boolean listening;
    private long since;
    private Heard before = new Heard();
    private long deafUntil;
    private Heard here = new Heard();
    private boolean silentByItself;
    private boolean anyExcused;
    private long excusedUntil;

    /** @param everywhere what is counted of the provider in all countries together */
    Hearing(Heard everywhere) {
        this.everywhere = everywhere;
    }

    /** Of copies that came of age while somebody is heard, and of those heard of in time. */
    static final class Heard {
        private long ofAge;
        private long inTime;

        private Heard copy() {
            Heard copy = new Heard();
            copy.ofAge = ofAge;
            copy.inTime = inTime;
            return copy;
        }

        private Heard since(Heard before) {
            Heard since = new Heard();
            since.ofAge = ofAge - before.ofAge;
            since.inTime = inTime - before.inTime;
            return since;
        }

        private boolean tells() {
            return ofAge >= ENOUGH;
        }

        private boolean silent() {
            return inTime * 2 < ofAge;
        }
    }

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
            here = new Heard();
            before = everywhere.copy();
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
        here.ofAge++;
        everywhere.ofAge++;
    }

    void heardInTime() {
        here.inTime++;
        everywhere.inTime++;
        silentByItself = false;
    }

    /** Not while nobody is heard. */
    void settle(long now, long longest) {
        if (!listening || now - since < AT_LEAST) {
            return;
        }
        if (here.tells()) {
            decide(here);
        } else if (now - since >= longest) {
            decide(everywhere.since(before));
        }
    }

    private void decide(Heard heard) {
        listening = false;
        if (heard.tells() && heard.silent()) {
            silentByItself = true;
        } else if (heard.tells()) {
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
        return anyExcused && submittedAt < excusedUntil;
    }

    void recovered() {
        listening = false;
        silentByItself = false;
    }
}
