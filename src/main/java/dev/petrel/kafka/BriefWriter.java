package dev.petrel.kafka;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Writes what somebody outside waits for, by a producer of short patience. May be called on any event loop; the future
 * completes on that one. What could not be queued for want of metadata is handed over again for a second; after that, and
 * after the producer's delivery timeout without an acknowledgement, it fails, and was perhaps written. What comes while
 * {@value #MOST_OUTSTANDING} wait fails at once.
 */
final class BriefWriter {
    static final int MOST_OUTSTANDING = 5_000;

    private static final long FIRST_REPEAT_MILLIS = 50;
    /** Many wait while Kafka is away, and each of them costs the event loop something with each try. */
    private static final long LATER_REPEATS_MILLIS = 250;

    private static final Duration REPEATED_FOR = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final Producer<byte[], byte[]> producer;
    private final AtomicInteger outstanding = new AtomicInteger();
    /** As the producer sees it, on its own thread: a busy event loop is no silence. */
    private final Acknowledgements acknowledgements = new Acknowledgements(System::nanoTime);

    BriefWriter(Vertx vertx, Producer<byte[], byte[]> producer) {
        this.vertx = vertx;
        this.producer = producer;
    }

    /** Handed to Kafka and not yet acknowledged. */
    int outstanding() {
        return outstanding.get();
    }

    /** Whether Kafka acknowledges nothing of what was written lately. On any thread. */
    boolean isUnheard() {
        return acknowledgements.isUnheard();
    }

    private void heard(@Nullable Exception failure) {
        if (failure == null) {
            acknowledgements.acknowledged();
        } else {
            acknowledgements.failed();
        }
    }

    /** Learns where the topic's partitions are, so that the first need not wait; what fails, the first tries again. */
    Future<Void> warmUp(String topic) {
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

    /** Succeeds, with its place, once the brokers have acknowledged it. */
    Future<RecordMetadata> write(ProducerRecord<byte[], byte[]> record) {
        if (outstanding.incrementAndGet() > MOST_OUTSTANDING) {
            outstanding.decrementAndGet();
            return Future.failedFuture("too many records wait for their acknowledgement");
        }
        Entry entry = new Entry(record, vertx.getOrCreateContext());
        entry.send();
        return entry.written.future();
    }

    /** Writes what is queued, and no more. */
    Future<Void> close(Duration limit) {
        return vertx.executeBlocking(
                () -> {
                    producer.close(limit);
                    return null;
                },
                false);
    }

    /** One record on its way. */
    private final class Entry {
        private final ProducerRecord<byte[], byte[]> record;
        private final Context context;
        private final Promise<RecordMetadata> written = Promise.promise();
        private final long since = System.nanoTime();
        private long repeatMillis = FIRST_REPEAT_MILLIS;

        Entry(ProducerRecord<byte[], byte[]> record, Context context) {
            this.record = record;
            this.context = context;
        }

        void send() {
            acknowledgements.asked();
            try {
                producer.send(record, (metadata, failure) -> {
                    heard(failure);
                    context.runOnContext(there -> answered(metadata, failure));
                });
            } catch (RuntimeException failure) {
                heard(failure);
                context.runOnContext(there -> answered(null, failure));
            }
        }

        private void answered(@Nullable RecordMetadata metadata, @Nullable Exception failure) {
            Duration taken = Duration.ofNanos(System.nanoTime() - since);
            if (failure != null && isWorthRepeating(failure) && taken.compareTo(REPEATED_FOR) < 0) {
                vertx.setTimer(repeatMillis, again -> send());
                repeatMillis = Math.min(2 * repeatMillis, LATER_REPEATS_MILLIS);
                return;
            }
            outstanding.decrementAndGet();
            if (failure == null) {
                written.complete(metadata);
            } else {
                written.fail(failure);
            }
        }

        /** A lack of metadata is told with its reason behind it. */
        private static boolean isWorthRepeating(Exception failure) {
            return failure instanceof RetriableException && !(failure.getCause() instanceof AuthorizationException);
        }
    }
}
