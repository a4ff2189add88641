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
import dev.petrel.testing.EmbeddedBroker;
import dev.petrel.time.VertxTime;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
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
import org.apache.kafka.clients.admin.Admin;

/**
 * One instance from the request topic to the status topic, with a stand-in for what lies between: each request is one
 * attempt of a given length at a provider that takes it.
 */
final class IntakeStage implements AutoCloseable {
    private static final NumberPlan NUMBERS = new NumberPlan();

    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    /** The ids that an attempt was begun for, in order. */
    final Queue<String> attempted = new ConcurrentLinkedQueue<>();

    final Queue<Throwable> fatal = new ConcurrentLinkedQueue<>();
    /** Requests with one of these ids are never answered. */
    final Set<String> unanswered = ConcurrentHashMap.newKeySet();

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

    /** The topics of one test. */
    record Names(String requests, String status, String deadLetter) {
        static Names of(String test) {
            return new Names(test, test + ".status", test + ".dlq");
        }
    }

    IntakeStage(EmbeddedBroker broker, Names names, KafkaConfig.GroupProtocol protocol) {
        config = new KafkaConfig(
                "stage",
                broker.bootstrapServers(),
                "group-" + names.requests,
                protocol,
                new KafkaConfig.Topics(names.requests, names.status, names.deadLetter),
                Map.of(),
                Duration.ofSeconds(3),
                Duration.ofSeconds(5));
        admin = new KafkaClients(config).admin();
        time = on(() -> Future.succeededFuture(new VertxTime(vertx)));
        KafkaClients clients = new KafkaClients(config);
        Meters meters = new Meters(registry);
        sink = on(() -> Future.succeededFuture(
                new KafkaStatusSink(clients, config, new Random(), context, time, meters, fatal::add)));
        intake = on(() -> Future.succeededFuture(intake(clients, meters)));
        var unused = on(intake::start);
    }

    private RequestIntake intake(KafkaClients clients, Meters meters) {
        return new RequestIntake(
                config,
                clients,
                GroupSession.CLASSIC_LEASE,
                admin,
                new RequestConfig(Duration.ofMinutes(5), Duration.ofMinutes(10)),
                NUMBERS,
                this::deliver,
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
        Future<Outcome> outcome = deliver(request, standing, term);
        return new OpenRequest() {
            @Override
            public Future<Outcome> outcome() {
                return outcome;
            }

            @Override
            public void apply(JournalEvent told) {}

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
                List.of(),
                possiblySent,
                last ? Advice.toWait() : null,
                request.expiresAt(),
                request.to(),
                1,
                Duration.ofMillis(3),
                request.tenant(),
                request.purpose(),
                null,
                request.source());
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
