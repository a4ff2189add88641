package dev.petrel.kafka;

import dev.petrel.availability.Availability;
import dev.petrel.availability.CountryState;
import dev.petrel.availability.Sighting;
import dev.petrel.kafka.AvailabilityPublisher.Told;
import dev.petrel.metrics.Alert;
import dev.petrel.metrics.Meters;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
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
 * better than an old story. All of it happens on a thread of its own, but for {@link #end()}.
 */
final class AvailabilityTail {
    private static final Logger log = LoggerFactory.getLogger(AvailabilityTail.class);
    private static final Duration BACK = Duration.ofMinutes(10);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final long MOST_BEHIND = TimeUnit.SECONDS.toNanos(5);
    private static final long EACH = TimeUnit.SECONDS.toNanos(1);
    private static final long ASK_FOR_LAG = TimeUnit.SECONDS.toNanos(5);

    private final Consumer<byte[], byte[]> consumer;
    private final KafkaConfig.Topics topics;
    private final RequestLag lag;
    private final InstantSource clock;
    private final Meters meters;
    private final java.util.function.Consumer<List<Told>> say;
    private final Thread thread = new Thread(this::run, "petrel-availability");
    private final Availability availability = new Availability();
    private final BrokerClock brokers = new BrokerClock();
    private @Nullable List<CountryState> last;
    private List<TopicPartition> partitions = List.of();
    private @Nullable Map<TopicPartition, Long> ends;
    private long endsAt = System.nanoTime() - EACH;
    private long atEndAt = System.nanoTime();
    private long judgeDue = System.nanoTime();
    private long lagDue = System.nanoTime();
    private boolean caughtUp;
    private boolean silent;
    private boolean failing;
    private volatile boolean ended;

    /**
     * @param consumer is closed with the end
     * @param say is handed all states, on this thread
     */
    AvailabilityTail(
            Consumer<byte[], byte[]> consumer,
            KafkaConfig.Topics topics,
            RequestLag lag,
            InstantSource clock,
            Meters meters,
            java.util.function.Consumer<List<Told>> say) {
        this.consumer = consumer;
        this.topics = topics;
        this.lag = lag;
        this.clock = clock;
        this.meters = meters;
        this.say = say;
        thread.setDaemon(true);
        thread.start();
    }

    /** Any thread. */
    void end() {
        ended = true;
        consumer.wakeup();
        LockSupport.unpark(thread);
    }

    private void run() {
        while (!ended) {
            try {
                turn();
                failing = false;
            } catch (WakeupException asked) {
                log.trace("The term is over");
            } catch (RuntimeException failed) {
                if (!failing) {
                    log.warn("Availability can't be found out: {}", failed.toString());
                }
                failing = true;
                LockSupport.parkNanos(EACH);
            }
            watchDelay();
        }
        try {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        } catch (RuntimeException failed) {
            log.debug("The reader of availability was not closed: {}", failed.toString());
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
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            Sighting event = SightingCodec.read(record);
            if (event != null) {
                availability.saw(event);
            }
            lag.told(record.partition(), SightingCodec.offset(record));
            if (caughtUp) {
                brokers.heard(record.timestamp(), clock.instant());
            }
        }
        lookForEnd();
        long now = System.nanoTime();
        if (now - lagDue >= 0) {
            lagDue = now + ASK_FOR_LAG;
            lag.ask(partitions.size(), now);
        }
        if (now - judgeDue >= 0) {
            judgeDue = now + EACH;
            judge(last, now);
        }
    }

    private void judge(List<CountryState> told, long nanos) {
        if (nanos - atEndAt > MOST_BEHIND) {
            return;
        }
        Instant now = brokers.at(clock.instant());
        availability.lag(lag.notBegun(availability.patience(), nanos));
        List<CountryState> states = caughtUp
                ? availability.states(now)
                : told.stream().map(state -> state.repeated(now)).toList();
        say.accept(states.stream()
                .map(state -> new Told(state, AvailabilityCodec.encode(state)))
                .toList());
    }

    /** What an earlier owner has told last. */
    private List<CountryState> lastStates() {
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
        List<TopicPartition> found = consumer.partitionsFor(topics.status(), LIMIT).stream()
                .map(partition -> new TopicPartition(topics.status(), partition.partition()))
                .toList();
        long since = clock.instant().minus(BACK).toEpochMilli();
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
        long asked = System.nanoTime();
        boolean missed = asked - endsAt > MOST_BEHIND; // too late, or cut off by a new leader
        if (missed || known == null && asked - endsAt >= EACH) {
            known = consumer.endOffsets(partitions, LIMIT);
            ends = known;
            endsAt = asked;
        }
        if (known != null && isAt(known)) {
            atEndAt = endsAt;
            caughtUp = true;
            ends = null;
        }
    }

    private boolean isAt(Map<TopicPartition, Long> known) {
        Collection<TopicPartition> all = known.keySet();
        try {
            return all.stream()
                    .allMatch(partition ->
                            consumer.position(partition, Duration.ZERO) >= known.getOrDefault(partition, 0L));
        } catch (TimeoutException notYet) {
            return false;
        }
    }

    private void watchDelay() {
        boolean behind = System.nanoTime() - atEndAt > MOST_BEHIND;
        if (behind && !silent && !ended) {
            meters.alert(Alert.AVAILABILITY_SILENT);
            log.warn(
                    "{} is read with a delay of more than {} s: nothing is said of availability until that is over",
                    topics.status(),
                    TimeUnit.NANOSECONDS.toSeconds(MOST_BEHIND));
        } else if (!behind && silent) {
            log.info("{} is read without delay again", topics.status());
        }
        silent = behind;
    }
}
