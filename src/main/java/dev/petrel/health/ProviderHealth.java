package dev.petrel.health;

import dev.petrel.health.DeliveryHealth.Copy;
import dev.petrel.metrics.Meters;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One provider in one country. Bad as soon as one of three views says so: the {@link Cohort}, the {@link FinalReceipts},
 * the {@link Conversion}. Bad until the {@link Trickle} says otherwise, not until a view does: a provider that gets next
 * to nothing has no views worth asking. Only where nobody is passed over, because every provider of the country is bad,
 * there is traffic enough to see it recover by its cohort.
 */
final class ProviderHealth {
    private static final Logger log = LoggerFactory.getLogger(ProviderHealth.class);

    private static final int ENOUGH_TO_RECOVER = 10;
    private static final int ENOUGH_TYPED = 3;

    final String provider;
    final Country country;
    final Hearing hearing;

    private final Ears ears;
    private final Cohort cohort = new Cohort();
    private final Patience patience = new Patience();
    private final FinalReceipts receipts = new FinalReceipts();
    private final HandsetReports handsets;
    private final Conversion conversion = new Conversion();
    private long submissions;
    private boolean recovered;
    private long recoveredAt;
    private long unheardIn = Copy.HEARD;
    private int unheard;
    private long typedIn = Copy.HEARD;
    private int typed;
    private @Nullable Trickle trickle;
    private boolean mute;
    private volatile boolean bad;

    /** What is known of all receipts together. */
    interface Ears {
        boolean nobodyIsHeard();

        long epoch();

        boolean verifiedSince(long nanos);
    }

    /** @param handsetsReport whether others have found out that they do here */
    ProviderHealth(
            String provider,
            Country country,
            Hearing.Heard everywhere,
            Ears ears,
            BooleanSupplier handsetsReport,
            Meters meters) {
        this.hearing = new Hearing(everywhere);
        this.handsets = new HandsetReports(handsetsReport);
        this.provider = provider;
        this.country = country;
        this.ears = ears;
        meters.gauge(
                "petrel.delivery.health",
                "1 where what a provider takes also arrives, 0 where it does not",
                null,
                () -> bad ? 0 : 1,
                "provider",
                provider,
                "country",
                country.name);
    }

    boolean bad() {
        return bad;
    }

    /** Its silence needs no other explanation. */
    boolean knownToBeSilent() {
        return bad || hearing.silentByItself();
    }

    boolean silenceCounts() {
        return hearing.silentByItself()
                || country.trustsOurEars(ears.epoch())
                || !ears.nobodyIsHeard() && !hearing.listening();
    }

    /** It gives no receipts. */
    boolean mute() {
        return mute;
    }

    void mute(boolean isMute) {
        mute = isMute;
    }

    /** Of its copies that became old enough to be so since anybody was heard. */
    int unheard() {
        return unheardIn == ears.epoch() ? unheard : 0;
    }

    void unheardToo() {
        if (unheardIn != ears.epoch()) {
            unheardIn = ears.epoch();
            unheard = 0;
        }
        unheard++;
    }

    /** A user typed a code that was submitted since anybody was heard, and of which there is no receipt. */
    void typedUnheard() {
        if (typedIn != ears.epoch()) {
            typedIn = ears.epoch();
            typed = 0;
        }
        typed++;
    }

    boolean typedThoughUnheard() {
        return typedIn == ears.epoch() && typed >= ENOUGH_TYPED;
    }

    /** Somebody is heard again. Codes that were typed without a receipt say that it is our ears that were shut. */
    void nobodyWasHeard(long now, long nobodySince) {
        if (typedThoughUnheard()) {
            hearing.excuse(now);
        } else {
            hearing.nobodyWasHeard(now, nobodySince);
        }
    }

    void submitted(Copy copy) {
        copy.number = submissions;
        mute = !copy.reports;
        if (copy.reports) {
            submissions++;
            if (!bad) {
                handsets.submitted(copy);
            }
        }
        if (copy.sole) {
            conversion.submitted(copy);
        }
        if (trickle != null && !country.bad()) {
            trickle.submitted(copy);
        }
    }

    void cameOfAge(Copy copy) {
        if (!ears.nobodyIsHeard()) {
            hearing.ofAge();
        }
        if (!beforeRecovery(copy)) {
            cohort.add(copy);
        }
    }

    /** From which age on its silence counts. */
    long patience(long failoverAfter) {
        return patience.age(failoverAfter);
    }

    void finalReceipt(Copy copy, long now, boolean delivered) {
        if (delivered) {
            patience.delivered(now - copy.submittedAt);
        }
        if (!beforeRecovery(copy)) {
            receipts.add(now, copy.number, delivered);
        }
    }

    private boolean beforeRecovery(Copy copy) {
        return recovered && copy.submittedAt < recoveredAt;
    }

    /** Whether the carriers of this country report handsets by way of this provider. */
    boolean reportsHandsets(long now, long failoverAfter) {
        handsets.advance(now, failoverAfter);
        return handsets.come();
    }

    void judge(long now, long failoverAfter) {
        if (!ears.nobodyIsHeard()) {
            hearing.settle(now, failoverAfter / 2);
        }
        handsets.advance(now, failoverAfter);
        conversion.advance(now, bad);
        if (trickle == null) {
            condemn(now);
        } else if (trickle.recovered(now, failoverAfter) || country.bad() && wellAgain(now)) {
            recover(now);
        }
    }

    private void condemn(long now) {
        Tally ofAge = cohort.tally(now);
        if (ofAge.lost() >= Cohort.FEWEST && ofAge.mostAreLost()) {
            tellLost(ofAge);
            goOut(false);
        } else if (receipts.bad(now)) {
            tellLost(receipts.tally(now));
            goOut(false);
        } else if (conversionIsBad(ofAge)) {
            log.warn(
                    "provider={} country={} takes codes that nobody types: {} of the latest {} were, {} % before",
                    provider,
                    country.name,
                    conversion.verifiedLatest(),
                    conversion.latest(),
                    conversion.percentBefore());
            goOut(true);
        }
    }

    private void tellLost(Tally tally) {
        log.warn(
                "provider={} country={} takes codes that do not arrive: {} of the latest {} did",
                provider,
                country.name,
                tally.judged() - tally.lost(),
                tally.judged());
    }

    /**
     * Where no code at all is said to be typed while receipts say that most arrive, it is more likely that the auth
     * service tells nobody.
     */
    private boolean conversionIsBad(Tally ofAge) {
        return conversion.bad() && (ofAge.judged() < Cohort.FEWEST || ears.verifiedSince(conversion.latestSince()));
    }

    private boolean wellAgain(long now) {
        Tally ofAge = cohort.tally(now, copy -> copy.verdictIfSentDoes(0)); // of age, and bad receipts are asked below
        return ofAge.judged() >= ENOUGH_TO_RECOVER
                && ofAge.lost() * 4 <= ofAge.judged()
                && !receipts.bad(now)
                && !conversion.bad();
    }

    private void goOut(boolean onlyTypingCounts) {
        trickle = new Trickle(onlyTypingCounts, conversion.percentBefore());
        handsets.forgetLatest();
        bad = true;
    }

    private void recover(long now) {
        trickle = null;
        recovered = true;
        recoveredAt = now;
        hearing.recovered();
        cohort.clear();
        receipts.clear();
        handsets.forgetLatest();
        conversion.forgetLatest();
        bad = false;
        log.info("provider={} country={} is back: what it takes arrives again", provider, country.name);
    }

    boolean mayTry(long now) {
        return trickle != null && trickle.mayTry(now);
    }

    float percentLost(long now) {
        float lost =
                Math.max(cohort.tally(now).percentLost(), receipts.tally(now).percentLost());
        return lost == 0 && bad ? 100 : lost;
    }
}
