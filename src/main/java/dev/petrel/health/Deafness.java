package dev.petrel.health;

import dev.petrel.health.DeliveryHealth.Copy;
import dev.petrel.health.DeliveryHealth.Silence;
import dev.petrel.metrics.Alarm;
import dev.petrel.metrics.Alert;
import dev.petrel.metrics.Meters;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether it is we who don't hear.
 *
 * <p>A copy is <em>unheard</em> when it is old enough ({@code failover-after}/2) and nobody at all was heard since it
 * was. Its silence says nothing of its provider: it is just as if our ears were shut. That somebody was heard
 * <em>before</em> is no excuse: when our webhooks are cut off, what was sent three seconds earlier is old enough while the
 * last receipt is only seven seconds old. With less than ten unheard copies that still wait (a message a minute, at
 * night) this can't be told, and silence counts.
 *
 * <p>Ears make all unheard copies heard at once, so these are a number that goes back to zero and an epoch that goes up;
 * nothing is ever scanned.
 *
 * <pre>
 * cut off at 0 s, receipts take 3 s: the copies of −3 s are unheard from 7 s on; at the tenth NOBODY is heard;
 *   17 s  the first clock runs out: self call, probes (1 in 20)
 *   18 s  the self call failed: DEAF; it is repeated every 5 s, and once it is answered what was submitted until then is
 *         excused, and all begins anew
 *   37 s  or: the self call was answered, but the first probe is silent too: DEAF
 *   60 s  the first receipt: over; what was submitted until 60 s is excused
 * A silent from 0 s, B idle: nobody is heard from 10 s on; from then on 1 in 20 new requests goes to B first
 *   13 s  B's first receipt: over; we listen for A, see {@link Hearing}
 *   14 s  A is still silent: bad
 * </pre>
 */
final class Deafness {
    private static final Logger log = LoggerFactory.getLogger(Deafness.class);

    private static final int MANY = 10;
    /** Where ears come many times a second, ten unheard copies between two of them are nothing. */
    private static final long QUIET = Duration.ofSeconds(1).toNanos();

    /** One call that failed may have been a blip, and must not stop failover for the rest of an outage. */
    private static final long CALL_AGAIN_AFTER = Duration.ofSeconds(5).toNanos();

    private static final int PROBES_REMEMBERED = 10_000;

    private final SelfCall selfCall;
    private final Share probes = new Share();
    private final Alarm alarm;
    private long epoch;
    private long lastEar;
    private int unheard;
    private boolean nobody;
    private long nobodySince;
    private @Nullable Doubt doubt;
    private volatile boolean deaf;

    Deafness(SelfCall selfCall, Meters meters, Alarm alarm, long now) {
        this.selfCall = selfCall;
        this.alarm = alarm;
        this.lastEar = now;
        meters.gauge(
                "petrel.receipts.silent",
                "1 while no provider's receipts reach us, and not for the providers' fault",
                null,
                () -> deaf ? 1 : 0);
    }

    /** @return the present stretch between two ears */
    long epoch() {
        return epoch;
    }

    /** Nobody is heard, and many wait. */
    boolean nobodyIsHeard() {
        return nobody;
    }

    long nobodySince() {
        return nobodySince;
    }

    long lastEar() {
        return lastEar;
    }

    /** Whether nobody was heard already when this copy was submitted, nor has been since. */
    boolean unheardWhen(Copy copy) {
        return nobody && copy.submittedAt >= nobodySince;
    }

    boolean deaf() {
        return deaf;
    }

    void unheardToo(Copy copy) {
        copy.unheardIn = epoch;
        unheard++;
    }

    /** @return whether it was the last one of a time in which nobody was heard: there is nothing left to be in doubt of */
    boolean noLongerWaits(Copy copy) {
        if (copy.unheardIn != epoch) {
            return false;
        }
        copy.unheardIn = Copy.HEARD;
        unheard--;
        return nobody && unheard == 0;
    }

    void watch(long now, long failoverAfter) {
        if (!nobody && unheard >= MANY && now - lastEar >= QUIET) {
            nobody = true;
            nobodySince = now;
        }
        Doubt asking = doubt;
        if (asking == null) {
            return;
        }
        if (!deaf && asking.probing && now - asking.probingSince >= failoverAfter) {
            declareDeaf("probes are silent too");
        }
        if (asking.unreachable && !asking.calling && now - asking.calledAt >= CALL_AGAIN_AFTER) {
            call(asking, now);
        }
    }

    /** What to do about a copy whose clock has run out while nobody is heard. */
    Silence ask(Copy copy, long now) {
        Doubt asking = doubt == null ? beginToDoubt(now) : doubt;
        boolean firstTime = copy.askedIn != epoch;
        copy.askedIn = epoch;
        if (deaf) {
            return Silence.DEAF;
        }
        if (!probes.take(now, firstTime)) {
            return Silence.UNDECIDED;
        }
        asking.add(copy.requestId);
        return Silence.FAIL_OVER;
    }

    private Doubt beginToDoubt(long now) {
        Doubt asking = new Doubt();
        doubt = asking;
        call(asking, now);
        return asking;
    }

    private void call(Doubt asking, long now) {
        asking.calling = true;
        asking.calledAt = now;
        Future.succeededFuture(selfCall).compose(SelfCall::reachable).onComplete(answer -> {
            asking.calling = false;
            asking.reachable = answer.succeeded() && Boolean.TRUE.equals(answer.result());
            if (!asking.reachable && doubt == asking && !deaf) {
                asking.unreachable = true;
                declareDeaf("our public URL does not answer");
            }
        });
    }

    /** We were deaf because our public URL did not answer, and now it does. */
    boolean reachableAgain() {
        return doubt != null && doubt.unreachable && doubt.reachable;
    }

    /**
     * Whether we can be reached, as far as we can tell by ourselves; asks first if nobody has. For where no probe can
     * tell, because there is nobody else who gives receipts.
     */
    boolean reachable(long now) {
        Doubt asking = doubt == null ? beginToDoubt(now) : doubt;
        return asking.reachable && !deaf;
    }

    void submitted(String requestId, boolean reports, long now) {
        if (reports && doubt != null && !doubt.probing && doubt.probes.contains(requestId)) {
            doubt.probing = true;
            doubt.probingSince = now;
            doubt.probes.clear();
        }
    }

    private void declareDeaf(String why) {
        deaf = true;
        alarm.raise(
                Alert.RECEIPTS_SILENT,
                () -> log.warn("no provider's receipts reach us, {} codes wait, and {}", unheard, why));
    }

    void heard(long now) {
        lastEar = now;
        over();
    }

    void over() {
        if (deaf) {
            log.info("receipts reach us again, or may do so, or nobody waits for one");
        }
        epoch++;
        unheard = 0;
        nobody = false;
        doubt = null;
        deaf = false;
    }

    /** From the first clock that ran out while nobody was heard. */
    private static final class Doubt {
        /** Those who were told to fail over, until the first has. */
        final Set<String> probes = new LinkedHashSet<>();

        boolean calling;
        long calledAt;
        boolean reachable;
        /** We are deaf because a call failed. */
        boolean unreachable;

        boolean probing;
        long probingSince;

        void add(String requestId) {
            if (probing) {
                return;
            }
            probes.add(requestId);
            if (probes.size() > PROBES_REMEMBERED) {
                Iterator<String> oldest = probes.iterator();
                oldest.next();
                oldest.remove();
            }
        }
    }
}
