package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.petrel.control.Order;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes orders on the control topic. May be called on any event loop; the future completes on that one. */
public final class OrderWriter {
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final Producer<byte[], byte[]> producer;
    private final String topic;

    public OrderWriter(Vertx vertx, KafkaClients clients, KafkaConfig.Topics topics) {
        this.vertx = vertx;
        this.producer = clients.controlProducer();
        this.topic = topics.control();
    }

    /** Succeeds once the brokers have acknowledged it, in every copy that must be; fails after a few seconds. */
    public Future<Void> write(Order order) {
        byte[] key = order.key().getBytes(UTF_8);
        byte[] value = OrderCodec.encode(order);
        return vertx.executeBlocking(() -> {
            try {
                producer.send(new ProducerRecord<>(topic, 0, key, value)).get();
                return null;
            } catch (ExecutionException failed) {
                throw failed.getCause() instanceof Exception cause ? cause : failed;
            }
        });
    }

    public Future<Void> close() {
        return vertx.executeBlocking(
                () -> {
                    producer.close(CLOSE_LIMIT);
                    return null;
                },
                false);
    }
}
