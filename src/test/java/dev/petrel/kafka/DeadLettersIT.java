package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.delivery.Term;
import dev.petrel.testing.EmbeddedBroker;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DeadLettersIT {
    private static EmbeddedBroker broker;

    private final PartitionTerm term = new PartitionTerm(
            new TopicPartition("sms.requests", 3), new Term(3, 1, () -> true), new AtomicBoolean(), () -> 0);

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void copiesKeyBytesAndHeadersAndSaysWhy() {
        broker.createTopic("copies", 1);
        try (SinkStage stage = new SinkStage(broker, "copies", Map.of())) {
            await().until(write(stage, "key", "no request")::succeeded);
            assertThat(unwritten(stage)).isZero();
        }
        ConsumerRecord<byte[], byte[]> letter = only("copies");
        assertThat(new String(letter.key(), UTF_8)).isEqualTo("key");
        assertThat(new String(letter.value(), UTF_8)).isEqualTo("no request");
        Map<String, String> headers = headers(letter);
        assertThat(Instant.parse(headers.remove("dlq.at"))).isBeforeOrEqualTo(Instant.now());
        assertThat(headers)
                .isEqualTo(Map.of(
                        "trace", "abc",
                        "dlq.reason", "text: is required",
                        "dlq.topic", "sms.requests",
                        "dlq.partition", "3",
                        "dlq.offset", "1182"));
    }

    @Test
    void leavesTheValueOutWhereItIsTooLarge() {
        narrow("narrow");
        try (SinkStage stage = new SinkStage(broker, "narrow", Map.of())) {
            await().until(write(stage, "key", "x".repeat(1000))::succeeded);
        }
        ConsumerRecord<byte[], byte[]> letter = only("narrow");
        assertThat(letter.value()).isNull();
        assertThat(new String(letter.key(), UTF_8)).isEqualTo("key");
        assertThat(headers(letter)).containsEntry("dlq.truncated", "true").containsEntry("trace", "abc");
    }

    @Test
    void leavesKeyAndForeignHeadersOutWhereEvenThatIsTooLarge() {
        narrow("narrower");
        try (SinkStage stage = new SinkStage(broker, "narrower", Map.of())) {
            await().until(write(stage, "k".repeat(1000), "x")::succeeded);
        }
        ConsumerRecord<byte[], byte[]> letter = only("narrower");
        assertThat(letter.key()).isNull();
        assertThat(headers(letter)).containsEntry("dlq.truncated", "true").doesNotContainKey("trace");
    }

    @Test
    void triesAgainForAsLongAsItTakesAndAlertsOnce() {
        try (SinkStage stage = new SinkStage(broker, "missing", Map.of())) {
            Future<Void> first = write(stage, "key", "no request");
            Future<Void> second = write(stage, "key", "no request either");
            await().until(() -> stage.counter("petrel.alerts") > 0);
            assertThat(unwritten(stage)).isEqualTo(2);
            assertThat(first.isComplete() || second.isComplete()).isFalse();

            broker.createTopic("missing", 1);
            await().atMost(Duration.ofSeconds(30)).until(() -> first.succeeded() && second.succeeded());
            assertThat(stage.counter("petrel.alerts")).isEqualTo(1);
            assertThat(unwritten(stage)).isZero();
        }
        assertThat(broker.records("missing")).hasSize(2);
    }

    @Test
    void isAlertedWithoutTheRightToWriteAndGoesOnWithIt() {
        broker.createTopic("forbidden", 1);
        broker.denyWrites("forbidden");
        try (SinkStage stage = new SinkStage(broker, "forbidden", Map.of())) {
            Future<Void> written = write(stage, "key", "no request");
            await().until(() -> stage.counter("petrel.alerts") > 0);
            assertThat(stage.fatal).isEmpty();

            broker.allowWrites("forbidden");
            await().atMost(Duration.ofSeconds(30)).until(written::succeeded);
        }
    }

    @Test
    void aDrainDoesNotWaitForALetterThatIsStuck() {
        try (SinkStage stage = new SinkStage(broker, "never", Map.of())) {
            Future<Void> written = write(stage, "key", "no request");
            Future<Void> drained = stage.loop.call(() -> term.term().drain());
            await().until(drained::succeeded);
            assertThat(written.isComplete()).isFalse();
        }
    }

    @Test
    void leavesTheLettersOfATermThatIsGoneToTheNextOwner() {
        try (SinkStage stage = new SinkStage(broker, "gone", Map.of())) {
            Future<Void> written = write(stage, "key", "no request");
            await().until(() -> stage.counter("petrel.alerts") > 0);
            stage.loop.run(() -> term.term().lose());

            await().until(() -> unwritten(stage) == 0);
            assertThat(written.isComplete()).isFalse();
        }
    }

    private static void narrow(String topic) {
        broker.createTopic(topic, 1, Map.of("max.message.bytes", "600"));
    }

    private Future<Void> write(SinkStage stage, String key, String value) {
        Headers headers = new RecordHeaders();
        headers.add("trace", "abc".getBytes(UTF_8));
        headers.add("dlq.reason", "forged".getBytes(UTF_8));
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(
                "sms.requests",
                3,
                1182,
                0,
                TimestampType.LOG_APPEND_TIME,
                key.length(),
                value.length(),
                key.getBytes(UTF_8),
                value.getBytes(UTF_8),
                headers,
                Optional.empty());
        return stage.loop.call(() -> stage.letters.write(record, "text: is required", term));
    }

    private static double unwritten(SinkStage stage) {
        return stage.registry.get("petrel.dead.letters.unwritten").gauge().value();
    }

    private static ConsumerRecord<byte[], byte[]> only(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = broker.records(topic);
        assertThat(records).hasSize(1);
        return records.get(0);
    }

    private static Map<String, String> headers(ConsumerRecord<byte[], byte[]> record) {
        Map<String, String> headers = new LinkedHashMap<>();
        record.headers().forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));
        return headers;
    }
}
