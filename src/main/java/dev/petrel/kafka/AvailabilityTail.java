package dev.petrel.kafka;

import dev.petrel.availability.Availability;
import dev.petrel.availability.CountryState;
import dev.petrel.availability.Sighting;
import dev.petrel.kafka.AvailabilityPublisher.Told;
import dev.petrel.metrics.Alert;
import dev.petrel.metrics.Meters;
import dev.petrel.time.Time;
import io.vertx.core.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the whole status topic for one term of its speaker, from 10 minutes back on, and says every second how the
 * countries stand.
 *
 * <pre>
 *   the last states are read ──► they are repeated while the topic is read to its end ──► judged by what was read
 * </pre>
 *
 * <p>Whoever is more than 5 s behind the topic's end says nothing: readers take silence as SMS being down, which is
 * better than an old story. After half a minute of that by its own fault it asks to give up the instance, so that another
 * speaks: see {@link Lateness}. All of it happens on a thread of its own, but for {@link #end()}.
 */
final class AvailabilityTail {
    private static final Logger log = LoggerFactory.getLogger(AvailabilityTail.class);
    private static final Duration BACK = Duration.ofMinutes(10);
    private static final Duration POLL = Duration.ofMillis(100);
    /** What is read is told once a second. */
    private static final Duration GATHER = Duration.ofMillis(20);

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final long EACH = TimeUnit.SECONDS.toNanos(1);
    private static final long ASK_FOR_LAG = TimeUnit.SECONDS.toNanos(5);

    private final KafkaConfig.Topics topics;
    private final RequestLag lag;
    private final Time time;
    private final Meters meters;
    private final java.util.function.Consumer<List<Told>> say;
    private final Runnable giveUp;
    private final TailThread thread;
    private final Lateness lateness;
    private final Availability availability = new Availability();
    private final BrokerClock brokers = new BrokerClock();
    private @Nullable List<CountryState> last;
    private List<TopicPartition> partitions = List.of();
    private @Nullable Map<TopicPartition, Long> ends;
    private long endsAt;
    private long judgeDue;
    private long lagDue;
    private boolean silent;
    private boolean failing;
    private volatile boolean ended;

    /**
     * @param consumers makes the consumer, on the thread; tried again until it can
     * @param context of the event loop where {@code fatal} is told
     * @param say is handed all states, on the thread
     * @param giveUp is asked for again and again while it is silent by its own fault, on the thread
     * @param fatal told when nothing can be read any more
     */
    AvailabilityTail(
            Supplier<Consumer<byte[], byte[]>> consumers,
            KafkaConfig.Topics topics,
            RequestLag lag,
            Context context,
            Time time,
            Meters meters,
            java.util.function.Consumer<List<Told>> say,
            Runnable giveUp,
            java.util.function.Consumer<Throwable> fatal) {
        this.topics = topics;
        this.lag = lag;
        this.time = time;
        this.meters = meters;
        this.say = say;
        this.giveUp = giveUp;
        long now = time.nanos();
        this.lateness = new Lateness(now);
        this.endsAt = now - EACH;
        this.judgeDue = now;
        this.lagDue = now;
        this.thread = new TailThread("petrel-availability", consumers, context, fatal, new Turns());
        thread.start();
    }

    /** Any thread. */
    void end() {
        ended = true;
        var unused = thread.close();
    }

    private final class Turns implements TailThread.Tail {
        @Override
        public void turn() {
            AvailabilityTail.this.turn();
            failing = false;
            watch();
        }

        @Override
        public void failed(RuntimeException cause) {
            if (cause instanceof KafkaException) {
                lateness.kafkaFailed(time.nanos());
            }
            if (!failing) {
                log.warn("Availability can't be found out: {}", cause.toString());
            }
            failing = true;
            watch();
        }

        @Override
        public void broken(Error cause) {
            log.error("Availability can't be found out any more: {}", cause.toString());
        }
    }

    private void turn() {
        if (last == null) {
            List<CountryState> told = lastStates();
            told.forEach(availability::resume);
            last = told;
        }
        if (partitions.isEmpty()) {
            position();
        }
        ConsumerRecords<byte[], byte[]> records = thread.consumer().poll(POLL);
        for (ConsumerRecord<byte[], byte[]> record : records) {
            Sighting event = SightingCodec.read(record);
            if (event != null) {
                availability.saw(event);
            }
            lag.told(record.partition(), SightingCodec.offset(record));
            if (lateness.everAtEnd()) {
                brokers.heard(record.timestamp(), time.now());
            }
        }
        lookForEnd();
        long now = time.nanos();
        if (now - lagDue >= 0) {
            lagDue = now + ASK_FOR_LAG;
            lag.ask(partitions.size(), now);
        }
        if (now - judgeDue >= 0) {
            judgeDue = now + EACH;
            judge(last, now);
        }
        if (lateness.everAtEnd()) {
            thread.gather(records.count(), GATHER);
        }
    }

    private void judge(List<CountryState> told, long nanos) {
        if (lateness.tooLate(nanos)) {
            return;
        }
        Instant now = brokers.at(time.now());
        availability.lag(lag.notBegun(availability.patience(), nanos));
        List<CountryState> states = lateness.everAtEnd()
                ? availability.states(now)
                : told.stream().map(state -> state.repeated(now)).toList();
        say.accept(states.stream()
                .map(state -> new Told(state, AvailabilityCodec.encode(state)))
                .toList());
    }

    /** What an earlier owner has told last. */
    private List<CountryState> lastStates() {
        Consumer<byte[], byte[]> consumer = thread.consumer();
        TopicPartition partition = new TopicPartition(topics.availability(), 0);
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        long end = consumer.endOffsets(List.of(partition), LIMIT).getOrDefault(partition, 0L);
        Map<String, CountryState> states = new HashMap<>();
        while (consumer.position(partition, LIMIT) < end && !ended) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                CountryState state = AvailabilityCodec.decode(record.value());
                if (state != null) {
                    states.merge(
                            state.country(), state, (old, next) -> next.at().isBefore(old.at()) ? old : next);
                }
            }
        }
        return new ArrayList<>(states.values());
    }

    private void position() {
        Consumer<byte[], byte[]> consumer = thread.consumer();
        List<TopicPartition> found = consumer.partitionsFor(topics.status(), LIMIT).stream()
                .map(partition -> new TopicPartition(topics.status(), partition.partition()))
                .toList();
        long since = time.now().minus(BACK).toEpochMilli();
        Map<TopicPartition, OffsetAndTimestamp> first = consumer.offsetsForTimes(
                found.stream().collect(Collectors.toMap(Function.identity(), partition -> since)), LIMIT);
        Map<TopicPartition, Long> now = consumer.endOffsets(found, LIMIT);
        consumer.assign(found);
        for (TopicPartition partition : found) {
            OffsetAndTimestamp from = first.get(partition);
            consumer.seek(partition, from == null ? now.getOrDefault(partition, 0L) : from.offset());
        }
        partitions = found;
    }

    /** Whoever has read what there was a moment ago is no further behind than that. */
    private void lookForEnd() {
        Map<TopicPartition, Long> known = ends;
        long asked = time.nanos();
        boolean missed = asked - endsAt > Lateness.MOST.toNanos(); // too late, or cut off by a new leader
        if (missed || known == null && asked - endsAt >= EACH) {
            known = thread.consumer().endOffsets(partitions, LIMIT);
            ends = known;
            endsAt = asked;
        }
        if (known != null && isAt(known)) {
            lateness.atEnd(endsAt);
            ends = null;
        }
    }

    private boolean isAt(Map<TopicPartition, Long> known) {
        Collection<TopicPartition> all = known.keySet();
        try {
            return all.stream()
                    .allMatch(partition ->
                            thread.consumer().position(partition, Duration.ZERO) >= known.getOrDefault(partition, 0L));
        } catch (TimeoutException notYet) {
            return false;
        }
    }

    private void watch() {
        long now = time.nanos();
        boolean tooLate = lateness.tooLate(now);
        if (tooLate && !silent && !ended) {
            meters.alert(Alert.AVAILABILITY_SILENT);
            log.warn(
                    "{} is read with a delay of more than {} s: nothing is said of availability until that is over",
                    topics.status(),
                    Lateness.MOST.toSeconds());
        } else if (!tooLate && silent) {
            log.info("{} is read without delay again", topics.status());
        }
        silent = tooLate;
        if (lateness.givesUp(now) && !ended) {
            giveUp.run();
        }
    }
}
