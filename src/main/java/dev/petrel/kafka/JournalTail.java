package dev.petrel.kafka;

import dev.petrel.journal.JournalEvent;
import dev.petrel.journal.PartitionJournal;
import dev.petrel.metrics.Meters;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the status partitions of the request partitions that are ours: back to where each has to begin when it is taken
 * over, and then on for as long as it is ours.
 *
 * <p>What comes before our mark is folded into the {@link PartitionJournal}, here, on one thread for all partitions; with
 * the mark the journal goes to the event loop, and what others tell after it follows there, event by event. Our own
 * echo is passed over: it was applied when it was told. {@link JournalReading} does so for one partition.
 */
final class JournalTail {
    private static final Logger log = LoggerFactory.getLogger(JournalTail.class);
    private static final Duration POLL = Duration.ofMillis(100);
    /** A receipt is heard of up to twice this later, and its request waits for it. */
    private static final Duration GATHER = Duration.ofMillis(5);

    final String statusTopic;
    final Duration window;
    final long seed;
    final Context context;
    final Meters meters;
    private final KafkaClients clients;
    private final TailThread thread;
    private final Map<TopicPartition, JournalReading> readings = new HashMap<>();
    private volatile @Nullable JournalStart start;

    /**
     * @param window how long an id is remembered at least
     * @param seed of the hash that ids are kept by
     * @param context of the event loop where answers are given
     * @param fatal told there when nothing can be read any more
     */
    JournalTail(
            KafkaClients clients,
            String statusTopic,
            Duration window,
            long seed,
            Context context,
            Meters meters,
            java.util.function.Consumer<Throwable> fatal) {
        this.clients = clients;
        this.statusTopic = statusTopic;
        this.window = window;
        this.seed = seed;
        this.context = context;
        this.meters = meters;
        this.thread = new TailThread("petrel-journal", clients::journalConsumer, context, fatal, new Turns());
        thread.start();
    }

    /**
     * Begins to read the status partition of a request partition that was taken.
     *
     * @param position the first request that will come
     * @param writer what the header of that name holds of all that we tell under this term
     * @param told is called on the event loop for each event of others that comes after our mark
     * @param begins is told the point in time where the reading begins, in milliseconds since the epoch, each time that it
     *     begins; on the thread of the journal
     */
    JournalReading follow(
            PartitionTerm term,
            long position,
            byte[] writer,
            java.util.function.Consumer<JournalEvent> told,
            LongConsumer begins) {
        JournalReading reading = new JournalReading(this, term, position, writer, told, begins);
        thread.ask(() -> {
            readings.put(reading.status, reading);
            assign();
        });
        return reading;
    }

    /** The term is over. */
    void forget(PartitionTerm term) {
        thread.ask(() -> {
            if (readings.values().removeIf(reading -> reading.term == term)) {
                assign();
            }
        });
    }

    Future<Void> close() {
        return thread.close();
    }

    /** Those that were assigned before keep their positions. On the thread only, like the two below. */
    void assign() {
        consumer()
                .assign(readings.values().stream()
                        .filter(JournalReading::isStarted)
                        .map(reading -> reading.status)
                        .toList());
    }

    Consumer<byte[], byte[]> consumer() {
        return thread.consumer();
    }

    JournalStart starts() {
        JournalStart made = start;
        if (made == null) {
            made = new JournalStart(clients.journalConsumer(), window);
            start = made;
        }
        return made;
    }

    private final class Turns implements TailThread.Tail {
        @Override
        public void turn() {
            if (readings.isEmpty()) {
                thread.idle();
                return;
            }
            startOne();
            ConsumerRecords<byte[], byte[]> records = consumer().poll(POLL);
            for (JournalReading reading : readings.values()) {
                reading.read(records.records(reading.status));
            }
            for (JournalReading reading : readings.values()) {
                reading.lookForEnd();
            }
            if (readings.values().stream().allMatch(JournalReading::isTailing)) {
                thread.gather(records.count(), GATHER);
            }
        }

        /** One in a turn, and no more of those that fail: it may take a while, and the others must be read meanwhile. */
        private void startOne() {
            for (JournalReading reading : readings.values()) {
                if (reading.isDue()) {
                    reading.start();
                    readings.values().forEach(JournalReading::excuse);
                    return;
                }
            }
        }

        @Override
        public void failed(RuntimeException cause) {
            log.warn("Reading {} failed: {}", statusTopic, cause.toString());
        }

        @Override
        public void broken(Error cause) {
            log.error("The journal can't be read any more: {}", cause.toString());
        }

        @Override
        public void wakeUp() {
            JournalStart looking = start;
            if (looking != null) {
                looking.wakeUp();
            }
        }

        @Override
        public void close() {
            JournalStart looking = start;
            if (looking != null) {
                looking.close();
            }
        }
    }
}
