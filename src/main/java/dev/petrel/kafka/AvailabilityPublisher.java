package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.petrel.availability.CountryState;
import dev.petrel.delivery.Term;
import dev.petrel.metrics.Meters;
import dev.petrel.time.Time;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the availability topic, on whichever instance owns request partition 0: each country's state when it changes,
 * and all of them every 5 s.
 *
 * <p>What to write is found out by {@link AvailabilityTail}, on a thread of its own and for one term; whether to write it
 * is decided here, on the event loop, by the lease: without it somebody else may be saying the contrary. What can't be
 * written is not kept: the next of the kind is due a moment later.
 */
final class AvailabilityPublisher {
    /** Whose owner speaks for all. */
    private static final int SPEAKER = 0;

    private static final Logger log = LoggerFactory.getLogger(AvailabilityPublisher.class);
    private static final Duration HEARTBEAT = Duration.ofSeconds(5);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

    private final KafkaConfig config;
    private final KafkaClients clients;
    private final Admin admin;
    private final Context context;
    private final Time time;
    private final Meters meters;
    private final Consumer<Throwable> fatal;
    private final Producer<byte[], byte[]> producer;
    private final Map<String, CountryState.State> written = new HashMap<>();
    private final AvailabilityGauges gauges;
    private long beatDue;
    private boolean failing;
    private boolean closed;
    private @Nullable Term term;
    private @Nullable AvailabilityTail tail;

    /** A country's state, and how it is written. */
    record Told(CountryState state, byte[] value) {}

    /**
     * @param admin stays the caller's
     * @param fatal told when availability can't be found out here any more; on the event loop
     */
    AvailabilityPublisher(
            KafkaConfig config,
            KafkaClients clients,
            Admin admin,
            Context context,
            Time time,
            Meters meters,
            Consumer<Throwable> fatal) {
        this.config = config;
        this.clients = clients;
        this.admin = admin;
        this.context = context;
        this.time = time;
        this.meters = meters;
        this.gauges = new AvailabilityGauges(time, meters);
        this.fatal = fatal;
        this.producer = clients.availabilityProducer();
    }

    /** A term has become active. */
    void takenOver(Term next) {
        if (next.partition() != SPEAKER || closed) {
            return;
        }
        end();
        term = next;
        written.clear();
        beatDue = time.nanos();
        askForTopic();
        tail = new AvailabilityTail(
                clients::availabilityConsumer,
                config.topics(),
                new RequestLag(admin, config.topics().requests(), config.groupId()),
                context,
                time,
                meters,
                states -> context.runOnContext(here -> write(next, states)),
                () -> context.runOnContext(here -> giveUp(next)),
                fatal);
    }

    /**
     * A send waits for nothing, and fails where it is not known yet which broker is to get it; so this is asked for while
     * the tail still looks what to say.
     */
    private void askForTopic() {
        try {
            var unused = producer.partitionsFor(config.topics().availability());
        } catch (KafkaException asked) {
            log.trace("{} is asked for", config.topics().availability());
        }
    }

    /** A term is over. */
    void gone(Term gone) {
        if (term == gone) {
            end();
        }
    }

    Future<Void> close() {
        closed = true;
        end();
        Promise<Void> promise = Promise.promise();
        Thread closing = new Thread(
                () -> {
                    producer.close(CLOSE_LIMIT);
                    context.runOnContext(here -> promise.complete());
                },
                "petrel-availability-close");
        closing.setDaemon(true);
        closing.start();
        return promise.future();
    }

    private void end() {
        if (tail != null) {
            tail.end();
        }
        gauges.over();
        tail = null;
        term = null;
    }

    private boolean speaks(Term under) {
        return !closed && under == term && under.isActive() && under.leaseHeld();
    }

    /** Without the lease another speaks in a moment, whatever we do. */
    private void giveUp(Term under) {
        if (speaks(under)) {
            fatal.accept(new IllegalStateException(config.topics().status() + " is read with a delay of more than "
                    + Lateness.GIVES_UP.toSeconds() + " s, and not for Kafka's fault"));
        }
    }

    private void write(Term under, List<Told> states) {
        if (!speaks(under)) {
            return;
        }
        long now = time.nanos();
        boolean beat = now - beatDue >= 0;
        if (beat && !states.isEmpty()) {
            beatDue = now + HEARTBEAT.toNanos();
        }
        for (Told told : states) {
            CountryState state = told.state();
            if (beat || written.get(state.country()) != state.state()) {
                written.put(state.country(), state.state());
                send(under, state, told.value());
            }
        }
    }

    private void send(Term under, CountryState state, byte[] value) {
        String country = state.country();
        try {
            var unused = producer.send(
                    new ProducerRecord<>(config.topics().availability(), 0, country.getBytes(UTF_8), value),
                    (metadata, failure) -> context.runOnContext(here -> sent(under, state, failure)));
        } catch (KafkaException failure) {
            sent(under, state, failure);
        }
    }

    private void sent(Term under, CountryState state, @Nullable Exception failure) {
        if (failure == null) {
            failing = false;
            if (under == term) {
                gauges.told(state);
            }
            return;
        }
        written.remove(state.country()); // with the next that comes, at the latest
        if (!failing && !closed) {
            failing = true;
            log.warn(
                    "{} can't be written: {}",
                    config.topics().availability(),
                    failure.getClass().getSimpleName());
        }
    }
}
