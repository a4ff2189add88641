package dev.petrel.kafka;

import dev.petrel.journal.JournalEvent;
import dev.petrel.journal.PartitionJournal;
import dev.petrel.metrics.Alert;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The status partition of one request partition, read for one term. On the thread of {@link JournalTail}, but for what
 * says otherwise.
 *
 * <pre>
 *   to start ──► replaying ──► its end is reached: we mark it ──► our mark is read: handed over ──► tailing
 * </pre>
 */
final class JournalReading {
    private static final Logger log = LoggerFactory.getLogger(JournalReading.class);
    private static final long REPEAT = TimeUnit.SECONDS.toNanos(1);
    /** A replay that reads nothing for this long begins anew: the topic is not what it was. */
    private static final long STALLED = TimeUnit.SECONDS.toNanos(10);

    final PartitionTerm term;
    final TopicPartition status;
    private final JournalTail tail;
    private final long position;
    private final byte[] writer;
    private final java.util.function.Consumer<JournalEvent> told;
    private final LongConsumer begins;
    private final Promise<Void> replayed = Promise.promise();
    private final Promise<PartitionJournal> handedOver = Promise.promise();
    private State state = State.TO_START;
    private volatile boolean marked;
    private long due = System.nanoTime();
    private PartitionJournal journal;
    private long end;
    private long begun;
    private long progress;
    private long events;

    private enum State {
        TO_START,
        REPLAYING,
        /** Everything that was there is read; our mark is not yet. */
        TO_BE_MARKED,
        TAILING
    }

    JournalReading(
            JournalTail tail,
            PartitionTerm term,
            long position,
            byte[] writer,
            java.util.function.Consumer<JournalEvent> told,
            LongConsumer begins) {
        this.tail = tail;
        this.term = term;
        this.status = new TopicPartition(tail.statusTopic, term.partition().partition());
        this.position = position;
        this.writer = writer;
        this.told = told;
        this.begins = begins;
        this.journal = new PartitionJournal(0, tail.window, 0, tail.seed);
    }

    /** Succeeds, on the event loop, when everything is read that was there; never fails. */
    Future<Void> replayed() {
        return replayed.future();
    }

    /** Succeeds, on the event loop, when our mark is read, with all that was told before it; never fails. */
    Future<PartitionJournal> handedOver() {
        return handedOver.future();
    }

    /** Our mark is acknowledged. Any thread. */
    void marked() {
        marked = true;
    }

    boolean isStarted() {
        return state != State.TO_START;
    }

    /** Handed over: from now on it is read as it is told. */
    boolean isTailing() {
        return state == State.TAILING;
    }

    boolean isDue() {
        return state == State.TO_START && System.nanoTime() - due >= 0;
    }

    /** Nothing could be read for a while. */
    void excuse() {
        progress = System.nanoTime();
    }

    void start() {
        try {
            JournalStart.Start from = tail.starts().find(term.partition(), position, status);
            long shift = Math.max(0, Instant.now().toEpochMilli() - from.lastAt());
            journal = new PartitionJournal(position, tail.window, shift, tail.seed);
            end = from.end();
            begun = System.nanoTime();
            progress = begun;
            events = 0;
            state = State.REPLAYING;
            tail.assign();
            tail.consumer().seek(status, from.offset());
            begins.accept(from.since());
        } catch (WakeupException asking) {
            throw asking;
        } catch (RuntimeException failed) {
            log.warn("{} can't be read back for {}: {}", tail.statusTopic, term.partition(), failed.toString());
            beginAnew();
        }
    }

    private void beginAnew() {
        state = State.TO_START;
        due = System.nanoTime() + REPEAT;
    }

    void read(List<ConsumerRecord<byte[], byte[]>> records) {
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
            tail.context.runOnContext(here -> ofOthers.forEach(this::tell));
        }
        if (!records.isEmpty()) {
            progress = System.nanoTime();
        }
    }

    /** On the event loop. One that goes wrong must not cost the others: what was read is not read again. */
    private void tell(JournalEvent event) {
        try {
            told.accept(event);
        } catch (RuntimeException stray) {
            tail.meters.alert(Alert.STRAY_EXCEPTION);
            log.error("An event of {} was not taken in: {}", status, stray.getClass());
        }
    }

    void lookForEnd() {
        switch (state) {
            case REPLAYING -> {
                if (isAtEnd()) {
                    tail.meters.replayed(events, Duration.ofNanos(System.nanoTime() - begun));
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
            return tail.consumer().position(status, Duration.ZERO) >= end;
        } catch (TimeoutException notYet) {
            return false;
        }
    }

    private void askForMark() {
        if (marked) {
            handOver(); // this is not the first time, and whatever came of the mark is read
        } else {
            state = State.TO_BE_MARKED;
            tail.context.runOnContext(here -> replayed.tryComplete());
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
        journal = new PartitionJournal(0, tail.window, 0, tail.seed); // that one is the event loop's from now on
        tail.context.runOnContext(here -> handedOver.tryComplete(known));
    }
}
