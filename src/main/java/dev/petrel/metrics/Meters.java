package dev.petrel.metrics;

import dev.petrel.message.ReasonClass;
import dev.petrel.message.ReceiptState;
import dev.petrel.message.SkipReason;
import dev.petrel.message.Status;
import dev.petrel.message.SubmitResult;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What Petrel counts. Tags come from closed sets: never a number, a request id or a message of an exception. Safe for
 * any thread; gauges are read by the thread that scrapes, so their suppliers must be safe for any thread too.
 */
public final class Meters {
    private static final Duration[] TO_SUBMITTED =
            millis(50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000, 300000);
    private static final Duration[] REPLAY = millis(100, 250, 500, 1000, 2500, 5000, 10000, 30000);
    private static final Duration[] CALL = millis(10, 25, 50, 100, 250, 500, 1000, 2000, 3000, 5000, 10000);

    private final MeterRegistry registry;
    private final Map<Key, Counter> counters = new ConcurrentHashMap<>();
    private final Map<Key, Timer> timers = new ConcurrentHashMap<>();

    /** Begins with 0 where the tags are known: what appears with its first event has no rate that tells of it. */
    public Meters(MeterRegistry registry) {
        this.registry = registry;
        for (Alert alert : Alert.values()) {
            alerts(alert).increment(0);
        }
        for (Status status : List.of(Status.DELIVERED, Status.SUBMITTED, Status.UNCONFIRMED, Status.SUPERSEDED)) {
            finals(status, null).increment(0);
        }
        finals(Status.EXPIRED, ReasonClass.EXPIRED).increment(0);
        finals(Status.REJECTED, ReasonClass.INVALID).increment(0);
        finals(Status.REJECTED, ReasonClass.DENIED).increment(0);
        finals(Status.REJECTED, ReasonClass.LIMIT).increment(0);
        for (ReasonClass reasonClass : ReasonClass.values()) {
            finals(Status.FAILED, reasonClass).increment(0);
        }
        pollFailures().increment(0);
        settingsChanges().increment(0);
        for (String answer : List.of("shown", "traced", "busy", "unanswered")) {
            adminCalls(answer).increment(0);
        }
        duplicates().increment(0);
        statusRepeats().increment(0);
        feedbackWords().increment(0);
        feedbackMistakes().increment(0);
        var unusedYet = List.of(clockAhead(), statusPublish());
    }

    /** A provider that is about to be asked for the first time. */
    public void provider(String provider) {
        for (SubmitResult.Kind result : SubmitResult.Kind.values()) {
            attempts(provider, result).increment(0);
        }
        for (SkipReason reason : SkipReason.values()) {
            skips(provider, reason).increment(0);
        }
        for (ReasonClass reasonClass : ReasonClass.values()) {
            if (Alert.of(reasonClass) != null) {
                attemptFailures(provider, reasonClass).increment(0);
                receiptFailures(provider, reasonClass).increment(0);
            }
        }
    }

    /** A provider that gives receipts. */
    public void receiptsOf(String provider) {
        for (ReceiptState state : ReceiptState.values()) {
            receipts(provider, state).increment(0);
        }
    }

    /** A country of which the first request has come. */
    public void objectivesOf(String country) {
        for (Objective objective : Objective.values()) {
            objectives(objective, country, true).increment(0);
            objectives(objective, country, false).increment(0);
        }
    }

    public void attempt(String provider, SubmitResult.Kind result, Duration duration) {
        attempts(provider, result).increment();
        timer(
                        "petrel.attempt.duration",
                        "How long a provider took to answer, the gateway's own lag left out",
                        CALL,
                        "provider",
                        provider,
                        "result",
                        result.wire())
                .record(duration);
    }

    public void attemptFailed(String provider, ReasonClass reasonClass) {
        attemptFailures(provider, reasonClass).increment();
    }

    public void skip(String provider, SkipReason reason) {
        skips(provider, reason).increment();
    }

    /** @param reasonClass null where nothing went wrong */
    public void finished(Status status, @Nullable ReasonClass reasonClass) {
        finals(status, reasonClass).increment();
    }

    public void submitted(String country, Duration sinceRecord) {
        timer(
                        "petrel.time.to.submitted",
                        "From the timestamp of the request's record until a provider took it",
                        TO_SUBMITTED,
                        "country",
                        country)
                .record(sinceRecord);
    }

    public void firstCopy(String provider, String country) {
        counter(
                        "petrel.delivery.submitted",
                        "Requests that a provider took as their first copy",
                        "provider",
                        provider,
                        "country",
                        country)
                .increment();
    }

    public void firstCopyVerified(String provider, String country) {
        counter(
                        "petrel.delivery.verified",
                        "Requests whose code the user typed, and of which there was one copy: the provider's",
                        "provider",
                        provider,
                        "country",
                        country)
                .increment();
    }

    public void delivered(String country, Duration sinceRecord) {
        timer(
                        "petrel.time.to.delivered",
                        "From the timestamp of the request's record until it was known to have arrived",
                        TO_SUBMITTED,
                        "country",
                        country)
                .record(sinceRecord);
    }

    public void deadLetter(String reason) {
        deadLetters(reason).increment();
    }

    /** @param field that may be wrong in a request */
    public void mayBeWrong(String field) {
        deadLetters(field).increment(0);
    }

    public void duplicate() {
        duplicates().increment();
    }

    public void statusPublished(Duration untilAcknowledged) {
        statusPublish().record(untilAcknowledged);
    }

    public void statusRepeated() {
        statusRepeats().increment();
    }

    /** A request is decided, as far as this objective goes. */
    public void objective(Objective objective, String country, boolean kept) {
        objectives(objective, country, kept).increment();
    }

    /** @param answer what a call may come to */
    public void webhookMayAnswer(String answer) {
        webhookCalls(answer).increment(0);
    }

    /** @param answer what a call to the webhook came to, in a word of a closed set */
    public void webhookCall(String answer) {
        webhookCalls(answer).increment();
    }

    /** @param answer what a call may come to */
    public void httpMayAnswer(String answer) {
        httpCalls(answer).increment(0);
    }

    /** @param answer what a call to HTTP in came to, in a word of a closed set */
    public void httpCall(String answer) {
        httpCalls(answer).increment();
    }

    private Counter httpCalls(String answer) {
        return counter("petrel.http.calls", "Calls to HTTP in, by what they came to", "answer", answer);
    }

    public void settingsChanged() {
        settingsChanges().increment();
    }

    private Counter settingsChanges() {
        return counter("petrel.settings.changes", "Changes of the settings file that came into force");
    }

    /** A bad receipt, as the owner of its request reads it. */
    public void undelivered(String provider, ReasonClass reasonClass) {
        receiptFailures(provider, reasonClass).increment();
    }

    public void receipt(String provider, ReceiptState state) {
        receipts(provider, state).increment();
    }

    public void receiptPublished(Duration untilAcknowledged) {
        timer("petrel.receipt.publish", "From handing a receipt to Kafka until it was acknowledged", CALL)
                .record(untilAcknowledged);
    }

    /** @param ahead how far the timestamp of a request's record lay in the future */
    public void clockAhead(Duration ahead) {
        clockAhead().record(ahead);
    }

    public void pollFailed() {
        pollFailures().increment();
    }

    /** @param events that were read */
    public void replayed(long events, Duration duration) {
        timer("petrel.replay.duration", "How long reading a status partition back took at a take-over", REPLAY)
                .record(duration);
        counter("petrel.replay.events", "Status events read back at take-overs").increment(events);
    }

    public void feedbackVerified() {
        feedbackWords().increment();
    }

    public void feedbackMalformed() {
        feedbackMistakes().increment();
    }

    public void orderMalformed() {
        counter("petrel.orders.malformed", "Records of the control topic that are no order: they were passed over")
                .increment();
    }

    /** @param answer what a call to the admin API came to, in a word of a closed set */
    public void adminCall(String answer) {
        adminCalls(answer).increment();
    }

    /** @param result what may become of a span */
    public void spansMayBe(String result) {
        spans(result).increment(0);
    }

    /** @param result what became of so many spans, in a word of a closed set */
    public void spans(String result, int count) {
        spans(result).increment(count);
    }

    private Counter spans(String result) {
        return counter("petrel.spans", "Spans for the collector of traces, by what became of them", "result", result);
    }

    private Counter adminCalls(String answer) {
        return counter("petrel.admin.calls", "Calls to the admin API, by what they came to", "answer", answer);
    }

    /** What an operator must look at, by its kind; each has a warning in the log beside it. */
    public void alert(Alert alert) {
        alerts(alert).increment();
    }

    /**
     * @param name with dots, without unit
     * @param unit null where it is a plain count
     */
    public void gauge(String name, String help, @Nullable String unit, Supplier<Number> value, String... tags) {
        Gauge.builder(name, value)
                .description(help)
                .baseUnit(unit)
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }

    private Counter attemptFailures(String provider, ReasonClass reasonClass) {
        return counter(
                "petrel.attempt.failures",
                "Attempts that were not accepted, by provider and class of reason",
                "provider",
                provider,
                "class",
                reasonClass.wire());
    }

    private Counter skips(String provider, SkipReason reason) {
        return counter(
                "petrel.skips",
                "Times a provider was passed over without an attempt",
                "provider",
                provider,
                "reason",
                reason.wire());
    }

    private Counter finals(Status status, @Nullable ReasonClass reasonClass) {
        return counter(
                "petrel.finals",
                "Final statuses by class of reason",
                "status",
                status.wire(),
                "class",
                reasonClass == null ? "none" : reasonClass.wire());
    }

    private Counter duplicates() {
        return counter("petrel.duplicates", "Requests whose id was seen at another offset: nothing was sent");
    }

    private Counter deadLetters(String reason) {
        return counter(
                "petrel.dead.letters", "Records that are no request, by the field that is wrong", "reason", reason);
    }

    private Counter statusRepeats() {
        return counter(
                "petrel.status.repeated",
                "Statuses that Kafka's client could not queue and that were handed over again");
    }

    private Counter webhookCalls(String answer) {
        return counter("petrel.webhook.calls", "Calls to the webhook, by what they came to", "answer", answer);
    }

    private Counter receiptFailures(String provider, ReasonClass reasonClass) {
        return counter(
                "petrel.receipt.failures",
                "Bad receipts, by provider and class of reason",
                "provider",
                provider,
                "class",
                reasonClass.wire());
    }

    private Counter receipts(String provider, ReceiptState state) {
        return counter(
                "petrel.receipts",
                "Receipts that were written, by provider and state",
                "provider",
                provider,
                "state",
                state.wire());
    }

    private Counter pollFailures() {
        return counter("petrel.poll.failures", "Polls of the request topic that failed and were repeated");
    }

    private Counter feedbackWords() {
        return counter(
                "petrel.feedback.verified", "Words of auth services that a code was typed, as often as they were read");
    }

    private Counter feedbackMistakes() {
        return counter(
                "petrel.feedback.malformed", "Feedback records that say nothing of a request: they were passed over");
    }

    private Counter alerts(Alert alert) {
        return counter("petrel.alerts", "Things an operator must look at, by kind", "kind", alert.tag());
    }

    private Counter attempts(String provider, SubmitResult.Kind result) {
        return counter(
                "petrel.attempts", "Attempts by provider and result", "provider", provider, "result", result.wire());
    }

    private Counter objectives(Objective objective, String country, boolean kept) {
        return counter(
                "petrel.slo.requests",
                "Requests by objective, and whether it was kept; without those that failed by the user's own fault",
                "objective",
                objective.tag(),
                "country",
                country,
                "result",
                kept ? "good" : "bad");
    }

    private Timer clockAhead() {
        return timer(
                "petrel.request.clock.ahead",
                "How far in the future a request's timestamp lay: clocks of producers that go fast",
                CALL);
    }

    private Timer statusPublish() {
        return timer("petrel.status.publish", "From handing a status to Kafka until it was acknowledged", CALL);
    }

    private Counter counter(String name, String help, String... tags) {
        Key key = new Key(name, tags);
        Counter known = counters.get(key);
        return known != null
                ? known
                : counters.computeIfAbsent(
                        key,
                        absent -> Counter.builder(name)
                                .description(help)
                                .tags(tags)
                                .register(registry));
    }

    private Timer timer(String name, String help, Duration[] bounds, String... tags) {
        Key key = new Key(name, tags);
        Timer known = timers.get(key);
        return known != null
                ? known
                : timers.computeIfAbsent(
                        key,
                        absent -> Timer.builder(name)
                                .description(help)
                                .tags(tags)
                                .serviceLevelObjectives(bounds)
                                .register(registry));
    }

    /** Made with each event: nothing is copied into it. */
    private static final class Key {
        private final String name;
        private final String[] tags;

        Key(String name, String[] tags) {
            this.name = name;
            this.tags = tags;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key that && name.equals(that.name) && Arrays.equals(tags, that.tags);
        }

        @Override
        public int hashCode() {
            return 31 * name.hashCode() + Arrays.hashCode(tags);
        }
    }

    private static Duration[] millis(long... values) {
        Duration[] durations = new Duration[values.length];
        for (int i = 0; i < values.length; i++) {
            durations[i] = Duration.ofMillis(values[i]);
        }
        return durations;
    }
}
