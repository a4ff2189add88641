package dev.petrel.kafka;

import dev.petrel.availability.CountryState;
import dev.petrel.availability.CountryState.State;
import io.vertx.core.Context;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the availability topic, on every instance: whether a country's recipients may be told to try again, and which
 * providers report handsets there. Silence for half a minute means no to the first; but not before half a minute after
 * the start, where nobody has ever said anything.
 *
 * <p>Reads on a thread of its own; any thread may ask.
 */
public final class AvailabilityReader {
    private static final Logger log = LoggerFactory.getLogger(AvailabilityReader.class);
    private static final Duration SILENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final TopicPartition partition;
    private final InstantSource clock;
    private final Instant startedAt;
    private final Map<String, CountryState> states = new ConcurrentHashMap<>();
    private final TailThread thread;
    private volatile @Nullable Instant heardAt;
    private long endAtStart;
    private boolean failing;

    /**
     * @param context of the event loop where {@code fatal} is told
     * @param fatal told when nothing can be read any more
     */
    public AvailabilityReader(
            KafkaClients clients,
            KafkaConfig.Topics topics,
            Context context,
            InstantSource clock,
            java.util.function.Consumer<Throwable> fatal) {
        this.partition = new TopicPartition(topics.availability(), 0);
        this.clock = clock;
        this.startedAt = clock.instant();
        this.thread =
                new TailThread("petrel-availability-reader", clients::availabilityReader, context, fatal, new Turns());
        thread.start();
    }

    /** Whether SMS can be relied on there now, or everywhere, where nothing is known of this country. */
    public boolean ok(String country) {
        return of(country).state() == State.OK;
    }

    /** How it stands there now, or everywhere, where nothing is known of this country; by the rules of the contract for readers. */
    public CountryState of(String country) {
        Instant heard = heardAt;
        Instant silentFrom = (heard == null ? startedAt : heard).plus(SILENCE);
        Instant now = clock.instant();
        CountryState known = states.get(country);
        CountryState told = known == null ? states.get(CountryState.ALL) : known;
        if (now.isAfter(silentFrom)) {
            return unmeasured(country, State.DOWN, silentFrom, now);
        }
        return told == null ? unmeasured(country, State.OK, startedAt, now) : told;
    }

    private static CountryState unmeasured(String country, State state, Instant since, Instant now) {
        return new CountryState(country, state, since, null, null, null, 0, state.advice(), now, List.of());
    }

    /** What was said last of each country. */
    public Collection<CountryState> states() {
        return List.copyOf(states.values());
    }

    /** Whether somebody has seen that this provider reports handsets there; true until somebody has seen otherwise. */
    public boolean handsetsReport(String provider, String country) {
        CountryState state = states.get(country);
        return state != null && state.handsetsReport().contains(provider);
    }

    /** Does not wait for its end. */
    public void close() {
        var unused = thread.close();
    }

    private final class Turns implements TailThread.Tail {
        @Override
        public void turn() {
            for (ConsumerRecord<byte[], byte[]> record : consumer().poll(POLL)) {
                take(record);
            }
            failing = false;
        }

        @Override
        public void failed(RuntimeException cause) {
            if (!failing) {
                log.warn("{} can't be read: {}", partition, cause.toString());
            }
            failing = true;
        }

        @Override
        public void broken(Error cause) {
            log.error("{} can't be read any more: {}", partition, cause.toString());
        }
    }

    /** Assigned. */
    private Consumer<byte[], byte[]> consumer() {
        Consumer<byte[], byte[]> consumer = thread.consumer();
        if (consumer.assignment().isEmpty()) {
            endAtStart = consumer.endOffsets(List.of(partition), LIMIT).getOrDefault(partition, 0L);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
        }
        return consumer;
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        CountryState state = AvailabilityCodec.decode(record.value());
        if (state == null) {
            return;
        }
        CountryState known = states.get(state.country());
        if (known != null && state.at().isBefore(known.at())) {
            return;
        }
        states.put(state.country(), state);
        // what was there before us is as old as it says; what comes now is heard now, whatever the clocks say
        Instant heard = clock.instant();
        if (record.offset() < endAtStart && state.at().isBefore(heard)) {
            heard = state.at();
        }
        Instant before = heardAt;
        if (before == null || heard.isAfter(before)) {
            heardAt = heard;
        }
    }
}
