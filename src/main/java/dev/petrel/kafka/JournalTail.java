package dev.petrel.kafka;

import dev.petrel.journal.JournalEvent;
import dev.petrel.journal.PartitionJournal;
import dev.petrel.metrics.Alert;
import dev.petrel.metrics.Meters;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the status partitions of the request partitions that are ours: back to where each has to begin when it is taken
 * over, and then on for as long as it is ours.
 *
 * <pre>
 *   to start ──► replaying ──► its end is reached: we mark it ──► our mark is read: handed over ──► tailing
 * </pre>
 *
 * <p>What comes before our mark is folded into the {@link PartitionJournal}, here, on one thread for all partitions; with
 * the mark the journal goes to the event loop, and what others tell after it follows there, event by event. Our own
 * echo is passed over: it was applied when it was told.
 */
final class JournalTail {
    private static final Logger log = LoggerFactory.getLogger(JournalTail.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long IDLE = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long REPEAT = TimeUnit.SECONDS.toNanos(1);
    /** A replay that reads nothing for this long begins anew: the topic is not what it was. */
    private static final long STALLED = TimeUnit.SECONDS.toNanos(10);

    private final KafkaClients clients;
    private final String statusTopic;
    private final Duration window;
    private final long seed;
    private final Context context;
    private final Meters meters;
    private final java.util.function.Consumer<Throwable> fatal;
    private final Thread thread = new Thread(this::run, "petrel-journal");
    private final Queue<Runnable> asked = new ConcurrentLinkedQueue<>();
    private final Map<TopicPartition, Reading> readings = new HashMap<>();
    private volatile @Nullable Consumer<byte[], byte[]> consumer;
    private volatile @Nullable JournalStart start;
    private final Promise<Void> closed = Promise.promise();
    private volatile boolean closing;

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
        this.fatal = fatal;
        thread.setDaemon(true);
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
    Reading follow(
            PartitionTerm term,
            long position,
            byte[] writer,
            java.util.function.Consumer<JournalEvent> told,
            LongConsumer begins) {
        Reading reading = new Reading(term, position, writer, told, begins);
        ask(() -> {
            readings.put(reading.status, reading);
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
        closing = true;
        wakeUp();
        return closed.future();
    }

    private void ask(Runnable step) {
        asked.add(step);
        wakeUp();
    }

    private void wakeUp() {
        Consumer<byte[], byte[]> polling = consumer;
        if (polling != null) {
            polling.wakeup();
        }
        JournalStart looking = start;
        if (looking != null && closing) {
            looking.wakeUp();
        }
        LockSupport.unpark(thread);
    }

    private void run() {
        while (!closing) {
            try {
                turn();
            } catch (WakeupException asking) {
                log.trace("Something was asked of the journal");
            } catch (RuntimeException failed) {
                log.warn("Reading {} failed: {}", statusTopic, failed.toString());
                LockSupport.parkNanos(REPEAT);
            } catch (Error failed) {
                log.error("The journal can't be read any more: {}", failed.toString());
                context.runOnContext(here -> fatal.accept(failed));
                break;
            }
        }
        try {
            JournalStart looking = start;
            if (looking != null) {
                looking.close();
            }
            Consumer<byte[], byte[]> reading = consumer;
            if (reading != null) {
                reading.close(CloseOptions.timeout(Duration.ZERO));
            }
        } catch (RuntimeException failed) {
            log.debug("The journal's consumers were not closed: {}", failed.toString());
        }
        context.runOnContext(over -> closed.complete());
    }

    private void turn() {
        for (Runnable step = asked.poll(); step != null; step = asked.poll()) {
            step.run();
        }
        if (readings.isEmpty()) {
            LockSupport.parkNanos(IDLE);
            return;
        }
        startOne();
        ConsumerRecords<byte[], byte[]> records = consumer().poll(POLL);
        for (Reading reading : readings.values()) {
            reading.read(records.records(reading.status));
        }
        for (Reading reading : readings.values()) {
            reading.lookForEnd();
        }
    }

    /** One in a turn, and no more of those that fail: it may take a while, and the others must be read meanwhile. */
    private void startOne() {
        for (Reading reading : readings.values()) {
            if (reading.isDue()) {
                reading.start();
                readings.values().forEach(Reading::excuse);
                return;
            }
        }
    }

    private Consumer<byte[], byte[]> consumer() {
        Consumer<byte[], byte[]> made = consumer;
        if (made == null) {
            made = clients.journalConsumer();
            consumer = made;
        }
        return made;
    }

    /** Those that were assigned before keep their positions. */
    private void assign() {
        consumer()
                .assign(readings.values().stream()
                        .filter(reading -> reading.state != State.TO_START)
                        .map(reading -> reading.status)
                        .toList());
    }

    private enum State {
        TO_START,
        REPLAYING,
        /** Everything that was there is read; our mark is not yet. */
        TO_BE_MARKED,
        TAILING
    }

    /** One partition that is read, for one term. */
    final class Reading {
        private final PartitionTerm term;
        private final TopicPartition status;
        private final long position;
        private final byte[] writer;
        private final java.util.function.Consumer<JournalEvent> told;
        private final LongConsumer begins;
        private final Promise<Void> replayed = Promise.promise();
        private final Promise<PartitionJournal> handedOver = Promise.promise();
        private State state = State.TO_START;
        private volatile boolean marked;
        private long due = System.nanoTime();
        private PartitionJournal journal = new PartitionJournal(0, window, 0, seed);
        private long end;
        private long begun;
        private long progress;
        private long events;

        private Reading(
                PartitionTerm term,
                long position,
                byte[] writer,
                java.util.function.Consumer<JournalEvent> told,
                LongConsumer begins) {
            this.term = term;
            this.status = new TopicPartition(statusTopic, term.partition().partition());
            this.position = position;
            this.writer = writer;
            this.told = told;
            this.begins = begins;
        }

        /** Succeeds, on the event loop, when everything is read that was there; never fails. */
        Future<Void> replayed() {
            return replayed.future();
        }

        /** Succeeds, on the event loop, when our mark is read, with all that was told before it; never fails. */
        Future<PartitionJournal> handedOver() {
            return handedOver.future();
        }

        /** Our mark is acknowledged. */
        void marked() {
            marked = true;
        }

        private boolean isDue() {
            return state == State.TO_START && System.nanoTime() - due >= 0;
        }

        /** Nothing could be read for a while. */
        private void excuse() {
            progress = System.nanoTime();
        }

        private void start() {
            try {
                JournalStart.Start from = starts().find(term.partition(), position, status);
                long shift = Math.max(0, Instant.now().toEpochMilli() - from.lastAt());
                journal = new PartitionJournal(position, window, shift, seed);
                end = from.end();
                begun = System.nanoTime();
                progress = begun;
                events = 0;
                state = State.REPLAYING;
                assign();
                consumer().seek(status, from.offset());
                begins.accept(from.since());
            } catch (WakeupException asking) {
                throw asking;
            } catch (RuntimeException failed) {
                log.warn("{} can't be read back for {}: {}", statusTopic, term.partition(), failed.toString());
                beginAnew();
            }
        }

        private void beginAnew() {
            state = State.TO_START;
            due = System.nanoTime() + REPEAT;
        }

        private void read(List<ConsumerRecord<byte[], byte[]>> records) {
            List<JournalEvent> ofOthers = new ArrayList<>();
            long now = System.currentTimeMillis();
            for (ConsumerRecord<byte[], byte[]> record : records) {
                if (state == State.TO_BE_MARKED && JournalCodec.isMark(record, writer)) {
                    handOver();
                } else if (state != State.TAILING || !JournalCodec.isBy(record, writer)) {
                    JournalEvent event = JournalCodec.read(record);
                    if (event != null && state == State.TAILING) {
                        ofOthers.add(event);
                    } else if (event != null) {
                        events++;
                        journal.apply(event, now);
                    }
                }
            }
            if (!ofOthers.isEmpty()) {
                context.runOnContext(here -> ofOthers.forEach(this::tell));
            }
            if (!records.isEmpty()) {
                progress = System.nanoTime();
            }
        }

        /** One that goes wrong must not cost the others: what was read is not read again. */
        private void tell(JournalEvent event) {
            try {
                told.accept(event);
            } catch (RuntimeException stray) {
                meters.alert(Alert.STRAY_EXCEPTION);
                log.error("An event of {} was not taken in: {}", status, stray.getClass());
            }
        }

        private void lookForEnd() {
            switch (state) {
                case REPLAYING -> {
                    if (isAtEnd()) {
                        meters.replayed(events, Duration.ofNanos(System.nanoTime() - begun));
                        askForMark();
                    } else {
                        beginAnewIfStalled();
                    }
                }
                case TO_BE_MARKED -> {
                    if (marked) {
                        beginAnewIfStalled(); // it was written, and is not there
                    } else {
                        progress = System.nanoTime();
                    }
                }
                case TO_START, TAILING -> {}
            }
        }

        private boolean isAtEnd() {
            try {
                return consumer().position(status, Duration.ZERO) >= end;
            } catch (TimeoutException notYet) {
                return false;
            }
        }

        private void askForMark() {
            if (marked) {
                handOver(); // this is not the first time, and whatever came of the mark is read
            } else {
                state = State.TO_BE_MARKED;
                context.runOnContext(here -> replayed.tryComplete());
            }
        }

        private void beginAnewIfStalled() {
            if (System.nanoTime() - progress > STALLED) {
                log.warn("{} is not what it was, and is read from its beginning again", status);
                beginAnew();
            }
        }

        private void handOver() {
            PartitionJournal known = journal;
            log.info(
                    "{} read back in {} ms: {} events; from the committed offset on {} requests are finished and {} open",
                    status,
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun),
                    events,
                    known.finished(),
                    known.open());
            state = State.TAILING;
            journal = new PartitionJournal(0, window, 0, seed); // that one is the event loop's from now on
            context.runOnContext(here -> handedOver.tryComplete(known));
        }
    }

    private JournalStart starts() {
        JournalStart made = start;
        if (made == null) {
            made = new JournalStart(clients.journalConsumer(), window);
            start = made;
        }
        return made;
    }
}
