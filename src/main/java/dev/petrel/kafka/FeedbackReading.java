package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.petrel.delivery.Term;
import dev.petrel.journal.JournalEvent;
import dev.petrel.journal.SeenRequests;
import dev.petrel.metrics.Alert;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The feedback of one partition, read for one term. On the thread of {@link FeedbackTail}, but for what says otherwise.
 */
final class FeedbackReading {
    private static final Logger log = LoggerFactory.getLogger(FeedbackReading.class);
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final long REPEAT = TimeUnit.SECONDS.toNanos(1);
    private static final long LOOK_AGAIN = TimeUnit.SECONDS.toNanos(10);
    /** What is not read to its end within this time, and brings nothing, begins anew: the topic is not what it was. */
    private static final long STALLED = TimeUnit.SECONDS.toNanos(10);

    final PartitionTerm term;
    final TopicPartition partition;
    private final FeedbackTail tail;
    private final Promise<SeenRequests> handedOver = Promise.promise();
    private SeenRequests ids;
    private boolean timed;
    private long since;
    private long due;
    private boolean started;
    /** There is nothing to be read, or what was there at the start is. */
    private boolean caughtUp;

    private boolean wanted;
    private boolean live;
    private long end;
    private long progress;

    FeedbackReading(FeedbackTail tail, PartitionTerm term) {
        this.tail = tail;
        this.term = term;
        this.partition = new TopicPartition(tail.topic, term.partition().partition());
        this.ids = new SeenRequests(tail.window, tail.seed);
    }

    /**
     * From when on it is to be read, in milliseconds since the epoch; begins anew where it was read before. Any thread.
     */
    void beginAt(long from) {
        tail.ask(() -> {
            since = from;
            timed = true;
            caughtUp = false;
            beginAnew(0);
        });
    }

    /**
     * Succeeds, on the event loop, when everything is read that was there at the start, with the ids that were verified
     * until now, each at the offset 0: they are the caller's. What comes after that is told to the term, and to whoever
     * counts it. At once where there is no such partition; never where it can't be read; never fails. To be called once,
     * on the event loop.
     */
    Future<SeenRequests> handOver() {
        tail.ask(() -> wanted = true);
        return handedOver.future();
    }

    boolean isStarted() {
        return started;
    }

    boolean isDue() {
        return timed && !started && System.nanoTime() - due >= 0;
    }

    private void beginAnew(long delay) {
        started = false;
        due = System.nanoTime() + delay;
        tail.assign();
    }

    /** Nothing could be read for a while. */
    void excuse() {
        progress = System.nanoTime();
    }

    void tryToStart() {
        try {
            start();
        } catch (WakeupException asking) {
            throw asking;
        } catch (RuntimeException failed) {
            tail.failed(failed);
            beginAnew(REPEAT);
        }
    }

    private void start() {
        if (tail.consumer().partitionsFor(tail.topic, LIMIT).size() <= partition.partition()) {
            tail.missing(partition);
            caughtUp = true;
            due = System.nanoTime() + LOOK_AGAIN;
            return;
        }
        end = tail.consumer().endOffsets(List.of(partition), LIMIT).getOrDefault(partition, 0L);
        OffsetAndTimestamp first =
                tail.consumer().offsetsForTimes(Map.of(partition, since), LIMIT).get(partition);
        started = true;
        caughtUp |= first == null;
        tail.assign();
        tail.consumer().seek(partition, first == null ? end : first.offset());
        tail.works();
    }

    void read(List<ConsumerRecord<byte[], byte[]>> records) {
        if (records.isEmpty()) {
            return;
        }
        tail.works();
        progress = System.nanoTime();
        long now = System.currentTimeMillis();
        List<JournalEvent> words = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            String requestId = tail.codec.verified(record.value());
            if (requestId == null) {
                tail.meters.feedbackMalformed();
                continue;
            }
            tail.meters.feedbackVerified();
            byte[] id = requestId.getBytes(US_ASCII);
            if (live) {
                words.add(JournalEvent.verified(id, record.timestamp()));
            } else {
                var unused = ids.see(id, 0, now);
            }
        }
        if (!words.isEmpty()) {
            tail.context.runOnContext(here -> words.forEach(this::tell));
        }
    }

    void lookForEnd() {
        if (started && !caughtUp) {
            caughtUp = isAtEnd();
            if (!caughtUp && System.nanoTime() - progress > STALLED) {
                beginAnew(REPEAT);
            }
        }
        if (caughtUp && wanted && !live) {
            live = true;
            SeenRequests known = ids;
            ids = new SeenRequests(tail.window, tail.seed); // those are the event loop's from now on
            tail.context.runOnContext(here -> handedOver.tryComplete(known));
        }
    }

    private boolean isAtEnd() {
        try {
            return tail.consumer().position(partition, Duration.ZERO) >= end;
        } catch (TimeoutException notYet) {
            return false;
        }
    }

    /** On the event loop. */
    private void tell(JournalEvent word) {
        if (term.term().state() == Term.State.GONE) {
            return; // the next owner reads it too
        }
        try {
            term.toldByAnother(word);
            tail.verified.accept(new String(word.requestId(), US_ASCII));
        } catch (RuntimeException stray) {
            tail.meters.alert(Alert.STRAY_EXCEPTION);
            log.error("A word of the auth service was not taken in: {}", stray.getClass());
        }
    }
}
