package dev.petrel.kafka;

import dev.petrel.delivery.StatusSink;
import dev.petrel.delivery.Term;
import dev.petrel.message.Source;
import dev.petrel.message.StatusEvent;
import dev.petrel.metrics.Meters;
import dev.petrel.time.Time;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Statuses on their topic, each on the partition of its request.
 *
 * <p>Kafka's own producer behind the event loop: the wrapper would make a task for a worker of each send, and one send
 * that blocks would hold all. It never blocks here, so it fails where it would have blocked (no metadata, no room in its
 * buffer); such an event waits here and is handed over again, and all later ones of its partition wait behind it. Once
 * queued, an event is the producer's, for as long as it takes. What fails there can't be repeated without getting out of
 * order, and never by itself turns out well (no authorization, fenced, too large): nothing more is published then, and the
 * process is to end with its offsets uncommitted.
 */
public final class KafkaStatusSink implements StatusSink {
    private static final Logger log = LoggerFactory.getLogger(KafkaStatusSink.class);
    private static final Duration REPEAT = Duration.ofMillis(20);
    private static final Duration WARM_UP_LIMIT = Duration.ofSeconds(5);

    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final StatusCodec codec;
    private final Context context;
    private final Time time;
    private final Meters meters;
    private final Consumer<Throwable> fatal;
    private final Inbox<Entry> answers;
    private final ClockSkew skew;
    private final Map<Integer, Deque<Entry>> waiting = new HashMap<>();
    private BiConsumer<Source, Term> told = (source, term) -> {};
    private Time.@Nullable Timer repeatDue;
    private boolean over;
    private volatile int unacknowledged;

    /**
     * Made on the event loop.
     *
     * @param random gives this run of the instance its name
     * @param fatal told once when nothing can be published any more; on the event loop
     */
    public KafkaStatusSink(
            KafkaClients clients,
            KafkaConfig config,
            RandomGenerator random,
            Context context,
            Time time,
            Meters meters,
            Consumer<Throwable> fatal) {
        this(
                clients.statusProducer(),
                config.topics().status(),
                new StatusCodec(
                        config.topics().status(),
                        config.topics().requests(),
                        Writer.atStart(config.instanceId(), random)),
                context,
                time,
                meters,
                fatal);
    }

    KafkaStatusSink(
            Producer<byte[], byte[]> producer,
            String topic,
            StatusCodec codec,
            Context context,
            Time time,
            Meters meters,
            Consumer<Throwable> fatal) {
        this.producer = producer;
        this.topic = topic;
        this.codec = codec;
        this.context = context;
        this.time = time;
        this.meters = meters;
        this.fatal = fatal;
        this.answers = new Inbox<>(context, this::answered);
        this.skew = new ClockSkew(time, meters);
        meters.gauge(
                "petrel.statuses.unacknowledged",
                "Statuses handed to Kafka and not yet acknowledged",
                null,
                () -> unacknowledged);
    }

    @Override
    public Future<Void> publish(StatusEvent event, Term term) {
        return hand(new Entry(codec.encode(event, term), event.source(), term));
    }

    /** Marks on the status partition that this term has begun. Succeeds once acknowledged; never fails. */
    Future<Void> mark(Term term) {
        return hand(new Entry(codec.mark(term), null, term));
    }

    /** What the header {@code writer} holds of all that is told under this term. */
    byte[] writer(Term term) {
        return codec.writer(term).value();
    }

    /** @param told is called for each event that was acknowledged, with where its request came from */
    void whenTold(BiConsumer<Source, Term> told) {
        this.told = told;
    }

    /** Statuses handed over and not yet acknowledged; any thread. */
    public int unacknowledged() {
        return unacknowledged;
    }

    /** Learns where the topic's partitions are, off the event loop, so that the first sends need not be repeated. */
    Future<Integer> warmUp() {
        return context.owner()
                .executeBlocking(
                        () -> {
                            long limit = System.nanoTime() + WARM_UP_LIMIT.toNanos();
                            while (true) {
                                try {
                                    return producer.partitionsFor(topic).size();
                                } catch (TimeoutException notYet) { // it waits no longer than a send may
                                    if (System.nanoTime() - limit >= 0) {
                                        throw notYet;
                                    }
                                    LockSupport.parkNanos(REPEAT.toNanos());
                                }
                            }
                        },
                        false);
    }

    /** Publishes what is queued, and no more. */
    Future<Void> close(Duration limit) {
        over = true;
        return context.owner()
                .executeBlocking(
                        () -> {
                            producer.close(limit);
                            return null;
                        },
                        false);
    }

    private Future<Void> hand(Entry entry) {
        entry.term.begin();
        unacknowledged++;
        int partition = entry.record.partition();
        Deque<Entry> ahead = waiting.get(partition);
        if (ahead != null) {
            ahead.add(entry);
        } else if (!entry.send()) {
            waiting.computeIfAbsent(partition, none -> new ArrayDeque<>()).add(entry);
            repeatSoon();
        }
        return entry.promise.future();
    }

    private void repeatSoon() {
        if (repeatDue == null) {
            repeatDue = time.after(REPEAT, this::repeat);
        }
    }

    private void repeat() {
        repeatDue = null;
        waiting.values().removeIf(queue -> {
            while (!queue.isEmpty()) {
                meters.statusRepeated();
                if (!queue.getFirst().send()) {
                    return false;
                }
                queue.removeFirst();
            }
            return true;
        });
        if (!waiting.isEmpty() && !over) {
            repeatSoon();
        }
    }

    private void answered(Entry entry) {
        Exception failure = entry.failure;
        if (failure != null) {
            end(failure);
            return;
        }
        meters.statusPublished(Duration.ofNanos(time.nanos() - entry.since));
        unacknowledged--;
        if (entry.source != null) {
            told.accept(entry.source, entry.term);
        }
        entry.promise.complete();
        entry.term.end(); // last: all that follows from the acknowledgement is done, and a drain may be over
    }

    private void end(Exception failure) {
        if (!over) {
            over = true;
            log.error("No status can be published any more: {}", failure.toString());
            fatal.accept(failure);
        }
    }

    /** One record on its way. */
    private final class Entry implements Callback {
        final ProducerRecord<byte[], byte[]> record;
        final @Nullable Source source;
        final Term term;
        final Promise<Void> promise = Promise.promise();
        final long since = time.nanos();
        private volatile long handedOver;
        private volatile @Nullable Thread sender;
        private volatile @Nullable Exception failure;

        Entry(ProducerRecord<byte[], byte[]> record, @Nullable Source source, Term term) {
            this.record = record;
            this.source = source;
            this.term = term;
        }

        /** False where it was not queued and is to be handed over again. */
        boolean send() {
            if (over) {
                return true; // and is never acknowledged: its offset stays open, for the next owner
            }
            failure = null;
            handedOver = time.now().toEpochMilli();
            sender = Thread.currentThread();
            try {
                producer.send(record, this);
            } catch (RuntimeException thrown) {
                failure = thrown;
            }
            sender = null;
            Exception refused = failure;
            if (refused == null) {
                return true;
            }
            if (refused.getCause() instanceof AuthorizationException forbidden) {
                end(forbidden); // told as a lack of metadata, with the reason behind it
                return true;
            }
            if (refused instanceof RetriableException) {
                return false;
            }
            end(refused);
            return true;
        }

        @Override
        public void onCompletion(RecordMetadata metadata, @Nullable Exception exception) {
            if (exception == null) {
                if (metadata.hasTimestamp()) {
                    skew.acknowledged(
                            handedOver, metadata.timestamp(), time.now().toEpochMilli());
                }
                answers.add(this);
                return;
            }
            boolean neverQueued = Thread.currentThread() == sender;
            failure = exception;
            if (!neverQueued) {
                answers.add(this);
            }
        }
    }
}
