package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.petrel.console.InstanceLine;
import dev.petrel.time.Time;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what this instance says of itself, every two seconds. A line that can't be written is left out: the next is due
 * soon. On a clean stop the instance takes its line away.
 *
 * <p>On one event loop, which it never blocks.
 */
public final class InstancePublisher {
    private static final Logger log = LoggerFactory.getLogger(InstancePublisher.class);
    private static final Duration EACH = Duration.ofSeconds(2);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final byte[] key;
    private final Supplier<InstanceLine> line;
    private final Time time;
    private Time.@Nullable Timer next;

    /** @param line as it is now; asked on the event loop */
    public InstancePublisher(
            Vertx vertx, KafkaClients clients, KafkaConfig config, Supplier<InstanceLine> line, Time time) {
        this.vertx = vertx;
        this.producer = clients.instancesProducer();
        this.topic = config.topics().instances();
        this.key = config.instanceId().getBytes(UTF_8);
        this.line = line;
        this.time = time;
    }

    public void start() {
        next = time.after(EACH, this::start);
        write(InstanceCodec.encode(line.get()));
    }

    /** Takes the line away, if there ever was one. On the event loop. */
    public Future<Void> close() {
        if (next != null) {
            next.cancel();
            write(null);
        }
        return vertx.executeBlocking(
                () -> {
                    producer.close(CLOSE_LIMIT);
                    return null;
                },
                false);
    }

    private void write(byte @Nullable [] value) {
        try {
            producer.send(new ProducerRecord<>(topic, 0, key, value), (written, failed) -> {
                if (failed != null) {
                    log.debug("A line of {} was not written: {}", topic, failed.toString());
                }
            });
        } catch (RuntimeException notNow) {
            log.debug("A line of {} was not written: {}", topic, notNow.toString());
        }
    }
}
