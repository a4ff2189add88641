package dev.petrel.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;

/**
 * Sends codes by Petrel and hears how they end. One for a service; any thread may use it.
 *
 * <pre>{@code
 * try (PetrelClient petrel = new PetrelClient(Map.of("bootstrap.servers", "kafka:9092"), Topics.usual(), Clock.systemUTC())) {
 *     if (!petrel.usable("US")) {
 *         return offerAnotherFactor();
 *     }
 *     petrel.send(Request.of(newId(), "+14155550132", "000000 is your Acme code.", Duration.ofMinutes(5)))
 *             .orTimeout(6, TimeUnit.MINUTES)
 *             .thenAccept(end -> end.advice().ifPresent(this::follow));
 *     …
 *     petrel.verified(requestId, "+14155550132"); // the user has typed it
 * }
 * }</pre>
 *
 * <p>A request's record and all that is told of it stand on partitions of the same number, found by the recipient's
 * number: so duplicates are found, and one consumer without a group follows everything. Whoever has several instances
 * hears in each the end of what that one has sent. After partitions were added it must be made anew.
 *
 * <p>Futures complete on the thread that reads: do no more than a little there. A request whose end nobody tells, because
 * nothing of Petrel runs, stays open: limit it, as above, by a little more than the code's life.
 */
public final class PetrelClient implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final long REPEAT = TimeUnit.SECONDS.toNanos(1);
    private static final String OWNER = "_owner";

    private final Topics topics;
    private final Clock clock;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TopicPartition states;
    private final long statesEndAtStart;
    private final AvailabilityView availability;
    private final Map<String, Open> open = new ConcurrentHashMap<>();
    private final Thread thread = new Thread(this::read, "petrel-client");
    private volatile boolean closing;

    /** A request whose end is not told yet. */
    private record Open(int partition, CompletableFuture<Final> end, Consumer<Event> progress) {}

    /**
     * Returns once it listens: nothing that is told of what is sent from then on is missed.
     *
     * @param properties where Kafka is: bootstrap.servers, security.protocol, …
     * @throws KafkaException if Kafka does not answer, or refuses
     */
    public PetrelClient(Map<String, String> properties, Topics topics, Clock clock) {
        this.topics = topics;
        this.clock = clock;
        this.availability = new AvailabilityView(clock);
        this.states = new TopicPartition(topics.availability(), 0);
        this.consumer = consumer(properties);
        try {
            List<TopicPartition> statuses = consumer.partitionsFor(topics.status(), LIMIT).stream()
                    .map(partition -> new TopicPartition(topics.status(), partition.partition()))
                    .toList();
            List<TopicPartition> all = new ArrayList<>(statuses);
            all.add(states);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all, LIMIT);
            this.statesEndAtStart = ends.getOrDefault(states, 0L);
            consumer.assign(all);
            statuses.forEach(partition -> consumer.seek(partition, ends.getOrDefault(partition, 0L)));
            consumer.seekToBeginning(List.of(states));
            this.producer = producer(properties);
        } catch (RuntimeException failed) {
            consumer.close();
            throw failed;
        }
        thread.setDaemon(true);
        thread.start();
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Map<String, String> properties) {
        Map<String, Object> settings = new HashMap<>(properties);
        settings.put(CommonClientConfigs.CLIENT_ID_CONFIG, "petrel-client");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static KafkaProducer<byte[], byte[]> producer(Map<String, String> properties) {
        Map<String, Object> settings = new HashMap<>(properties);
        settings.put(CommonClientConfigs.CLIENT_ID_CONFIG, "petrel-client");
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** As {@link #send(Request, Consumer)}, for those who only want to know how it ends. */
    public CompletableFuture<Final> send(Request request) {
        return send(request, event -> {});
    }

    /**
     * Completes with the request's first final; exceptionally if it can't be published, or this is closed.
     *
     * @param progress is told every event up to the final, on the thread that reads
     */
    public CompletableFuture<Final> send(Request request, Consumer<Event> progress) {
        CompletableFuture<Final> end = new CompletableFuture<>();
        try {
            int partition = partition(request.to());
            Open sent = new Open(partition, end, progress);
            if (closing || open.putIfAbsent(request.requestId(), sent) != null) {
                end.completeExceptionally(new IllegalStateException(closing ? "closed" : "it is on its way already"));
                return end;
            }
            end.whenComplete((how, failure) -> open.remove(request.requestId(), sent));
            publish(topics.requests(), partition, request.to(), json(request)).whenComplete((published, failure) -> {
                if (failure != null) {
                    end.completeExceptionally(failure);
                }
            });
        } catch (KafkaException failed) {
            end.completeExceptionally(failed);
        }
        return end;
    }

    /**
     * Tells that the user has typed the code: it was delivered, whatever receipts say.
     *
     * @param recipient the number that it was sent to
     */
    public CompletableFuture<Void> verified(String requestId, String recipient) {
        ObjectNode feedback = JSON.createObjectNode()
                .put("requestId", requestId)
                .put("verified", true)
                .put("at", clock.instant().toString());
        try {
            return publish(topics.feedback(), partition(recipient), recipient, feedback);
        } catch (KafkaException failed) {
            return CompletableFuture.failedFuture(failed);
        }
    }

    /** @param country ISO 3166 code of two letters */
    public Availability availability(String country) {
        return availability.of(country);
    }

    /**
     * Whether it makes sense to offer SMS at all. Where a country is degraded most codes still arrive: offer another factor
     * beside it; see {@link #availability}.
     */
    public boolean usable(String country) {
        return availability.of(country).state() != Availability.State.DOWN;
    }

    /** What is open completes exceptionally; its requests go on. */
    @Override
    public void close() {
        closing = true;
        consumer.wakeup();
        try {
            thread.join(LIMIT.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        producer.close(LIMIT);
        List.copyOf(open.values()).forEach(sent -> sent.end.completeExceptionally(new CancellationException("closed")));
    }

    /** As Kafka's own partitioner has it; found here, since the feedback must go to the same. */
    private int partition(String recipient) {
        int partitions = producer.partitionsFor(topics.requests()).size();
        return Utils.toPositive(Utils.murmur2(recipient.getBytes(UTF_8))) % partitions;
    }

    private CompletableFuture<Void> publish(String topic, int partition, String key, ObjectNode value) {
        CompletableFuture<Void> published = new CompletableFuture<>();
        var unused = producer.send(
                new ProducerRecord<>(
                        topic, partition, key.getBytes(UTF_8), value.toString().getBytes(UTF_8)),
                (metadata, failure) -> {
                    if (failure == null) {
                        published.complete(null);
                    } else {
                        published.completeExceptionally(failure);
                    }
                });
        return published;
    }

    private static ObjectNode json(Request request) {
        ObjectNode json = JSON.createObjectNode()
                .put("requestId", request.requestId())
                .put("to", request.to())
                .put("text", request.text())
                .put("lifetimeSeconds", request.lifetime().toSeconds());
        request.purpose().ifPresent(purpose -> json.put("purpose", purpose));
        request.tenant().ifPresent(tenant -> json.put("tenant", tenant));
        request.supersedes().ifPresent(older -> json.put("supersedes", older));
        return json;
    }

    private void read() {
        while (!closing) {
            try {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    take(record);
                }
            } catch (WakeupException asked) {
                break;
            } catch (KafkaException failed) {
                LockSupport.parkNanos(REPEAT); // brokers come back; until then no heartbeat is heard
            }
        }
        consumer.close();
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        String key = record.key() == null ? OWNER : new String(record.key(), UTF_8);
        if (record.value() == null || key.equals(OWNER)) {
            return;
        }
        boolean state = record.topic().equals(topics.availability());
        Open sent = state ? null : open.get(key);
        if (!state && (sent == null || sent.partition != record.partition())) {
            return; // somebody else's
        }
        try {
            JsonNode json = JSON.readTree(record.value());
            if (sent == null) {
                availability.take(json, record.offset() < statesEndAtStart);
            } else {
                tell(sent, event(key, json));
            }
        } catch (IOException foreign) {
            // not for us
        }
    }

    private void tell(Open sent, Event event) {
        try {
            sent.progress.accept(event);
        } catch (RuntimeException theirs) {
            sent.end.completeExceptionally(theirs);
        }
        if (event.last()) { // the first of its id; with it the id is forgotten
            sent.end.complete(new Final(event.requestId(), event.status(), event.reason(), event.advice()));
        }
    }

    private static Event event(String requestId, JsonNode json) {
        JsonNode advice = json.path("advice");
        return new Event(
                requestId,
                json.path("status").asText(),
                json.path("final").asBoolean(),
                text(json.path("attempt").path("provider")),
                text(json.path("reason").path("class")),
                advice.isObject()
                        ? Optional.of(new Advice(
                                advice.path("next").asText(),
                                Duration.ofSeconds(advice.path("afterSeconds").asLong()),
                                advice.path("chargeUser").asBoolean()))
                        : Optional.empty());
    }

    private static Optional<String> text(JsonNode json) {
        return Optional.ofNullable(json.textValue());
    }
}
