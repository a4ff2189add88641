package dev.petrel.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.kafka.AvailabilityPublisher.Told;
import dev.petrel.metrics.Meters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AvailabilityTailTest {
    private static final TopicPartition STATUS = new TopicPartition("status", 0);
    private static final TopicPartition STATES = new TopicPartition("availability", 0);
    private static final Duration SOON = Duration.ofSeconds(20);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Queue<List<Told>> said = new ConcurrentLinkedQueue<>();
    private final Admin nobody = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:1"));
    private final MockConsumer<byte[], byte[]> consumer = consumer();
    private final AvailabilityTail tail = new AvailabilityTail(
            consumer,
            new KafkaConfig.Topics("requests", "status", "dead", "feedback", "availability", "control", "instances"),
            new RequestLag(nobody, "requests", "petrel"),
            InstantSource.system(),
            new Meters(registry),
            said::add);

    @AfterEach
    void end() {
        tail.end();
        nobody.close(Duration.ZERO);
    }

    @Test
    void saysNothingWhileItReadsWithADelay() {
        await().atMost(SOON).until(() -> said.size() >= 2);
        assertThat(alerts()).isZero();

        consumer.updateEndOffsets(Map.of(STATUS, 20L, STATES, 0L));
        await().atMost(SOON).until(() -> alerts() == 1);
        int before = said.size();
        await().during(Duration.ofSeconds(3)).atMost(SOON).until(() -> said.size() == before);

        consumer.updateEndOffsets(Map.of(STATUS, 10L, STATES, 0L));
        await().atMost(SOON).until(() -> said.size() > before);
        assertThat(alerts()).isEqualTo(1);
    }

    private double alerts() {
        return registry.find("petrel.alerts").tag("kind", "availability_silent").counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    /** At the end of a status topic of ten events. */
    private static MockConsumer<byte[], byte[]> consumer() {
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest") {
            @Override
            public synchronized Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
                    Map<TopicPartition, Long> times, Duration limit) {
                return Map.of();
            }
        };
        Node node = new Node(1, "127.0.0.1", 1);
        Node[] nodes = {node};
        consumer.updatePartitions("status", List.of(new PartitionInfo("status", 0, node, nodes, nodes)));
        consumer.updateBeginningOffsets(Map.of(STATUS, 0L, STATES, 0L));
        consumer.updateEndOffsets(Map.of(STATUS, 10L, STATES, 0L));
        return consumer;
    }
}
