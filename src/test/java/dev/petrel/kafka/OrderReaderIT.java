package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.control.Order;
import dev.petrel.control.Orders;
import dev.petrel.control.Warrant;
import dev.petrel.kafka.KafkaConfig.GroupProtocol;
import dev.petrel.metrics.Meters;
import dev.petrel.testing.EmbeddedBroker;
import dev.petrel.testing.Loop;
import dev.petrel.testing.Platform;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OrderReaderIT {
    private final EmbeddedBroker broker = EmbeddedBroker.shared();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Orders orders = new Orders();
    private final AtomicInteger changes = new AtomicInteger();
    private final KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers(), "linger.ms", 0),
            new ByteArraySerializer(),
            new ByteArraySerializer());

    private static KafkaConfig config(String servers, String control) {
        return new KafkaConfig(
                "test",
                servers,
                "group-" + control,
                GroupProtocol.CLASSIC,
                new KafkaConfig.Topics("r", "s", "d", "f", "a", control, "i"),
                Map.of(),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10));
    }

    @Test
    void everythingThatStandsOnTheTopicIsInForceBeforeItSaysSoAndTheRestAtOnce() throws Exception {
        String topic = "orders-read-in-full";
        broker.createTopic(topic, 1, Map.of("cleanup.policy", "compact"));
        KafkaConfig config = config(broker.bootstrapServers(), topic);
        KafkaClients clients = new KafkaClients(config);
        Instant now = Instant.now();
        Warrant warrant = Warrant.of("alice", "drill", now, now.plusSeconds(3600));
        List<Order> many = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            many.add(new Order.StopTenant("tenant-" + i, warrant));
        }
        try (Loop loop = new Loop()) {
            OrderWriter writer = new OrderWriter(loop.context().owner(), clients, config.topics());
            put(topic, "junk", "no order");
            put(topic, "stop-tenant/other", new String(OrderCodec.encode(many.get(0)), UTF_8));
            for (Order order : many) {
                put(topic, order.key(), new String(OrderCodec.encode(order), UTF_8));
            }
            put(topic, "stop-tenant/tenant-1", null);
            Platform.get(writer.write(many.get(2).lifted(new Warrant.Lifting("bob", "over", now))));
            OrderReader reader = new OrderReader(
                    clients,
                    config.topics(),
                    orders,
                    InstantSource.system(),
                    new Meters(registry),
                    loop.context(),
                    changes::incrementAndGet,
                    fatal -> {});

            Platform.get(reader.start());

            assertThat(orders.inForce(now)).hasSize(498);
            assertThat(orders.isTenantStopped("tenant-499", now)).isTrue();
            assertThat(orders.isTenantStopped("tenant-1", now)).isFalse();
            assertThat(orders.isTenantStopped("tenant-2", now)).isFalse();
            assertThat(registry.get("petrel.orders.malformed").counter().count())
                    .isEqualTo(2);
            assertThat(registry.get("petrel.orders")
                            .tag("kind", "stop_tenant")
                            .gauge()
                            .value())
                    .isEqualTo(498);

            Platform.get(writer.write(new Order.Drain("sns-eu", "IN", warrant)));
            await().until(() -> orders.isDrained("sns-eu", "IN", now) && changes.get() > 0);
            Platform.get(reader.close());
            Platform.get(writer.close());
        }
    }

    @Test
    void anOrderThatNobodyAcknowledgesFails() throws Exception {
        String topic = "orders-denied";
        broker.createTopic(topic, 1, Map.of("cleanup.policy", "compact"));
        KafkaConfig config = config(broker.bootstrapServers(), topic);
        broker.denyWrites(topic);
        Instant now = Instant.now();
        try (Loop loop = new Loop()) {
            OrderWriter writer = new OrderWriter(loop.context().owner(), new KafkaClients(config), config.topics());

            assertThat(writer.write(new Order.StopCountry(
                                    "IN", Warrant.of("alice", "drill", now, now.plusSeconds(3600))))
                            .toCompletionStage()
                            .toCompletableFuture())
                    .failsWithin(Duration.ofSeconds(30));
            Platform.get(writer.close());
        }
    }

    @AfterEach
    void close() {
        producer.close(Duration.ofSeconds(1));
    }

    private void put(String topic, String key, @Nullable String value) {
        producer.send(
                new ProducerRecord<>(topic, 0, key.getBytes(UTF_8), value == null ? null : value.getBytes(UTF_8)));
        producer.flush();
    }
}
