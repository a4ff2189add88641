package dev.petrel.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.petrel.testing.EmbeddedBroker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** How much time a look has, by a clock that the test moves. */
class TopicScanIT {
    private static final int RECORDS = 300;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String TOO_LONG = "it took longer than 10 s";

    private final EmbeddedBroker broker = EmbeddedBroker.shared();
    private final AtomicLong nanos = new AtomicLong();
    private int read;
    private TopicScan scan;
    private List<TopicPartition> partitions;
    private Map<TopicPartition, Long> begins;
    private Map<TopicPartition, Long> ends;

    @BeforeEach
    void start(TestInfo test) {
        String topic = "scan-" + test.getTestMethod().orElseThrow().getName();
        broker.createTopic(topic, 1);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int i = 0; i < RECORDS; i++) {
                producer.send(new ProducerRecord<>(topic, new byte[100_000]));
            }
        }
        scan = new TopicScan(
                new KafkaConfig(
                        "scan",
                        broker.bootstrapServers(),
                        "scan",
                        KafkaConfig.GroupProtocol.CLASSIC,
                        new KafkaConfig.Topics(
                                "requests", topic, "dead", "feedback", "availability", "control", "instances"),
                        Map.of(),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(5)),
                PATIENCE,
                nanos::get);
        partitions = scan.partitions(topic, null);
        begins = scan.begins(partitions);
        ends = scan.ends(partitions);
    }

    @AfterEach
    void stop() {
        scan.close();
    }

    @Test
    void readsToTheEnd() {
        assertThat(read(0)).isNull();
        assertThat(read).isEqualTo(RECORDS);
    }

    @Test
    void stopsWhenPatienceIsOverAndSaysSo() {
        assertThat(read(1)).isEqualTo(TOO_LONG);
        assertThat(read).isPositive().isLessThan(RECORDS);
    }

    @Test
    void aReadingForWhichNothingIsLeftSaysHowLongAllTook() {
        nanos.addAndGet(PATIENCE.toNanos());
        assertThat(read(0)).isEqualTo(TOO_LONG);
        assertThat(read).isZero();
        assertThat(scan.isOver()).isTrue();
    }

    /** Kafka's consumer, asked without time, says that there is nothing. */
    @Test
    void aQuestionForWhichNothingIsLeftIsNotAnsweredWithNothing() {
        nanos.addAndGet(PATIENCE.toNanos() - 1);
        for (ThrowableAssert.ThrowingCallable each : List.<ThrowableAssert.ThrowingCallable>of(
                () -> scan.ends(partitions), () -> scan.since(Instant.EPOCH, ends))) {
            assertThatThrownBy(each).isInstanceOf(TopicProblems.class).hasMessageContaining("no answer within 10 s");
        }
    }

    /** @param late of the patience, from the first record on */
    private String read(int late) {
        return scan.read(begins, ends, record -> {
            if (read++ == 0) {
                nanos.addAndGet(late * PATIENCE.toNanos());
            }
            return true;
        });
    }
}
