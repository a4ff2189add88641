package dev.petrel.kafka;

import dev.petrel.delivery.ReceiptSink;
import dev.petrel.message.ReceiptEvent;
import dev.petrel.metrics.Meters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Receipts on the status topic, each on the partition of its request, by a producer of their own: they must not stand in
 * the way of statuses, nor end the process where statuses would. How long it tries, see {@link BriefWriter}; four seconds
 * without an acknowledgement is a failure.
 */
public final class KafkaReceiptSink implements ReceiptSink {
    private final BriefWriter writer;
    private final String topic;
    private final StatusCodec codec;
    private final Meters meters;

    /** @param random gives this run of the instance its name */
    public KafkaReceiptSink(
            Vertx vertx, KafkaClients clients, KafkaConfig config, RandomGenerator random, Meters meters) {
        this(
                vertx,
                clients.receiptProducer(),
                config.topics().status(),
                new StatusCodec(
                        config.topics().status(),
                        config.topics().requests(),
                        Writer.atStart(config.instanceId(), random)),
                meters);
    }

    KafkaReceiptSink(Vertx vertx, Producer<byte[], byte[]> producer, String topic, StatusCodec codec, Meters meters) {
        this.writer = new BriefWriter(vertx, producer);
        this.topic = topic;
        this.codec = codec;
        this.meters = meters;
        meters.gauge(
                "petrel.receipts.unacknowledged",
                "Receipts handed to Kafka and not yet acknowledged",
                null,
                writer::outstanding);
    }

    /** Learns where the topic's partitions are, so that the first receipts need not wait. */
    public Future<Void> warmUp() {
        return writer.warmUp(topic);
    }

    @Override
    public Future<Void> tell(ReceiptEvent event) {
        long since = System.nanoTime();
        return writer.write(encode(event))
                .onSuccess(written -> meters.receiptPublished(Duration.ofNanos(System.nanoTime() - since)))
                .mapEmpty();
    }

    /** Writes what is queued, and no more. */
    public Future<Void> close(Duration limit) {
        return writer.close(limit);
    }

    private ProducerRecord<byte[], byte[]> encode(ReceiptEvent event) {
        synchronized (codec) {
            return codec.encode(event);
        }
    }
}
