package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.petrel.testing.EmbeddedBroker;
import dev.petrel.testing.FreePorts;
import dev.petrel.trace.Hint;
import dev.petrel.trace.Traced;
import dev.petrel.trace.TracedEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** What a status topic may hold besides what Petrel wrote. */
class TraceReaderIT {
    private static final String ID = "r-1";

    private final EmbeddedBroker broker = EmbeddedBroker.shared();
    private String status;
    private String requests;
    private TraceReader reader;
    private KafkaProducer<byte[], byte[]> producer;

    @BeforeEach
    void start(TestInfo test) {
        status = "status-" + test.getTestMethod().orElseThrow().getName();
        requests = "requests-" + status;
        broker.createTopic(status, 2);
        broker.createTopic(requests, 2);
        reader = reader();
        producer = producer(Map.of());
    }

    private TraceReader reader() {
        return reader(broker.bootstrapServers());
    }

    private TraceReader nobody() {
        return reader("127.0.0.1:" + FreePorts.next());
    }

    private TraceReader reader(String servers) {
        return new TraceReader(new KafkaConfig(
                "trace",
                servers,
                "trace",
                KafkaConfig.GroupProtocol.CLASSIC,
                new KafkaConfig.Topics(
                        requests,
                        status,
                        status + ".dlq",
                        status + ".feedback",
                        status + ".availability",
                        status + ".control",
                        status + ".instances"),
                Map.of(),
                Duration.ofSeconds(3),
                Duration.ofSeconds(5)));
    }

    @AfterEach
    void stop() {
        producer.close(Duration.ofSeconds(1));
    }

    @Test
    void whatIsNoStatusEventIsLeftOutAndCounted() throws Exception {
        tell(0, ID, "submitted");
        put(new ProducerRecord<>(status, 0, bytes(ID), bytes("no event")));
        put(new ProducerRecord<>(status, 0, bytes(ID), bytes("[]")));
        put(new ProducerRecord<>(status, 0, bytes(ID), null));
        put(new ProducerRecord<>(status, 1, null, bytes("no key")));

        Traced traced = trace(Hint.none());

        assertThat(traced.events())
                .singleElement()
                .satisfies(event -> assertThat(event.status()).isEqualTo("submitted"));
        assertThat(traced.unreadable()).isEqualTo(2);
        assertThat(traced.searched().records()).isEqualTo(5);
        assertThat(traced.searched().brokenOff()).isNull();
    }

    @Test
    void eventsOfANewerPetrelAreToldAsFarAsTheyAreKnown() throws Exception {
        put(new ProducerRecord<>(
                status,
                0,
                bytes(ID),
                bytes("{\"version\":9,\"status\":\"pondered\",\"attempt\":{},\"reason\":{\"class\":\"moon\"},"
                        + "\"skipped\":[{\"provider\":\"a\",\"reason\":\"mist\"}],\n\"at\":\"soon\",\"weight\":[1]}")));

        assertThat(trace(Hint.none()).events()).singleElement().satisfies(event -> {
            assertThat(event.status()).isEqualTo("pondered");
            assertThat(event.attempt()).isNull();
            assertThat(event.at()).isAfter(Instant.EPOCH);
            assertThat(event.json()).doesNotContain("\n").contains("\"weight\":[1]");
        });
    }

    @Test
    void whatWasAbortedWasNeverTold() throws Exception {
        try (KafkaProducer<byte[], byte[]> transactional = producer(Map.of("transactional.id", status))) {
            transactional.initTransactions();
            transactional.beginTransaction();
            transactional.send(event(0, ID, "failed"));
            transactional.flush();
            transactional.abortTransaction();
        }
        tell(1, ID, "submitted");

        assertThat(trace(Hint.none()).events())
                .singleElement()
                .satisfies(event -> assertThat(event.partition()).isEqualTo(1));
    }

    @Test
    void withoutTheRequestsRecordItsWholePartitionIsRead() throws Exception {
        for (int i = 0; i < 3; i++) {
            put(new ProducerRecord<>(requests, 1, null, bytes("{}")));
        }
        tell(1, ID, "submitted");
        assertThat(trace(Hint.source(1, 0)).searched().since()).isNotNull();
        try (var admin = broker.admin()) {
            admin.deleteRecords(Map.of(new TopicPartition(requests, 1), RecordsToDelete.beforeOffset(2)))
                    .all()
                    .get();
        }

        Traced traced = trace(Hint.source(1, 0));

        assertThat(traced.events()).hasSize(1);
        assertThat(traced.searched().since()).isNull();
        assertThat(traced.searched().only()).isEqualTo(1);
    }

    /** Nothing is told of a repeat; of the first something may have been long before. */
    @Test
    void atThePlaceOfARepeatTheFirstIsFound() throws Exception {
        status = status + "-by-its-writers-time";
        broker.createTopic(status, 2, Map.of("message.timestamp.type", "CreateTime"));
        reader = reader();
        Instant now = Instant.now();
        tellAt(now.minus(Duration.ofMinutes(29)), ID, "1:0", "delivered");
        put(new ProducerRecord<>(requests, 1, now.toEpochMilli(), null, bytes("{}")));
        put(new ProducerRecord<>(requests, 1, now.toEpochMilli(), null, bytes("{}")));

        tellAt(now, "other", "1:0", "submitted");
        assertThat(trace(Hint.source(1, 1)).events())
                .as("of what stands behind nothing was told: it waits")
                .isEmpty();
        tellAt(now, "another", "1:2", "submitted");
        Traced traced = trace(Hint.source(1, 1));
        assertThat(traced.events())
                .singleElement()
                .satisfies(event -> assertThat(event.status()).isEqualTo("delivered"));
        assertThat(traced.searched().since()).isBefore(now.minus(Hint.WINDOW));
    }

    private void tellAt(Instant at, String id, String source, String word) throws Exception {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                status,
                1,
                at.toEpochMilli(),
                bytes(id),
                bytes("{\"requestId\":\"" + id + "\",\"status\":\"" + word + "\"}"));
        record.headers().add("source", bytes(source));
        put(record);
    }

    /** However many questions that takes. */
    @Test
    void allThatIsAskedHasOnePatience() {
        for (ThrowableAssert.ThrowingCallable each : List.<ThrowableAssert.ThrowingCallable>of(
                () -> nobody().trace(ID, Hint.source(1, 0), Instant.now(), Duration.ofSeconds(1)),
                () -> nobody().isAsked(1, 0, ID, "web", Duration.ofSeconds(1)))) {
            assertThatThrownBy(each)
                    .isInstanceOfSatisfying(
                            TopicProblems.class,
                            problems -> assertThat(problems.lines())
                                    .singleElement()
                                    .asString()
                                    .contains("no answer within 1 s"));
        }
    }

    /** A reader whose place is gone begins anew. */
    @Test
    void whatIsReadASecondTimeIsToldOnce() {
        TraceReader.Reading reading = new TraceReader.Reading(ID, null);
        ConsumerRecord<byte[], byte[]> one =
                new ConsumerRecord<>(status, 0, 7, bytes(ID), bytes("{\"status\":\"submitted\"}"));
        ConsumerRecord<byte[], byte[]> other =
                new ConsumerRecord<>(status, 1, 7, bytes(ID), bytes("{\"status\":\"delivered\"}"));
        List.of(one, other, one, other).forEach(reading::take);

        assertThat(reading.events).extracting(TracedEvent::status).containsExactly("submitted", "delivered");
    }

    @Test
    void keepsNoMoreThanOneRequestCanHave() throws Exception {
        for (int i = 0; i < 2500; i++) {
            producer.send(event(0, ID, "receipt"));
        }
        producer.flush();

        Traced traced = trace(Hint.none());

        assertThat(traced.events()).hasSize(2000);
        assertThat(traced.searched().brokenOff()).isEqualTo("more was there than is kept");
    }

    private Traced trace(Hint hint) {
        return reader.trace(ID, hint, Instant.now(), TraceReader.PATIENCE);
    }

    private void tell(int partition, String id, String word) throws Exception {
        put(event(partition, id, word));
    }

    private ProducerRecord<byte[], byte[]> event(int partition, String id, String word) {
        return new ProducerRecord<>(
                status, partition, bytes(id), bytes("{\"requestId\":\"" + id + "\",\"status\":\"" + word + "\"}"));
    }

    private void put(ProducerRecord<byte[], byte[]> record) throws Exception {
        producer.send(record).get(30, TimeUnit.SECONDS);
    }

    private KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("bootstrap.servers", broker.bootstrapServers());
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
