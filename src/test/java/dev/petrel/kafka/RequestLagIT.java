package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.testing.EmbeddedBroker;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class RequestLagIT {
    private static final String TOPIC = "lag";
    private static final int PARTITIONS = 12;
    private static final Duration SOON = Duration.ofSeconds(20);

    private final EmbeddedBroker broker = EmbeddedBroker.shared();

    /** Each partition ends with a marker, behind a request that was begun and is not done. */
    @Test
    void theMarkersOfTransactionsAreNoRequests() throws Exception {
        broker.createTopic(TOPIC, PARTITIONS);
        try (Admin admin = broker.admin();
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", "auth"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            producer.initTransactions();
            RequestLag lag = new RequestLag(admin, TOPIC, "nobody");
            publish(producer, PARTITIONS, 3);
            await().atMost(SOON).until(() -> notBegun(lag) == PARTITIONS * 4);
            for (int partition = 0; partition < PARTITIONS; partition++) {
                lag.told(partition, 2);
            }
            assertThat(notBegun(lag)).isZero();

            publish(producer, 1, 10);
            await().atMost(SOON).until(() -> notBegun(lag) >= 10);
        }
    }

    private static long notBegun(RequestLag lag) {
        lag.ask(PARTITIONS, System.nanoTime());
        return lag.notBegun(Duration.ZERO, System.nanoTime());
    }

    private static void publish(KafkaProducer<byte[], byte[]> producer, int partitions, int each) {
        producer.beginTransaction();
        for (int partition = 0; partition < partitions; partition++) {
            for (int i = 0; i < each; i++) {
                var unused = producer.send(
                        new ProducerRecord<>(TOPIC, partition, "key".getBytes(UTF_8), "{}".getBytes(UTF_8)));
            }
        }
        producer.commitTransaction();
    }
}
