package dev.petrel.kafka;

import dev.petrel.metrics.Meters;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the feedback partitions of the request partitions that are ours: from the point in time where the reading of the
 * status partition begins, and then on for as long as it is ours.
 *
 * <p>Apart from {@link JournalTail}, with a thread and a consumer of its own: feedback is optional, and must not hold up
 * the journal when it can't be read. What is read before it is handed over is kept in its {@link FeedbackReading}, as
 * ids; every word after that goes to its term, on the event loop.
 */
final class FeedbackTail {
    private static final Logger log = LoggerFactory.getLogger(FeedbackTail.class);
    private static final Duration POLL = Duration.ofMillis(100);

    final String topic;
    final Duration window;
    final long seed;
    final java.util.function.Consumer<String> verified;
    final Context context;
    final Meters meters;
    final FeedbackCodec codec = new FeedbackCodec();
    private final TailThread thread;
    private final Map<TopicPartition, FeedbackReading> readings = new HashMap<>();
    private boolean missing;
    private boolean failing;

    /**
     * @param window how long an id is remembered at least
     * @param seed of the hash that ids are kept by
     * @param verified is told on the event loop of each word that is read after the hand-over of its partition
     * @param context of the event loop where answers are given
     * @param fatal told there when nothing can be read any more
     */
    FeedbackTail(
            KafkaClients clients,
            String topic,
            Duration window,
            long seed,
            java.util.function.Consumer<String> verified,
            Context context,
            Meters meters,
            java.util.function.Consumer<Throwable> fatal) {
        this.topic = topic;
        this.window = window;
        this.seed = seed;
        this.verified = verified;
        this.context = context;
        this.meters = meters;
        this.thread = new TailThread("petrel-feedback", clients::feedbackConsumer, context, fatal, new Turns());
        thread.start();
    }

    /** Reads the feedback of a request partition that was taken, once it is told from when on. */
    FeedbackReading follow(PartitionTerm term) {
        FeedbackReading reading = new FeedbackReading(this, term);
        ask(() -> {
            readings.put(reading.partition, reading);
            assign();
        });
        return reading;
    }

    /** The term is over. */
    void forget(PartitionTerm term) {
        ask(() -> {
            if (readings.values().removeIf(reading -> reading.term == term)) {
                assign();
            }
        });
    }

    Future<Void> close() {
        return thread.close();
    }

    void ask(Runnable step) {
        thread.ask(step);
    }

    /** Those that were assigned before keep their positions. On the thread only, like all that its readings call below. */
    void assign() {
        consumer()
                .assign(readings.values().stream()
                        .filter(FeedbackReading::isStarted)
                        .map(reading -> reading.partition)
                        .toList());
    }

    Consumer<byte[], byte[]> consumer() {
        return thread.consumer();
    }

    /** Warns of the first failure in a row. */
    void failed(RuntimeException failed) {
        if (!failing) {
            log.warn("{} can't be read, and is tried again until it can: {}", topic, failed.toString());
        }
        failing = true;
    }

    /** It can be read: the next failure is the first of a row. */
    void works() {
        failing = false;
    }

    /** Warns of the first partition that is not there. */
    void missing(TopicPartition partition) {
        if (!missing) {
            log.warn("{} has no partition {}: it goes without feedback", topic, partition.partition());
        }
        missing = true;
    }

    private final class Turns implements TailThread.Tail {
        @Override
        public void turn() {
            if (readings.isEmpty()) {
                thread.idle();
                return;
            }
            startOne();
            readings.values().forEach(FeedbackReading::lookForEnd);
            if (consumer().assignment().isEmpty()) {
                thread.idle();
                return;
            }
            ConsumerRecords<byte[], byte[]> records = consumer().poll(POLL);
            for (FeedbackReading reading : readings.values()) {
                reading.read(records.records(reading.partition));
            }
        }

        /** One in a turn, and no more of those that fail: it may take a while, and the others must be read meanwhile. */
        private void startOne() {
            for (FeedbackReading reading : readings.values()) {
                if (reading.isDue()) {
                    reading.tryToStart();
                    readings.values().forEach(FeedbackReading::excuse);
                    return;
                }
            }
        }

        @Override
        public void failed(RuntimeException cause) {
            FeedbackTail.this.failed(cause);
        }

        @Override
        public void broken(Error cause) {
            log.error("{} can't be read any more: {}", topic, cause.toString());
        }
    }
}
