package dev.petrel.kafka;

import dev.petrel.trace.EventFeed;
import dev.petrel.trace.TracedEvent;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the whole status topic as it is written, for those who follow requests by HTTP: what a request is asked about soon
 * after it was made is answered out of memory, and no consumer is made for it. Of no group; nobody waits for it.
 *
 * <p>Reads on a thread of its own.
 */
public final class EventTail implements EventFeed {
    private static final Logger log = LoggerFactory.getLogger(EventTail.class);
    private static final long MOST_BYTES = 16 << 20;
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration LIMIT = Duration.ofSeconds(5);
    /** Partitions may be added. */
    private static final long LOOK = TimeUnit.SECONDS.toNanos(30);
    /** Clocks of brokers and producers differ from ours. */
    private static final Duration SLACK = Duration.ofSeconds(5);

    private final String topic;
    private final InstantSource clock;
    private final TailThread thread;
    private final Context context;
    private final RecentEvents recent = new RecentEvents(MOST_BYTES);
    private final Promise<Void> listening = Promise.promise();
    private final Set<TopicPartition> partitions = new HashSet<>();
    private long lookedAt;
    private boolean failing;

    /**
     * @param context of the event loop where {@code fatal} is told
     * @param fatal told when nothing can be read any more
     */
    public EventTail(
            KafkaClients clients,
            KafkaConfig.Topics topics,
            Context context,
            InstantSource clock,
            java.util.function.Consumer<Throwable> fatal) {
        this.topic = topics.status();
        this.context = context;
        this.clock = clock;
        this.thread = new TailThread("petrel-http-events", clients::httpReader, context, fatal, new Turns());
    }

    /** Succeeds, on the event loop, once no event is missed any more. Call it once. */
    public Future<Void> start() {
        thread.start();
        return listening.future();
    }

    @Override
    public Optional<List<TracedEvent>> follow(String requestId, java.util.function.Consumer<TracedEvent> listener) {
        return recent.follow(requestId, listener);
    }

    @Override
    public Optional<List<TracedEvent>> known(String requestId) {
        return recent.known(requestId);
    }

    @Override
    public boolean knowsAllSince(Instant requestedAt) {
        return recent.knowsAllSince(requestedAt);
    }

    @Override
    public void leave(String requestId, java.util.function.Consumer<TracedEvent> listener) {
        recent.leave(requestId, listener);
    }

    /** Succeeds once the thread has come to its end. */
    public Future<Void> close() {
        return thread.close();
    }

    private final class Turns implements TailThread.Tail {
        @Override
        public void turn() {
            long now = System.nanoTime();
            if (partitions.isEmpty() || now - lookedAt > LOOK) {
                look();
                lookedAt = now;
            }
            for (ConsumerRecord<byte[], byte[]> record : thread.consumer().poll(POLL)) {
                recent.take(record);
            }
            failing = false;
        }

        @Override
        public void failed(RuntimeException cause) {
            if (!failing) {
                log.warn("{} can't be read for those who follow requests by HTTP: {}", topic, cause.toString());
            }
            failing = true;
        }

        @Override
        public void broken(Error cause) {
            log.error("{} can't be read any more for those who follow requests: {}", topic, cause.toString());
        }
    }

    /** From the ends at first; of a partition that was added later, from its beginning. */
    private void look() {
        Consumer<byte[], byte[]> consumer = thread.consumer();
        List<TopicPartition> found = consumer.partitionsFor(topic, LIMIT).stream()
                .map(each -> new TopicPartition(topic, each.partition()))
                .filter(each -> !partitions.contains(each))
                .toList();
        if (found.isEmpty()) {
            return;
        }
        boolean first = partitions.isEmpty();
        Map<TopicPartition, Long> from =
                first ? consumer.endOffsets(found, LIMIT) : consumer.beginningOffsets(found, LIMIT);
        Set<TopicPartition> all = new HashSet<>(partitions);
        all.addAll(found);
        consumer.assign(all);
        from.forEach(consumer::seek);
        partitions.addAll(found);
        if (first) {
            recent.wholeFrom(clock.instant().plus(SLACK));
            context.runOnContext(there -> listening.tryComplete());
        }
    }
}
