package dev.petrel.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.kafka.AvailabilityPublisher.Told;
import dev.petrel.metrics.Meters;
import dev.petrel.time.Time;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AvailabilityTailTest {
    private static final TopicPartition STATUS = new TopicPartition("status", 0);
    private static final TopicPartition STATES = new TopicPartition("availability", 0);
    private static final Duration SOON = Duration.ofSeconds(20);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Queue<List<Told>> said = new ConcurrentLinkedQueue<>();
    private final Admin nobody = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:1"));
    private final AtomicInteger refused = new AtomicInteger();
    private volatile boolean away;
    private final MockConsumer<byte[], byte[]> consumer = consumer();
    private final Vertx vertx = Vertx.vertx();
    private final ShiftedTime time = new ShiftedTime();
    private final AtomicInteger givenUp = new AtomicInteger();
    private final Queue<Throwable> fatal = new ConcurrentLinkedQueue<>();
    private AvailabilityTail tail;

    private void start(Supplier<Consumer<byte[], byte[]>> consumers) {
        tail = new AvailabilityTail(
                consumers,
                new KafkaConfig.Topics(
                        "requests", "status", "dead", "feedback", "availability", "control", "instances"),
                new RequestLag(nobody, "requests", "petrel"),
                vertx.getOrCreateContext(),
                time,
                new Meters(registry),
                said::add,
                givenUp::incrementAndGet,
                fatal::add);
    }

    @AfterEach
    void end() {
        tail.end();
        var unused = vertx.close();
        nobody.close(Duration.ZERO);
    }

    @Test
    void saysNothingWhileItReadsWithADelay() {
        start(() -> consumer);
        await().atMost(SOON).until(() -> said.size() >= 2);
        assertThat(alerts()).isZero();

        consumer.updateEndOffsets(Map.of(STATUS, 20L, STATES, 0L));
        await().atMost(SOON).until(() -> alerts() == 1);
        int before = said.size();
        await().during(Duration.ofSeconds(3)).atMost(SOON).until(() -> said.size() == before);

        consumer.updateEndOffsets(Map.of(STATUS, 10L, STATES, 0L));
        await().atMost(SOON).until(() -> said.size() > before);
        assertThat(alerts()).isEqualTo(1);
        assertThat(givenUp).hasValue(0);
    }

    /** As when a name can't be resolved for a moment. */
    @Test
    void goesOnTryingWhereNoConsumerCanBeMade() {
        AtomicInteger tries = new AtomicInteger();
        start(() -> {
            if (tries.incrementAndGet() == 1) {
                throw new ConfigException("No resolvable bootstrap urls");
            }
            return consumer;
        });

        await().atMost(SOON).until(() -> !said.isEmpty());
        assertThat(tries).hasValue(2);
        assertThat(fatal).isEmpty();
    }

    @Test
    void asksToGiveUpAfterHalfAMinuteBehindAnEndThatKafkaTells() {
        start(() -> consumer);
        await().atMost(SOON).until(() -> !said.isEmpty());
        consumer.updateEndOffsets(Map.of(STATUS, 20L, STATES, 0L));
        await().atMost(SOON).until(() -> alerts() == 1);
        assertThat(givenUp).hasValue(0);

        time.shift(Duration.ofSeconds(30));
        await().atMost(SOON).until(() -> givenUp.get() > 0);
    }

    @Test
    void doesNotAskToWhileKafkaDoesNotAnswer() {
        start(() -> consumer);
        await().atMost(SOON).until(() -> !said.isEmpty());
        away = true;
        for (int i = 0; i < 5; i++) {
            int before = refused.get();
            time.shift(Duration.ofSeconds(15));
            await().atMost(SOON).until(() -> refused.get() >= before + 2);
        }

        assertThat(alerts()).isEqualTo(1);
        assertThat(givenUp).hasValue(0);
    }

    @Test
    void anErrorIsFatal() {
        Error error = new OutOfMemoryError("made up");
        start(() -> {
            throw error;
        });

        await().atMost(SOON).until(() -> !fatal.isEmpty());
        assertThat(fatal).containsExactly(error);
    }

    /** The real one, and then some. */
    private static final class ShiftedTime implements Time {
        private final AtomicLong ahead = new AtomicLong();

        void shift(Duration further) {
            ahead.addAndGet(further.toNanos());
        }

        @Override
        public Instant now() {
            return Instant.now().plusNanos(ahead.get());
        }

        @Override
        public long nanos() {
            return System.nanoTime() + ahead.get();
        }

        @Override
        public long nanosLessLag() {
            return nanos();
        }

        @Override
        public Timer after(Duration delay, Runnable task) {
            throw new UnsupportedOperationException();
        }
    }

    private double alerts() {
        return registry.find("petrel.alerts").tag("kind", "availability_silent").counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    /** At the end of a status topic of ten events. */
    private MockConsumer<byte[], byte[]> consumer() {
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest") {
            @Override
            public synchronized Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
                    Map<TopicPartition, Long> times, Duration limit) {
                return Map.of();
            }

            @Override
            public synchronized Map<TopicPartition, Long> endOffsets(
                    Collection<TopicPartition> partitions, Duration limit) {
                if (away) {
                    refused.incrementAndGet();
                    throw new TimeoutException("nobody is there");
                }
                return super.endOffsets(partitions, limit);
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
