package dev.petrel.kafka;

import dev.petrel.delivery.ReceiptSink;
import dev.petrel.message.ReceiptEvent;
import dev.petrel.metrics.Meters;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Receipts on the status topic, each on the partition of its request, by a producer of their own: they must not stand in
 * the way of statuses, nor end the process where statuses would. May be called on any event loop; the future completes
 * on that one. What could not be queued for want of metadata is handed over again for a second; after that, and after
 * four seconds without an acknowledgement, it fails. So does what comes while {@value #MOST_OUTSTANDING} wait.
 */
public final class KafkaReceiptSink implements ReceiptSink {
    static final int MOST_OUTSTANDING = 5_000;

    private static final Duration REPEAT = Duration.ofMillis(50);
    private static final Duration REPEATED_FOR = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final StatusCodec codec;
    private final Meters meters;
    private final AtomicInteger outstanding = new AtomicInteger();

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
        this.vertx = vertx;
        this.producer = producer;
        this.topic = topic;
        this.codec = codec;
        this.meters = meters;
        meters.gauge(
                "petrel.receipts.unacknowledged",
                "Receipts handed to Kafka and not yet acknowledged",
                null,
                outstanding::get);
    }

    /** Learns where the topic's partitions are, so that the first receipts need not wait; what fails, a receipt tries again. */
    public Future<Void> warmUp() {
        return vertx.executeBlocking(
                        () -> {
                            try {
                                return producer.partitionsFor(topic).size();
                            } catch (TimeoutException asked) { // it waits no longer than a send may, but has asked
                                return 0;
                            }
                        },
                        false)
                .mapEmpty();
    }

    @Override
    public Future<Void> tell(ReceiptEvent event) {
        Entry entry = new Entry(encode(event), vertx.getOrCreateContext());
        if (outstanding.incrementAndGet() > MOST_OUTSTANDING) {
            outstanding.decrementAndGet();
            return Future.failedFuture("too many receipts wait for their acknowledgement");
        }
        entry.send();
        return entry.told.future();
    }

    /** Writes what is queued, and no more. */
    public Future<Void> close(Duration limit) {
        return vertx.executeBlocking(
                () -> {
                    producer.close(limit);
                    return null;
                },
                false);
    }

    private ProducerRecord<byte[], byte[]> encode(ReceiptEvent event) {
        synchronized (codec) {
            return codec.encode(event);
        }
    }

    /** One receipt on its way. */
    private final class Entry {
        private final ProducerRecord<byte[], byte[]> record;
        private final Context context;
        private final Promise<Void> told = Promise.promise();
        private final long since = System.nanoTime();

        Entry(ProducerRecord<byte[], byte[]> record, Context context) {
            this.record = record;
            this.context = context;
        }

        void send() {
            try {
                producer.send(record, (metadata, failure) -> context.runOnContext(there -> answered(failure)));
            } catch (RuntimeException failure) {
                context.runOnContext(there -> answered(failure));
            }
        }

        private void answered(@Nullable Exception failure) {
            Duration taken = Duration.ofNanos(System.nanoTime() - since);
            if (failure != null && isWorthRepeating(failure) && taken.compareTo(REPEATED_FOR) < 0) {
                vertx.setTimer(REPEAT.toMillis(), again -> send());
                return;
            }
            outstanding.decrementAndGet();
            if (failure == null) {
                meters.receiptPublished(taken);
                told.complete();
            } else {
                told.fail(failure);
            }
        }

        /** A lack of metadata is told with its reason behind it. */
        private static boolean isWorthRepeating(Exception failure) {
            return failure instanceof RetriableException && !(failure.getCause() instanceof AuthorizationException);
        }
    }
}
