package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.petrel.delivery.OpenRequest;
import dev.petrel.delivery.Outcome;
import dev.petrel.delivery.Siblings;
import dev.petrel.delivery.Term;
import dev.petrel.journal.JournalEvent;
import dev.petrel.journal.Standing;
import dev.petrel.message.Advice;
import dev.petrel.message.NumberPlan;
import dev.petrel.message.SendRequest;
import dev.petrel.message.Status;
import dev.petrel.message.StatusEvent;
import dev.petrel.message.StatusEvent.AttemptReport;
import dev.petrel.message.SubmitResult;
import dev.petrel.metrics.Meters;
import dev.petrel.telemetry.Tracing;
import dev.petrel.testing.EmbeddedBroker;
import dev.petrel.time.VertxTime;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;

/**
 * One instance from the request topic to the status topic, with a stand-in for what lies between: each request is one
 * attempt of a given length at a provider that takes it.
 */
final class IntakeStage implements AutoCloseable {

    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    /** The ids that an attempt was begun for, in order. */
    final Queue<String> attempted = new ConcurrentLinkedQueue<>();

    /** What was handed over to be delivered, in order. */
    final Queue<Arrived> arrived = new ConcurrentLinkedQueue<>();
    /** What others told of a request that was on its way. */
    final Queue<JournalEvent> applied = new ConcurrentLinkedQueue<>();
    /** The ids that the auth service has verified since the partition is ours, in order. */
    final Queue<String> verified = new ConcurrentLinkedQueue<>();

    final Queue<Throwable> fatal = new ConcurrentLinkedQueue<>();
    /** Requests with one of these ids are never answered. */
    final Set<String> unanswered = ConcurrentHashMap.newKeySet();

    /** Of requests with one of these ids it is told that an attempt failed, and no more. */
    final Set<String> failing = ConcurrentHashMap.newKeySet();

    final AtomicInteger held = new AtomicInteger();
    volatile int heldMax = Integer.MAX_VALUE;
    private volatile Term term;
    volatile Duration attempt = Duration.ofMillis(5);

    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final Admin admin;
    private final KafkaConfig config;
    private final VertxTime time;
    private final KafkaStatusSink sink;
    private final RequestIntake intake;

    /** A request, where it stood when it came, and whether a newer one had come in its place. */
    record Arrived(SendRequest request, Standing standing, boolean superseded) {
        String id() {
            return request.requestId();
        }
    }

    /** The topics of one test. */
    record Names(String requests, String status, String deadLetter) {
        static Names of(String test) {
            return new Names(test, test + ".status", test + ".dlq");
        }

        String feedback() {
            return requests + ".feedback";
        }
    }

    /**
     * What differs from test to test.
     *
     * @param properties for all Kafka clients of the instance
     * @param asked makes of the admin client the one that the intake asks
     * @param told makes of the producer the one that statuses go by
     */
    record Setting(
            RequestConfig requests,
            Map<String, String> properties,
            UnaryOperator<Admin> asked,
            UnaryOperator<Producer<byte[], byte[]>> told) {
        static final Setting USUAL = new Setting(
                new RequestConfig(Duration.ofMinutes(5), Duration.ofMinutes(10)), Map.of(), real -> real, real -> real);

        Setting with(RequestConfig other) {
            return new Setting(other, properties, asked, told);
        }

        Setting with(Map<String, String> other) {
            return new Setting(requests, other, asked, told);
        }

        Setting asking(UnaryOperator<Admin> other) {
            return new Setting(requests, properties, other, told);
        }

        Setting telling(UnaryOperator<Producer<byte[], byte[]>> other) {
            return new Setting(requests, properties, asked, other);
        }
    }

    IntakeStage(EmbeddedBroker broker, Names names, KafkaConfig.GroupProtocol protocol) {
        this(broker, names, protocol, Setting.USUAL);
    }

    IntakeStage(EmbeddedBroker broker, Names names, KafkaConfig.GroupProtocol protocol, Setting setting) {
        config = new KafkaConfig(
                "stage",
                broker.bootstrapServers(),
                "group-" + names.requests,
                protocol,
                new KafkaConfig.Topics(
                        names.requests,
                        names.status,
                        names.deadLetter,
                        names.feedback(),
                        names.requests + ".availability",
                        names.requests + ".control",
                        names.requests + ".instances"),
                setting.properties,
                Duration.ofSeconds(3),
                Duration.ofSeconds(5));
        admin = new KafkaClients(config).admin();
        time = on(() -> Future.succeededFuture(new VertxTime(vertx)));
        KafkaClients clients = new KafkaClients(config);
        Meters meters = new Meters(registry);
        sink = on(() -> Future.succeededFuture(new KafkaStatusSink(
                setting.told.apply(clients.statusProducer()),
                names.status,
                new StatusCodec(names.status, names.requests, Writer.atStart("stage", new Random())),
                context,
                time,
                meters,
                fatal::add)));
        intake = on(() -> Future.succeededFuture(intake(clients, meters, setting)));
        var unused = on(intake::start);
    }

    private RequestIntake intake(KafkaClients clients, Meters meters, Setting setting) {
        return new RequestIntake(
                config,
                clients,
                GroupSession.CLASSIC_LEASE,
                setting.asked.apply(admin),
                setting.requests,
                setting.requests.maxLifetime().plusMinutes(1),
                new NumberPlan(),
                new RequestIntake.Delivering() {
                    @Override
                    public OpenRequest deliver(SendRequest request, Standing standing, Term term, Siblings siblings) {
                        return IntakeStage.this.deliver(request, standing, term, siblings);
                    }

                    @Override
                    public void verified(String requestId) {
                        verified.add(requestId);
                    }
                },
                Tracing.OFF,
                sink,
                new DeadLetters(clients, config, context, time, meters),
                new Backpressure(
                        () -> held.get() >= heldMax,
                        () -> held.get() <= heldMax * 9L / 10,
                        sink::unacknowledged,
                        () -> 500),
                context,
                time,
                new Random(),
                meters,
                fatal::add);
    }

    private OpenRequest deliver(SendRequest request, Standing standing, Term term, Siblings siblings) {
        this.term = term;
        arrived.add(new Arrived(request, standing, siblings.isSuperseded(request)));
        Future<Outcome> outcome = deliver(request, standing, term);
        return new OpenRequest() {
            @Override
            public void leave() {}

            @Override
            public Future<Outcome> outcome() {
                return outcome;
            }

            @Override
            public void apply(JournalEvent told) {
                applied.add(told);
            }

            @Override
            public void supersede() {}
        };
    }

    private Future<Outcome> deliver(SendRequest request, Standing standing, Term term) {
        held.incrementAndGet();
        attempted.add(request.requestId());
        if (unanswered.contains(request.requestId())) {
            return Promise.<Outcome>promise().future();
        }
        if (failing.contains(request.requestId())) {
            sink.publish(failed(request), term).onSuccess(told -> {});
            return Promise.<Outcome>promise().future();
        }
        term.begin();
        Promise<Outcome> promise = Promise.promise();
        var unused = time.after(attempt, () -> {
            sink.publish(failed(request), term).onSuccess(told -> {});
            sink.publish(taken(request, standing), term).onSuccess(told -> {
                held.decrementAndGet();
                promise.complete(Outcome.SETTLED);
            });
            term.end();
        });
        return promise.future();
    }

    private static StatusEvent failed(SendRequest request) {
        return event(request, Status.ATTEMPT_FAILED, SubmitResult.Kind.UNAVAILABLE, 1, false);
    }

    private static StatusEvent taken(SendRequest request, Standing standing) {
        return event(request, Status.SUBMITTED, SubmitResult.Kind.ACCEPTED, 2, standing.possiblySent());
    }

    static StatusEvent event(
            SendRequest request, Status status, SubmitResult.Kind result, int number, boolean possiblySent) {
        boolean last = status == Status.SUBMITTED;
        return new StatusEvent(
                request.requestId(),
                status,
                last,
                Instant.now(),
                new AttemptReport("a" + number, number, 1, "fake", result, true, null, Duration.ofMillis(3)),
                null,
                null,
                List.of(),
                possiblySent,
                last ? Advice.toWait() : null,
                request.expiresAt(),
                request.to(),
                1,
                Duration.ofMillis(3),
                false,
                request.tenant(),
                request.purpose(),
                null,
                request.source(),
                request.trace());
    }

    /** To some hundred requests a second. */
    void slowDown() {
        attempt = Duration.ofMillis(200);
        heldMax = 100;
    }

    boolean ready() {
        return intake.ready();
    }

    /** Of the request that was delivered last; null before the first. */
    Term term() {
        return term;
    }

    double alerts(String kind) {
        Counter counter = registry.find("petrel.alerts").tag("kind", kind).counter();
        return counter == null ? 0 : counter.count();
    }

    double counter(String name) {
        return registry.find(name).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    /** How often something was timed. */
    long timer(String name) {
        return registry.find(name).timers().stream().mapToLong(Timer::count).sum();
    }

    double gauge(String name) {
        Gauge gauge = registry.find(name).gauge();
        return gauge == null ? Double.NaN : gauge.value();
    }

    void stop() {
        var unused = on(intake::stop);
    }

    private <T> T on(Callable<Future<T>> task) {
        Promise<T> promise = Promise.promise();
        context.runOnContext(here -> {
            try {
                task.call().onComplete(promise);
            } catch (Exception failed) {
                promise.fail(failed);
            }
        });
        return join(promise.future());
    }

    private static <T> T join(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    @Override
    public void close() {
        stop();
        admin.close(Duration.ofSeconds(1));
        var unused = join(vertx.close());
    }

    static byte[] request(String requestId, String to) {
        return ("{\"requestId\":\"" + requestId + "\",\"to\":\"" + to + "\",\"text\":\"000000 is your test code.\"}")
                .getBytes(UTF_8);
    }

    static List<String> numbered(String prefix, int count) {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(prefix + i);
        }
        return ids;
    }
}
