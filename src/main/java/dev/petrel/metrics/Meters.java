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

    public Meters(MeterRegistry registry) {
        this.registry = registry;
    }

    public void attempt(String provider, SubmitResult.Kind result, Duration duration) {
        counter("petrel.attempts", "Attempts by provider and result", "provider", provider, "result", result.wire())
                .increment();
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
        counter(
                        "petrel.attempt.failures",
                        "Attempts that were not accepted, by provider and class of reason",
                        "provider",
                        provider,
                        "class",
                        reasonClass.wire())
                .increment();
    }

    public void skip(String provider, SkipReason reason) {
        counter(
                        "petrel.skips",
                        "Times a provider was passed over without an attempt",
                        "provider",
                        provider,
                        "reason",
                        reason.wire())
                .increment();
    }

    /** @param reasonClass null where nothing went wrong */
    public void finished(Status status, @Nullable ReasonClass reasonClass) {
        counter(
                        "petrel.finals",
                        "Final statuses by class of reason",
                        "status",
                        status.wire(),
                        "class",
                        reasonClass == null ? "none" : reasonClass.wire())
                .increment();
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
        counter("petrel.dead.letters", "Records that are no request, by the field that is wrong", "reason", reason)
                .increment();
    }

    public void duplicate() {
        counter("petrel.duplicates", "Requests whose id was seen at another offset: nothing was sent")
                .increment();
    }

    public void statusPublished(Duration untilAcknowledged) {
        timer("petrel.status.publish", "From handing a status to Kafka until it was acknowledged", CALL)
                .record(untilAcknowledged);
    }

    public void statusRepeated() {
        counter(
                        "petrel.status.repeated",
                        "Statuses that Kafka's client could not queue and that were handed over again")
                .increment();
    }

    /** @param answer what a call to the webhook came to, in a word of a closed set */
    public void webhookCall(String answer) {
        counter("petrel.webhook.calls", "Calls to the webhook, by what they came to", "answer", answer)
                .increment();
    }

    /** A bad receipt, as the owner of its request reads it. */
    public void undelivered(String provider, ReasonClass reasonClass) {
        counter(
                        "petrel.receipt.failures",
                        "Bad receipts, by provider and class of reason",
                        "provider",
                        provider,
                        "class",
                        reasonClass.wire())
                .increment();
    }

    public void receipt(String provider, ReceiptState state) {
        counter(
                        "petrel.receipts",
                        "Receipts that were written, by provider and state",
                        "provider",
                        provider,
                        "state",
                        state.wire())
                .increment();
    }

    public void receiptPublished(Duration untilAcknowledged) {
        timer("petrel.receipt.publish", "From handing a receipt to Kafka until it was acknowledged", CALL)
                .record(untilAcknowledged);
    }

    /** @param ahead how far the timestamp of a request's record lay in the future */
    public void clockAhead(Duration ahead) {
        timer(
                        "petrel.request.clock.ahead",
                        "How far in the future a request's timestamp lay: clocks of producers that go fast",
                        CALL)
                .record(ahead);
    }

    public void pollFailed() {
        counter("petrel.poll.failures", "Polls of the request topic that failed and were repeated")
                .increment();
    }

    /** @param events that were read */
    public void replayed(long events, Duration duration) {
        timer("petrel.replay.duration", "How long reading a status partition back took at a take-over", REPLAY)
                .record(duration);
        counter("petrel.replay.events", "Status events read back at take-overs").increment(events);
    }

    public void feedbackVerified() {
        counter("petrel.feedback.verified", "Words of auth services that a code was typed, as often as they were read")
                .increment();
    }

    public void feedbackMalformed() {
        counter("petrel.feedback.malformed", "Feedback records that say nothing of a request: they were passed over")
                .increment();
    }

    /** What an operator must look at, by its kind; each has a warning in the log beside it. */
    public void alert(Alert alert) {
        counter("petrel.alerts", "Things an operator must look at, by kind", "kind", alert.tag())
                .increment();
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

    private Counter counter(String name, String help, String... tags) {
        return counters.computeIfAbsent(
                key(name, tags),
                absent -> Counter.builder(name).description(help).tags(tags).register(registry));
    }

    private Timer timer(String name, String help, Duration[] bounds, String... tags) {
        return timers.computeIfAbsent(
                key(name, tags),
                absent -> Timer.builder(name)
                        .description(help)
                        .tags(tags)
                        .serviceLevelObjectives(bounds)
                        .register(registry));
    }

    /** Looked up with each event: a joined string would cost more than the counting. */
    private record Key(String name, List<String> tags) {}

    private static Key key(String name, String... tags) {
        return new Key(name, List.of(tags));
    }

    private static Duration[] millis(long... values) {
        Duration[] durations = new Duration[values.length];
        for (int i = 0; i < values.length; i++) {
            durations[i] = Duration.ofMillis(values[i]);
        }
        return durations;
    }
}
