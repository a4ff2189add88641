package dev.petrel.kafka;

import dev.petrel.message.Source;
import dev.petrel.trace.EventFeed;
import dev.petrel.trace.TracedEvent;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the whole status topic as it is written, for those who follow requests by HTTP, and of the request topic what was
 * brought by HTTP: what a request is asked about soon after it was made is answered out of memory, on whatever instance, and
 * no consumer is made for it. Of no group; nobody waits for it.
 *
 * <p>Events are read from a place that is fixed before that of the requests is: so of each request that is read every event
 * is. How far each partition goes is asked once a second, for silence alone does not say that there is nothing to hear.
 *
 * <p>Reads on a thread of its own.
 */
public final class EventTail implements EventFeed {
    private static final Logger log = LoggerFactory.getLogger(EventTail.class);
    private static final long MOST_BYTES = 16 << 20;
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration LIMIT = Duration.ofSeconds(5);
    /** Partitions may be added. */
    private static final Duration LOOK = Duration.ofSeconds(30);

    private static final long ASK = TimeUnit.SECONDS.toNanos(1);

    private final KafkaConfig.Topics topics;
    private final KafkaClients clients;
    private final long look;
    private final TailThread thread;
    private final Context context;
    private final RecentEvents recent = new RecentEvents(MOST_BYTES);
    private final HeardUntil heard = new HeardUntil(System::nanoTime);
    private final Promise<Void> listening = Promise.promise();
    private final TailPlaces places;
    /** Those that are read. */
    private final Set<TopicPartition> partitions = new HashSet<>();
    /** Where partitions of the status topic ended, until that is reached. */
    private final Map<TopicPartition, End> ends = new ConcurrentHashMap<>();

    private @Nullable Admin admin;
    private long lookedAt;
    private long askedAt;
    private boolean failing;
    /** Partitions are known. */
    private volatile boolean begun;

    private record End(long offset, long askedAt) {}

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
        this(clients, topics, context, clock, fatal, LOOK);
    }

    /** @param look after so long for partitions that were added */
    EventTail(
            KafkaClients clients,
            KafkaConfig.Topics topics,
            Context context,
            InstantSource clock,
            java.util.function.Consumer<Throwable> fatal,
            Duration look) {
        this.clients = clients;
        this.topics = topics;
        this.context = context;
        this.look = look.toNanos();
        this.places = new TailPlaces(topics, this::offsets, clock, this::wakeUp);
        this.thread = new TailThread("petrel-http-events", clients::httpReader, context, fatal, new Turns());
    }

    /** Succeeds, on the event loop, once nothing is missed any more. Call it once. */
    public Future<Void> start() {
        thread.start();
        return listening.future();
    }

    @Override
    public void follow(String requestId, java.util.function.Consumer<TracedEvent> listener) {
        recent.follow(requestId, listener);
    }

    @Override
    public void leave(String requestId, java.util.function.Consumer<TracedEvent> listener) {
        recent.leave(requestId, listener);
    }

    @Override
    public Optional<Known> known(String requestId) {
        return recent.known(requestId);
    }

    @Override
    public boolean hasRead(Source place) {
        return recent.hasRead(place);
    }

    @Override
    public boolean isPassedBy(Source place) {
        return recent.isPassedBy(place);
    }

    @Override
    public boolean isBehind(int partition) {
        return !begun || heard.isBehind(partition);
    }

    @Override
    public boolean isBehind() {
        return !begun || heard.isBehind();
    }

    /** Succeeds once the thread has come to its end. */
    public Future<Void> close() {
        return thread.close();
    }

    private final class Turns implements TailThread.Tail {
        @Override
        public void turn() {
            long now = System.nanoTime();
            if (places.isEmpty() || now - lookedAt > look) {
                long before = lookedAt;
                lookedAt = now; // what is read goes on being read where this fails
                try {
                    look();
                } catch (WakeupException asking) {
                    lookedAt = before;
                    throw asking;
                }
            }
            begin(places.take());
            if (askedAt == 0 || now - askedAt > ASK) {
                askedAt = now;
                places.ask();
                askEnds(now);
            }
            ends.forEach(EventTail.this::reach); // by what was taken in the turns before
            if (partitions.isEmpty()) {
                thread.idle();
                return;
            }
            for (ConsumerRecord<byte[], byte[]> record : thread.consumer().poll(POLL)) {
                if (record.topic().equals(topics.status())) {
                    recent.take(record);
                } else {
                    recent.takeRequest(record);
                }
            }
            failing = false;
        }

        @Override
        public void failed(RuntimeException cause) {
            if (!failing) {
                log.warn(
                        "{} and {} can't be read for those who follow requests by HTTP: {}",
                        topics.status(),
                        topics.requests(),
                        cause.toString());
            }
            failing = true;
        }

        @Override
        public void broken(Error cause) {
            log.error("{} can't be read any more for those who follow requests: {}", topics.status(), cause.toString());
        }

        @Override
        public void close() {
            if (admin != null) {
                admin.close(Duration.ZERO);
            }
        }
    }

    private void look() {
        List<TopicPartition> events = there(topics.status());
        List<TopicPartition> added = places.add(events, there(topics.requests()));
        added.forEach(each -> heard.add(each.partition()));
        begun = !places.isEmpty();
    }

    private List<TopicPartition> there(String topic) {
        return thread.consumer().partitionsFor(topic, LIMIT).stream()
                .map(each -> new TopicPartition(topic, each.partition()))
                .toList();
    }

    private void begin(Map<TopicPartition, Long> from) {
        if (from.isEmpty()) {
            return;
        }
        partitions.addAll(from.keySet());
        thread.consumer().assign(partitions);
        from.forEach((each, offset) -> {
            thread.consumer().seek(each, offset);
            if (each.topic().equals(topics.requests())) {
                recent.wholeFrom(each.partition(), offset);
            }
        });
        askedAt = 0; // how far they go
    }

    private Admin admin() {
        Admin made = admin;
        if (made == null) {
            made = clients.admin();
            admin = made;
        }
        return made;
    }

    private ListOffsetsResult find(Map<TopicPartition, OffsetSpec> asked) {
        return admin().listOffsets(
                        asked, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED).timeoutMs((int) LIMIT.toMillis()));
    }

    private Map<TopicPartition, CompletionStage<Long>> offsets(Map<TopicPartition, OffsetSpec> asked) {
        ListOffsetsResult found = find(asked);
        return asked.keySet().stream()
                .collect(Collectors.toMap(
                        Function.identity(),
                        each -> found.partitionResult(each)
                                .toCompletionStage()
                                .thenApply(ListOffsetsResult.ListOffsetsResultInfo::offset)));
    }

    private void wakeUp() {
        thread.ask(() -> {});
    }

    /** By partition, for one may be away while the others are not. */
    private void askEnds(long now) {
        Map<TopicPartition, OffsetSpec> latest = partitions.stream()
                .filter(each -> each.topic().equals(topics.status()) && !ends.containsKey(each))
                .collect(Collectors.toMap(Function.identity(), each -> OffsetSpec.latest()));
        if (latest.isEmpty()) {
            return;
        }
        ListOffsetsResult found = find(latest);
        latest.keySet()
                .forEach(each -> found.partitionResult(each).whenComplete((end, failure) -> {
                    if (end != null) {
                        ends.put(each, new End(end.offset(), now));
                        if (!listening.future().isComplete()) {
                            wakeUp(); // somebody waits for it
                        }
                    }
                }));
    }

    private void reach(TopicPartition partition, End end) {
        try {
            if (thread.consumer().position(partition, Duration.ZERO) < end.offset) {
                return;
            }
        } catch (TimeoutException notYet) {
            return;
        }
        ends.remove(partition);
        heard.heard(partition.partition(), end.askedAt);
        if (!listening.future().isComplete() && places.areAllFound() && !heard.isBehind()) {
            context.runOnContext(there -> listening.tryComplete());
        }
    }
}
