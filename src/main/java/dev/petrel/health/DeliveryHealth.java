package dev.petrel.health;

import dev.petrel.message.ReasonClass;
import dev.petrel.metrics.Alarm;
import dev.petrel.metrics.Meters;
import dev.petrel.time.Time;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Knows by provider and country whether what is taken also arrives, and whether silence is the provider's or our own
 * deafness.
 *
 * <p>A copy is <em>of age</em> when it is half as old as {@code failover-after}, or older where its provider is slow, see
 * {@link Patience}; from then on its silence is a verdict where anybody was heard since, and otherwise from
 * {@code failover-after} on, unless {@link Deafness} has its doubts by then. These go by half of {@code failover-after}
 * everywhere: they are about all providers together. Everything is worked out when something is asked or told, from queues in the
 * order of submission: no event costs more than the few dozen entries of the windows, however many copies are open.
 *
 * <p>Ages are measured without the event loop's own lag: receipts may lie unread while it is busy.
 *
 * <p>Used on one event loop; the gauges are read from any thread.
 */
public final class DeliveryHealth {
    private static final int REMEMBERED = 100_000;
    private static final Set<ReasonClass> NOT_THE_PROVIDERS_FAULT = EnumSet.of(
            ReasonClass.RECIPIENT_INVALID,
            ReasonClass.RECIPIENT_UNREACHABLE,
            ReasonClass.OPTED_OUT,
            ReasonClass.CONTENT,
            // these are answers, and whoever gives them must not be passed over for it (P7)
            ReasonClass.FRAUD_BLOCKED,
            ReasonClass.GEO_BLOCKED,
            // and these are our own
            ReasonClass.BAD_REQUEST,
            ReasonClass.SENDER_REFUSED);

    private final Supplier<Duration> failoverAfter;
    private final BiPredicate<String, String> handsetsReport;
    private final Time time;
    private final Meters meters;
    private final Deafness deafness;
    private final ProviderHealth.Ears ears;
    private final Map<String, Country> countries = new HashMap<>();
    private final Map<String, Hearing.Heard> providers = new HashMap<>();
    private final ArrayDeque<Copy> young = new ArrayDeque<>();
    private final PriorityQueue<Copy> underAge =
            new PriorityQueue<>(Comparator.comparingLong(Copy::ofAgeAt).thenComparingLong(copy -> copy.number));
    private final LinkedHashMap<String, Copy> byRequest = new LinkedHashMap<>();
    private boolean anyVerified;
    private long lastVerified;
    private long now;

    /**
     * @param failoverAfter how long a receipt is waited for
     * @param handsetsReport of a provider and a country: whether others have found out that handsets report there
     */
    public DeliveryHealth(
            Supplier<Duration> failoverAfter,
            BiPredicate<String, String> handsetsReport,
            Time time,
            Meters meters,
            SelfCall selfCall) {
        this.failoverAfter = failoverAfter;
        this.handsetsReport = handsetsReport;
        this.time = time;
        this.meters = meters;
        this.now = time.nanosLessLag();
        this.deafness = new Deafness(selfCall, meters, new Alarm(meters, time::nanos), now);
        this.ears = new ProviderHealth.Ears() {
            @Override
            public boolean nobodyIsHeard() {
                return deafness.nobodyIsHeard();
            }

            @Override
            public long epoch() {
                return deafness.epoch();
            }

            @Override
            public boolean verifiedSince(long nanos) {
                return anyVerified && lastVerified >= nanos;
            }
        };
    }

    /**
     * A provider took a message.
     *
     * @param reports whether it gives receipts, and we listen for them
     * @param sole whether the request had no other copy before this
     */
    public Copy submitted(String requestId, String provider, String country, boolean reports, boolean sole) {
        advance();
        Copy earlier = byRequest.remove(requestId);
        if (earlier != null) {
            earlier.alone = false;
        }
        Copy copy = new Copy(requestId, health(provider, country), reports, sole && earlier == null, false);
        if (copy.sole) {
            meters.firstCopy(provider, country);
        }
        copy.health.submitted(copy);
        copy.health.judge(now, failoverAfter());
        open(copy);
        return copy;
    }

    /**
     * A copy that an earlier owner submitted and that is taken over: its receipts may have been lost while nobody
     * listened, so what becomes of it says nothing of the provider. Its clock runs from now on.
     *
     * @param underway whether its last word was that it is on its way
     */
    public Copy resumed(String requestId, String provider, String country, boolean underway) {
        advance();
        Copy earlier = byRequest.remove(requestId);
        if (earlier != null) {
            earlier.alone = false;
        }
        Copy copy = new Copy(requestId, health(provider, country), true, false, true);
        copy.clockStopped = underway && !copy.health.reportsHandsets(now, failoverAfter());
        open(copy);
        return copy;
    }

    private void open(Copy copy) {
        deafness.submitted(copy.requestId, copy.reports, now);
        if (copy.reports) {
            young.add(copy);
            underAge.add(copy);
        }
        byRequest.put(copy.requestId, copy);
        if (byRequest.size() > REMEMBERED) {
            Iterator<Copy> oldest = byRequest.values().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /**
     * The user typed the code of this request. Good for its provider where there was one copy. Ids that are not among
     * the latest {@value #REMEMBERED} are ignored.
     *
     * <p>It does not come the way receipts come, so by itself it says nothing of our ears; where the provider gives
     * receipts and this copy has none, it says that they are shut. Only where a provider without receipts took the
     * message while nobody was heard, it says what a receipt would: that others deliver.
     */
    public void verified(String requestId) {
        advance();
        Copy copy = byRequest.get(requestId);
        if (copy == null || copy.verified) {
            return;
        }
        copy.verified = true;
        anyVerified = true;
        lastVerified = now;
        if (copy.sole && copy.alone) {
            meters.firstCopyVerified(copy.health.provider, copy.health.country.name);
        }
        if (!copy.reports && deafness.unheardWhen(copy)) {
            heard();
        } else if (copy.reports && !copy.heardOf && copy.alone && copy.submittedAt >= deafness.lastEar()) {
            copy.health.typedUnheard();
        }
        copy.noLongerWaits();
        copy.health.judge(now, failoverAfter());
    }

    /**
     * Whether the provider is to be passed over for this country now. While nobody is heard, one in twenty askers is
     * told so of a silent provider that is not bad, to hear the others: ask once for each plan.
     *
     * @param reports whether it gives receipts
     */
    public boolean isOut(String provider, String country, boolean reports) {
        advance();
        ProviderHealth health = health(provider, country);
        health.mute(!reports);
        boolean trusts = trustsOurEars(health.country, 1);
        health.country.judge(now, failoverAfter());
        if (health.bad() || trusts) {
            // where ears are trusted there is nothing to explore
            return health.bad() && !health.country.bad();
        }
        return deafness.nobodyIsHeard() && health.country.explores(health, now);
    }

    /** Whether this request may try a provider that is out, to see it recover. Takes the permission. */
    public boolean mayTry(String provider, String country) {
        advance();
        return health(provider, country).mayTry(now);
    }

    /** Percent of what it took lately that did not arrive; for choosing the least bad. */
    public float undelivered(String provider, String country) {
        advance();
        return health(provider, country).percentLost(now);
    }

    /** What to do about a copy whose clock has run out without a final receipt. May be asked again. */
    public Silence silence(Copy copy) {
        advance();
        ProviderHealth health = copy.health;
        health.judge(now, failoverAfter());
        if (copy.lostFor != null || copy.failedOver) {
            return Silence.FAIL_OVER;
        }
        if (!copy.waits() || health.hearing.excuses(copy.submittedAt)) {
            return Silence.DEAF;
        }
        Silence silence = ofWaiting(copy);
        if (silence == Silence.FAIL_OVER) {
            copy.failedOver = true;
            copy.noLongerWaits();
        }
        return silence;
    }

    /** Whether receipts don't reach us, and that for no provider's fault. */
    public boolean deaf() {
        return deafness.deaf();
    }

    private Silence ofWaiting(Copy copy) {
        if (copy.health.knownToBeSilent() || trustsOurEars(copy.health.country, Integer.MAX_VALUE)) {
            return Silence.FAIL_OVER;
        }
        if (deafness.nobodyIsHeard()) {
            return deafness.ask(copy, now);
        }
        return copy.health.hearing.listening() ? Silence.UNDECIDED : Silence.FAIL_OVER;
    }

    /**
     * Nobody is heard, and in this country there is nobody else whom we could hear: what its other providers take they
     * never tell of. Then our own public URL has the last word: if it answers, the silence is the providers'.
     *
     * @param most of how many at once: of several only once a clock has run out, for it is less likely, and the first of
     *     their codes may be typed by then
     */
    private boolean trustsOurEars(Country country, int most) {
        if (deafness.nobodyIsHeard() && country.nobodyElseReports(most) && deafness.reachable(now)) {
            country.trustOurEars(deafness.epoch());
        }
        return country.trustsOurEars(deafness.epoch());
    }

    private ProviderHealth health(String provider, String country) {
        Country of = countries.computeIfAbsent(country, name -> new Country(name, meters));
        return of.provider(provider, name -> {
            Hearing.Heard everywhere = providers.computeIfAbsent(name, absent -> new Hearing.Heard());
            return new ProviderHealth(name, of, everywhere, ears, () -> handsetsReport.test(name, country), meters);
        });
    }

    private long failoverAfter() {
        return failoverAfter.get().toNanos();
    }

    private void advance() {
        now = Math.max(now, time.nanosLessLag()); // the measured lag jumps by a few milliseconds
        long age = failoverAfter() / 2;
        while (!young.isEmpty() && now - young.element().submittedAt >= age) {
            young.remove().becomeUnheard();
        }
        while (!underAge.isEmpty() && now >= underAge.element().ofAgeAt()) {
            underAge.remove().comeOfAge();
        }
        deafness.watch(now, failoverAfter());
        if (deafness.reachableAgain()) {
            excuseAll(); // what was sent while nobody reached us
            deafness.over();
        }
    }

    /** After {@link #advance()}: what came of age before was unheard until now. */
    private void heard() {
        if (deafness.deaf()) {
            excuseAll();
        } else if (deafness.nobodyIsHeard()) {
            long nobodySince = deafness.nobodySince();
            for (Country country : countries.values()) {
                for (ProviderHealth health : country.providers()) {
                    health.nobodyWasHeard(now, nobodySince);
                }
            }
        }
        deafness.heard(now);
    }

    private void excuseAll() {
        for (Country country : countries.values()) {
            if (!country.trustsOurEars(deafness.epoch())) {
                for (ProviderHealth health : country.providers()) {
                    health.hearing.excuse(now);
                }
            }
        }
    }

    public enum Silence {
        /** The provider is silent. */
        FAIL_OVER,
        /** Everybody is silent, and nobody knows yet whose fault it is: ask again in a second. */
        UNDECIDED,
        /** It says nothing of the provider: we are deaf, or were when the receipt was due. No failover. */
        DEAF
    }

    /** One message that a provider took, for as long as anybody waits for its receipts. */
    public final class Copy {
        static final long HEARD = -1;

        final String requestId;
        final ProviderHealth health;
        final boolean reports;
        final boolean sole;
        final long submittedAt = now;
        /** The age from which on its silence counts. */
        final long patience;

        long number;
        /** The stretch between two ears in which it became unheard. */
        long unheardIn = HEARD;
        /** The stretch between two ears in which it came of age, while it was waited for. */
        long ofAgeIn = HEARD;
        /** The stretch between two ears in which its silence was asked about. */
        long askedIn = HEARD;

        private final boolean resumed;
        private boolean alone = true;
        private boolean heardOf;
        private boolean verified;
        private boolean delivered;
        private long deliveredAt;
        private @Nullable ReasonClass lostFor;
        private boolean clockStopped;
        private boolean ofAge;
        private boolean over;
        private long overAt;
        private boolean failedOver;

        private Copy(String requestId, ProviderHealth health, boolean reports, boolean sole, boolean resumed) {
            this.requestId = requestId;
            this.health = health;
            this.reports = reports;
            this.sole = sole;
            this.resumed = resumed;
            this.patience = health.patience(failoverAfter());
        }

        private long ofAgeAt() {
            return submittedAt + patience;
        }

        /** A receipt that is not final: the provider or a carrier has it. */
        public void underway() {
            advance();
            hear();
            if (!health.reportsHandsets(now, failoverAfter())) {
                clockStopped = true;
                DeliveryHealth.this.noLongerWaits(this);
            }
            health.judge(now, failoverAfter());
        }

        public void delivered() {
            advance();
            hear();
            if (!delivered) {
                delivered = true;
                deliveredAt = now;
                tellFinal(lostFor == null, true);
            }
            health.judge(now, failoverAfter());
        }

        /** A final receipt that says it did not arrive. */
        public void undelivered(ReasonClass why) {
            advance();
            hear();
            if (!delivered && lostFor == null) {
                lostFor = why;
                tellFinal(!NOT_THE_PROVIDERS_FAULT.contains(why), false);
            }
            health.judge(now, failoverAfter());
        }

        private void tellFinal(boolean counts, boolean arrived) {
            if (counts && reports && !resumed && now - submittedAt <= failoverAfter()) {
                health.finalReceipt(this, now, arrived);
            }
        }

        private void hear() {
            heard();
            if (!heardOf && !ofAge && !resumed) {
                health.hearing.heardInTime();
            }
            heardOf = true;
        }

        /** Whether silence from now on counts: false once it is {@link #underway()} where handsets don't report. */
        public boolean clockRuns() {
            return !clockStopped;
        }

        /** The request ended otherwise, or is somebody else's: nobody waits any more. */
        public void over() {
            advance();
            if (!over) {
                over = true;
                overAt = now;
                DeliveryHealth.this.noLongerWaits(this);
            }
        }

        private void becomeUnheard() {
            if (waits() && !health.knownToBeSilent()) {
                deafness.unheardToo(this);
                health.unheardToo();
            }
        }

        private void comeOfAge() {
            ofAge = true;
            if (waits() && !health.knownToBeSilent()) {
                ofAgeIn = deafness.epoch();
            }
            if (!resumed) {
                health.cameOfAge(this);
            }
        }

        private boolean waits() {
            return reports && !isFinal() && !verified && !clockStopped && !over && !failedOver;
        }

        private boolean isFinal() {
            return delivered || lostFor != null;
        }

        private void noLongerWaits() {
            DeliveryHealth.this.noLongerWaits(this);
        }

        /** The only copy of its request, as far as is known. */
        boolean alone() {
            return alone;
        }

        boolean verified() {
            return verified && sole && alone;
        }

        boolean deliveredWithin(long age) {
            return delivered && deliveredAt - submittedAt <= age;
        }

        /** Whether it was waited for long enough, by people who could hear, and its fate was the provider's doing. */
        boolean tellsOfHandsets() {
            if (delivered) {
                return true;
            }
            if (lostFor != null) {
                return !NOT_THE_PROVIDERS_FAULT.contains(lostFor);
            }
            boolean waitedFor = !over || overAt - submittedAt >= failoverAfter();
            return waitedFor && !health.hearing.excuses(submittedAt) && health.silenceCounts();
        }

        Verdict verdict() {
            if (delivered || verified()) {
                return Verdict.ARRIVED;
            }
            if (lostFor != null) {
                return NOT_THE_PROVIDERS_FAULT.contains(lostFor) ? Verdict.NEUTRAL : Verdict.LOST;
            }
            if (verified) {
                return Verdict.NEUTRAL; // one of several copies was typed: perhaps this one
            }
            boolean leftYoung = over && overAt - submittedAt < patience;
            if (!reports || clockStopped || leftYoung || health.hearing.excuses(submittedAt)) {
                return Verdict.NEUTRAL;
            }
            return silenceIsLoss() ? Verdict.LOST : Verdict.OPEN;
        }

        /** @param age from which on being underway, where nothing better is ever said, does for an arrival */
        Verdict verdictIfSentDoes(long age) {
            if (!clockStopped || isFinal() || verified) {
                return verdict();
            }
            if (over && overAt - submittedAt < age) {
                return Verdict.NEUTRAL;
            }
            return now - submittedAt < age ? Verdict.OPEN : Verdict.ARRIVED;
        }

        private boolean silenceIsLoss() {
            boolean othersHeardSince = ofAgeIn != deafness.epoch() || health.country.trustsOurEars(deafness.epoch());
            return ofAge && (othersHeardSince || now - submittedAt >= failoverAfter()) && health.silenceCounts();
        }
    }

    private void noLongerWaits(Copy copy) {
        copy.ofAgeIn = Copy.HEARD;
        if (deafness.noLongerWaits(copy)) {
            excuseAll();
            deafness.over();
        }
    }
}
