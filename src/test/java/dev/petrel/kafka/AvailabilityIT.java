package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.petrel.availability.CountryState;
import dev.petrel.availability.CountryState.State;
import dev.petrel.delivery.Term;
import dev.petrel.message.Status;
import dev.petrel.metrics.Meters;
import dev.petrel.testing.EmbeddedBroker;
import dev.petrel.testing.WireSamples;
import dev.petrel.time.VertxTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class AvailabilityIT {
    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final Duration SOON = Duration.ofSeconds(20);

    private final EmbeddedBroker broker = EmbeddedBroker.shared();
    private final String name = "availability" + NAMES.incrementAndGet();
    private final AtomicBoolean lease = new AtomicBoolean(true);
    private final Term term = new Term(0, 1, lease::get);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private KafkaConfig config;
    private Vertx vertx;
    private Context context;
    private Admin admin;
    private KafkaProducer<byte[], byte[]> producer;
    private AvailabilityPublisher publisher;
    private final Queue<Throwable> fatal = new ConcurrentLinkedQueue<>();
    private int requests;

    @BeforeEach
    void start() throws Exception {
        broker.createTopic(name, 2);
        broker.createTopic(name + ".status", 2);
        broker.createTopic(name + ".availability", 1, Map.of("cleanup.policy", "compact"));
        config = new KafkaConfig(
                name,
                broker.bootstrapServers(),
                name,
                KafkaConfig.GroupProtocol.CLASSIC,
                new KafkaConfig.Topics(
                        name,
                        name + ".status",
                        name + ".dlq",
                        name + ".feedback",
                        name + ".availability",
                        name + ".control",
                        name + ".instances"),
                Map.of(),
                Duration.ofSeconds(3),
                Duration.ofSeconds(5));
        vertx = Vertx.vertx();
        context = vertx.getOrCreateContext();
        admin = broker.admin();
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    @AfterEach
    void close() throws Exception {
        if (publisher != null) {
            onLoop(() -> {
                var unused = publisher.close();
            });
        }
        assertThat(fatal).isEmpty();
        vertx.close().await(10, TimeUnit.SECONDS);
        producer.close();
        admin.close(Duration.ofSeconds(1));
    }

    @Test
    void writesHeartbeatsAndTellsWhenProvidersDontDeliver() {
        told(20, Status.DELIVERED);
        takeOver();
        await().atMost(SOON).until(() -> last("US") != null && last("US").state() == State.OK);

        told(20, Status.FAILED);
        await().atMost(SOON).until(() -> last("US").state() == State.DEGRADED);
        assertThat(last("US").inHandShare()).isEqualTo(0.5);
        assertThat(last("*").state()).isEqualTo(State.DEGRADED);
        await().atMost(SOON).until(() -> gauge("US") == State.DEGRADED.ordinal());
        long now =
                states().stream().filter(state -> state.country().equals("*")).count();
        await().atMost(SOON)
                .until(() -> states().stream()
                                .filter(state -> state.country().equals("*"))
                                .count()
                        >= now + 2);
        assertThat(broker.records(config.topics().availability()))
                .allSatisfy(record -> assertThat(WireSamples.faultsOfAvailability(new String(record.value(), UTF_8)))
                        .isEmpty());
    }

    @Test
    void whoHasNeverWrittenThereWritesAtTheFirstTry() {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        Logger logger = (Logger) LoggerFactory.getLogger(AvailabilityPublisher.class);
        logger.setLevel(Level.WARN);
        logger.addAppender(lines);
        try {
            takeOver();
            await().atMost(SOON).until(() -> !states().isEmpty());
            assertThat(lines.list).isEmpty();
        } finally {
            logger.detachAppender(lines);
            logger.setLevel(null);
        }
    }

    @Test
    void repeatsWhatTheLastOwnerHasTold() {
        Instant since = Instant.now().minusSeconds(120).truncatedTo(ChronoUnit.MILLIS);
        CountryState old = new CountryState(
                "US",
                State.DOWN,
                since,
                null,
                null,
                0.1,
                40,
                State.DOWN.advice(),
                since.plusSeconds(60),
                List.of("sns-eu"));
        write(old);
        takeOver();

        await().atMost(SOON).until(() -> states().size() > 2);
        assertThat(last("US").state()).isEqualTo(State.DOWN);
        assertThat(last("US").since()).isEqualTo(since);
        assertThat(last("US").at()).isAfter(old.at());
        assertThat(last("US").handsetsReport()).containsExactly("sns-eu");
    }

    @Test
    void saysNothingWithoutTheLeaseNorAfterTheTerm() {
        takeOver();
        await().atMost(SOON).until(() -> !states().isEmpty());
        lease.set(false);
        int before = settled();
        await().during(Duration.ofSeconds(7)).atMost(SOON).until(() -> states().size() == before);

        lease.set(true);
        await().atMost(SOON).until(() -> states().size() > before);
        onLoop(() -> {
            term.lose();
            publisher.gone(term);
        });
        assertThat(gauge("*")).isNaN();
        int after = settled();
        await().during(Duration.ofSeconds(7)).atMost(SOON).until(() -> states().size() == after);
    }

    @Test
    void requestsThatNobodyBeginsAreNotInHand() {
        told(12, Status.DELIVERED);
        takeOver();
        await().atMost(SOON).until(() -> last("US") != null && last("US").requests() == 12);
        for (int i = 0; i < 30; i++) {
            send(new ProducerRecord<>(name, 1, ("n" + i).getBytes(UTF_8), new byte[0]));
        }

        await().atMost(Duration.ofSeconds(40)).until(() -> last("*").state() == State.DOWN);
        assertThat(last("US").state()).isEqualTo(State.DOWN);
    }

    @Test
    void anInstanceKnowsByItWhetherToTryAgain() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
        AvailabilityReader reader =
                new AvailabilityReader(new KafkaClients(config), config.topics(), context, now::get, fatal::add);
        try {
            assertThat(reader.ok("US")).isTrue();
            now.set(now.get().plusSeconds(31));
            assertThat(reader.ok("US")).isFalse();

            write(state("*", State.OK, now.get()));
            write(state("US", State.DEGRADED, now.get()));
            write(state("US", State.OK, now.get().minusSeconds(1)));
            write(state("FR", State.DOWN, now.get()));
            await().atMost(SOON).until(() -> reader.ok("DE") && !reader.ok("FR"));
            assertThat(reader.ok("US")).isFalse();
            assertThat(reader.handsetsReport("sns-eu", "US")).isTrue();
            assertThat(reader.handsetsReport("twilio-main", "US")).isFalse();
            assertThat(reader.handsetsReport("sns-eu", "DE")).isFalse();

            now.set(now.get().plusSeconds(31));
            assertThat(reader.ok("DE")).isFalse();
        } finally {
            reader.close();
        }
    }

    private double gauge(String country) {
        return registry.get("petrel.availability.state")
                .tag("country", country)
                .gauge()
                .value();
    }

    private void takeOver() {
        onLoop(() -> {
            publisher = new AvailabilityPublisher(
                    config,
                    new KafkaClients(config),
                    admin,
                    context,
                    new VertxTime(vertx),
                    new Meters(registry),
                    fatal::add);
            term.activate(0);
            publisher.takenOver(term);
        });
    }

    /** How many there are once what was handed over is written: no more than a poll's worth is on its way. */
    private int settled() {
        await().during(Duration.ofSeconds(1)).atMost(SOON).until(this::onLoopQuiet);
        return states().size();
    }

    private boolean onLoopQuiet() {
        onLoop(() -> {});
        return true;
    }

    private void onLoop(Runnable step) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        context.runOnContext(here -> {
            step.run();
            done.complete(null);
        });
        done.join();
    }

    private void told(int count, Status status) {
        for (int i = 0; i < count; i++) {
            int number = requests++;
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                    config.topics().status(), number % 2, ("r" + number).getBytes(UTF_8), "{}".getBytes(UTF_8));
            header(record, StatusCodec.STATUS, status.wire());
            header(record, StatusCodec.FINAL, "true");
            header(record, StatusCodec.COUNTRY, "US");
            header(record, StatusCodec.SOURCE, number % 2 + ":" + 0);
            header(record, StatusCodec.REQUESTED, Long.toString(System.currentTimeMillis()));
            send(record);
        }
    }

    private static void header(ProducerRecord<byte[], byte[]> record, String name, String value) {
        record.headers().add(name, value.getBytes(UTF_8));
    }

    private void write(CountryState state) {
        send(new ProducerRecord<>(
                config.topics().availability(), state.country().getBytes(UTF_8), AvailabilityCodec.encode(state)));
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        try {
            producer.send(record).get(10, TimeUnit.SECONDS);
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static CountryState state(String country, State state, Instant at) {
        return new CountryState(country, state, at, 1.5, 2.5, 0.95, 100, state.advice(), at, List.of("sns-eu"));
    }

    private List<CountryState> states() {
        return broker.records(config.topics().availability()).stream()
                .map(record -> Objects.requireNonNull(AvailabilityCodec.decode(record.value())))
                .toList();
    }

    private CountryState last(String country) {
        return states().stream()
                .filter(state -> state.country().equals(country))
                .reduce((older, newer) -> newer)
                .orElse(null);
    }
}
