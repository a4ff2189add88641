package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.petrel.delivery.Term;
import dev.petrel.journal.JournalEvent;
import dev.petrel.journal.SeenRequests;
import dev.petrel.metrics.Alert;
import dev.petrel.metrics.Meters;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the feedback partitions of the request partitions that are ours: from the point in time where the reading of the
 * status partition begins, and then on for as long as it is ours.
 *
 * <p>Apart from {@link JournalTail}, with a thread and a consumer of its own: feedback is optional, and must not hold up
 * the journal when it can't be read. What is read before it is handed over is kept here, as ids; every word after that
 * goes to its term, on the event loop.
 */
final class FeedbackTail {
    private static final Logger log = LoggerFactory.getLogger(FeedbackTail.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final long IDLE = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long REPEAT = TimeUnit.SECONDS.toNanos(1);
    private static final long LOOK_AGAIN = TimeUnit.SECONDS.toNanos(10);
    /** What is not read to its end within this time, and brings nothing, begins anew: the topic is not what it was. */
    private static final long STALLED = TimeUnit.SECONDS.toNanos(10);

    private final KafkaClients clients;
    private final String topic;
    private final Duration window;
    private final long seed;
    private final java.util.function.Consumer<String> verified;
    private final Context context;
    private final Meters meters;
    private final java.util.function.Consumer<Throwable> fatal;
    private final FeedbackCodec codec = new FeedbackCodec();
    private final Thread thread = new Thread(this::run, "petrel-feedback");
    private final Queue<Runnable> asked = new ConcurrentLinkedQueue<>();
    private final Map<TopicPartition, Reading> readings = new HashMap<>();
    private volatile @Nullable Consumer<byte[], byte[]> consumer;
    private final Promise<Void> closed = Promise.promise();
    private volatile boolean closing;
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
        this.clients = clients;
        this.topic = topic;
        this.window = window;
        this.seed = seed;
        this.verified = verified;
        this.context = context;
        this.meters = meters;
        this.fatal = fatal;
        thread.setDaemon(true);
        thread.start();
    }

    /** Reads the feedback of a request partition that was taken, once it is told from when on. */
    Reading follow(PartitionTerm term) {
        Reading reading = new Reading(term);
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
        LockSupport.unpark(thread);
    }

    private void run() {
        while (!closing) {
            try {
                turn();
            } catch (WakeupException asking) {
                log.trace("Something was asked of the feedback");
            } catch (RuntimeException failed) {
                failed(failed);
                LockSupport.parkNanos(REPEAT);
            } catch (Error failed) {
                log.error("{} can't be read any more: {}", topic, failed.toString());
                context.runOnContext(here -> fatal.accept(failed));
                break;
            }
        }
        try {
            Consumer<byte[], byte[]> reading = consumer;
            if (reading != null) {
                reading.close(CloseOptions.timeout(Duration.ZERO));
            }
        } catch (RuntimeException failed) {
            log.debug("The consumer of the feedback was not closed: {}", failed.toString());
        }
        context.runOnContext(over -> closed.complete());
    }

    /** Warns of the first failure in a row. */
    private void failed(RuntimeException failed) {
        if (!failing) {
            log.warn("{} can't be read, and is tried again until it can: {}", topic, failed.toString());
        }
        failing = true;
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
        readings.values().forEach(Reading::lookForEnd);
        if (consumer().assignment().isEmpty()) {
            LockSupport.parkNanos(IDLE);
            return;
        }
        ConsumerRecords<byte[], byte[]> records = consumer().poll(POLL);
        for (Reading reading : readings.values()) {
            reading.read(records.records(reading.partition));
        }
    }

    /** One in a turn, and no more of those that fail: it may take a while, and the others must be read meanwhile. */
    private void startOne() {
        for (Reading reading : readings.values()) {
            if (reading.isDue()) {
                reading.tryToStart();
                readings.values().forEach(Reading::excuse);
                return;
            }
        }
    }

    private Consumer<byte[], byte[]> consumer() {
        Consumer<byte[], byte[]> made = consumer;
        if (made == null) {
            made = clients.feedbackConsumer();
            consumer = made;
        }
        return made;
    }

    /** Those that were assigned before keep their positions. */
    private void assign() {
        consumer()
                .assign(readings.values().stream()
                        .filter(reading -> reading.started)
                        .map(reading -> reading.partition)
                        .toList());
    }

    /** One partition that is read, for one term. */
    final class Reading {
        private final PartitionTerm term;
        private final TopicPartition partition;
        private final Promise<SeenRequests> handedOver = Promise.promise();
        private SeenRequests ids = new SeenRequests(window, seed);
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

        private Reading(PartitionTerm term) {
            this.term = term;
            this.partition = new TopicPartition(topic, term.partition().partition());
        }

        /**
         * From when on it is to be read, in milliseconds since the epoch; begins anew where it was read before. Any thread.
         */
        void beginAt(long from) {
            ask(() -> {
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
            ask(() -> wanted = true);
            return handedOver.future();
        }

        private boolean isDue() {
            return timed && !started && System.nanoTime() - due >= 0;
        }

        private void beginAnew(long delay) {
            started = false;
            due = System.nanoTime() + delay;
            assign();
        }

        /** Nothing could be read for a while. */
        private void excuse() {
            progress = System.nanoTime();
        }

        private void tryToStart() {
            try {
                start();
            } catch (WakeupException asking) {
                throw asking;
            } catch (RuntimeException failed) {
                failed(failed);
                beginAnew(REPEAT);
            }
        }

        private void start() {
            if (consumer().partitionsFor(topic, LIMIT).size() <= partition.partition()) {
                if (!missing) {
                    log.warn("{} has no partition {}: it goes without feedback", topic, partition.partition());
                }
                missing = true;
                caughtUp = true;
                due = System.nanoTime() + LOOK_AGAIN;
                return;
            }
            end = consumer().endOffsets(List.of(partition), LIMIT).getOrDefault(partition, 0L);
            OffsetAndTimestamp first =
                    consumer().offsetsForTimes(Map.of(partition, since), LIMIT).get(partition);
            started = true;
            caughtUp |= first == null;
            assign();
            consumer().seek(partition, first == null ? end : first.offset());
            failing = false;
        }

        private void read(List<ConsumerRecord<byte[], byte[]>> records) {
            if (records.isEmpty()) {
                return;
            }
            failing = false;
            progress = System.nanoTime();
            long now = System.currentTimeMillis();
            List<JournalEvent> words = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : records) {
                String requestId = codec.verified(record.value());
                if (requestId == null) {
                    meters.feedbackMalformed();
                    continue;
                }
                meters.feedbackVerified();
                byte[] id = requestId.getBytes(US_ASCII);
                if (live) {
                    words.add(JournalEvent.verified(id, record.timestamp()));
                } else {
                    var unused = ids.see(id, 0, now);
                }
            }
            if (!words.isEmpty()) {
                context.runOnContext(here -> words.forEach(this::tell));
            }
        }

        private void lookForEnd() {
            if (started && !caughtUp) {
                caughtUp = isAtEnd();
                if (!caughtUp && System.nanoTime() - progress > STALLED) {
                    beginAnew(REPEAT);
                }
            }
            if (caughtUp && wanted && !live) {
                live = true;
                SeenRequests known = ids;
                ids = new SeenRequests(window, seed); // those are the event loop's from now on
                context.runOnContext(here -> handedOver.tryComplete(known));
            }
        }

        private boolean isAtEnd() {
            try {
                return consumer().position(partition, Duration.ZERO) >= end;
            } catch (TimeoutException notYet) {
                return false;
            }
        }

        private void tell(JournalEvent word) {
            if (term.term().state() == Term.State.GONE) {
                return; // the next owner reads it too
            }
            try {
                term.toldByAnother(word);
                verified.accept(new String(word.requestId(), US_ASCII));
            } catch (RuntimeException stray) {
                meters.alert(Alert.STRAY_EXCEPTION);
                log.error("A word of the auth service was not taken in: {}", stray.getClass());
            }
        }
    }
}
