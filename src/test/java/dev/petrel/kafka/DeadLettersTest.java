package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.delivery.Term;
import dev.petrel.journal.SeenRequests;
import dev.petrel.metrics.Meters;
import dev.petrel.testing.Loop;
import dev.petrel.testing.ManualTime;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadLettersTest {
    private final Loop loop = new Loop();
    private final ManualTime time = new ManualTime();
    private final ScriptedProducer producer = new ScriptedProducer();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final DeadLetters letters =
            new DeadLetters(producer, "sms.requests.dlq", loop.context(), time, new Meters(registry));
    private final PartitionTerm term = new PartitionTerm(
            new TopicPartition("sms.requests", 3), new Term(3, 1), new SeenRequests(Duration.ofMinutes(11), 1), 0);

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void copiesKeyBytesAndHeadersAndSaysWhy() {
        Future<Void> written = write("no request");
        ProducerRecord<byte[], byte[]> letter = producer.history().get(0);
        assertThat(letter.key()).isEqualTo("key".getBytes(UTF_8));
        assertThat(letter.value()).isEqualTo("no request".getBytes(UTF_8));
        assertThat(headers(letter))
                .isEqualTo(Map.of(
                        "trace", "abc",
                        "dlq.reason", "text: is required",
                        "dlq.topic", "sms.requests",
                        "dlq.partition", "3",
                        "dlq.offset", "1182",
                        "dlq.at", "2026-11-24T04:05:00Z"));
        assertThat(written.isComplete()).isFalse();
        producer.completeNext();
        loop.settle();
        assertThat(written.succeeded()).isTrue();
        assertThat(unwritten()).isZero();
    }

    @Test
    void leavesTheValueOutWhereItIsTooLarge() {
        producer.refuses = record -> record.value() != null ? new RecordTooLargeException() : null;
        Future<Void> written = write("no request");
        loop.settle();
        producer.completeNext();
        loop.settle();
        assertThat(written.succeeded()).isTrue();
        ProducerRecord<byte[], byte[]> letter = producer.history().get(0);
        assertThat(letter.value()).isNull();
        assertThat(letter.key()).isNotNull();
        assertThat(headers(letter)).containsEntry("dlq.truncated", "true").containsEntry("trace", "abc");
    }

    @Test
    void leavesKeyAndForeignHeadersOutWhereEvenThatIsTooLarge() {
        producer.refuses = record -> record.key() != null ? new RecordTooLargeException() : null;
        write("no request");
        loop.settle();
        loop.settle();
        assertThat(producer.history()).hasSize(1);
        assertThat(headers(producer.history().get(0)))
                .containsEntry("dlq.truncated", "true")
                .doesNotContainKey("trace");
    }

    @Test
    void isNotAlertedByTheFirstRefusalSinceTheTopicsMetadataMayNotBeThereYet() {
        producer.refuses = record -> new TimeoutException("no metadata");
        write("no request");
        loop.settle();
        producer.refuses = record -> null;
        advance(Duration.ofMillis(100));
        assertThat(producer.history()).hasSize(1);
        assertThat(alerts()).isZero();
    }

    @Test
    void triesAgainForAsLongAsItTakesAndAlertsOnce() {
        producer.refuses = record -> new TopicAuthorizationException("sms.requests.dlq");
        Future<Void> written = write("no request");
        Future<Void> other = write("no request either");
        for (int second = 0; second < 60; second++) {
            advance(Duration.ofSeconds(1));
        }
        assertThat(alerts()).isEqualTo(1);
        assertThat(written.isComplete()).isFalse();
        assertThat(unwritten()).isEqualTo(2);
        assertThat(producer.sends).isLessThan(40);
        producer.refuses = record -> null;
        for (int i = 0; i < 4; i++) {
            advance(Duration.ofSeconds(5));
            while (producer.completeNext()) {
                loop.settle();
            }
        }
        assertThat(written.succeeded()).isTrue();
        assertThat(other.succeeded()).isTrue();
    }

    @Test
    void aDrainWaitsForALetterOnItsWayButNotForOneThatIsStuck() {
        producer.refuses = record -> new TimeoutException("no metadata");
        write("no request");
        loop.settle();
        Future<Void> drained = loop.call(() -> term.term().drain());
        assertThat(drained.isComplete()).isFalse();
        advance(Duration.ofMillis(100));
        assertThat(drained.succeeded()).isTrue();
    }

    @Test
    void leavesTheLettersOfATermThatIsGoneToTheNextOwner() {
        producer.refuses = record -> new TimeoutException("no metadata");
        Future<Void> written = write("no request");
        loop.settle();
        loop.run(() -> term.term().lose());
        producer.refuses = record -> null;
        advance(Duration.ofSeconds(10));
        assertThat(producer.history()).isEmpty();
        assertThat(written.isComplete()).isFalse();
        assertThat(unwritten()).isZero();
    }

    private Future<Void> write(String value) {
        Headers headers = new RecordHeaders();
        headers.add("trace", "abc".getBytes(UTF_8));
        headers.add("dlq.reason", "forged".getBytes(UTF_8));
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(
                "sms.requests",
                3,
                1182,
                0,
                TimestampType.LOG_APPEND_TIME,
                3,
                value.length(),
                "key".getBytes(UTF_8),
                value.getBytes(UTF_8),
                headers,
                Optional.empty());
        return loop.call(() -> letters.write(record, "text: is required", term));
    }

    private void advance(Duration duration) {
        loop.run(() -> time.advance(duration));
        loop.settle();
    }

    private double unwritten() {
        return registry.get("petrel.dead.letters.unwritten").gauge().value();
    }

    private double alerts() {
        return registry.find("petrel.alerts").counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    private static Map<String, String> headers(ProducerRecord<byte[], byte[]> record) {
        Map<String, String> headers = new LinkedHashMap<>();
        record.headers().forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));
        return headers;
    }
}
