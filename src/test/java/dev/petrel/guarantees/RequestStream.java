package dev.petrel.guarantees;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * An auth service: puts invented requests on the request topic, at a steady rate or one by one, and remembers what it
 * asked. Numbers are out of ranges reserved for fiction; every text is one of its own.
 */
public final class RequestStream implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final String prefix;
    private final Queue<Asked> asked = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicInteger unacknowledged = new AtomicInteger();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "request-stream");
        thread.setDaemon(true);
        return thread;
    });

    /** @param prefix of request ids, so that several streams don't meet */
    public RequestStream(String bootstrapServers, String topic, String prefix) {
        this.topic = topic;
        this.prefix = prefix;
        this.producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ProducerConfig.LINGER_MS_CONFIG,
                        1,
                        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
                        4 << 20),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** Begins to ask at this rate, until it is closed or told another one. */
    public void start(int perSecond) {
        start(perSecond, fields -> fields);
    }

    /** @param change what is different about each of these */
    public void start(int perSecond, UnaryOperator<ObjectNode> change) {
        timer.scheduleAtFixedRate(() -> ask(300, change), 0, 1_000_000_000L / perSecond, TimeUnit.NANOSECONDS);
    }

    /** Asks for nothing more; what it was just asking for is handed to the producer when this returns. */
    public void pause() {
        timer.shutdown();
        try {
            if (!timer.awaitTermination(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("it asks on");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public void ask() {
        ask(300, fields -> fields);
    }

    /**
     * @param lifetimeSeconds of the code
     * @param change what is different about this one
     * @return its request id
     */
    public String ask(int lifetimeSeconds, UnaryOperator<ObjectNode> change) {
        int number = count.getAndIncrement();
        ObjectNode fields = JSON.createObjectNode()
                .put("requestId", prefix + number)
                .put("to", fictional(number))
                .put("text", String.format("%06d is your test code. Nobody will ask you for it.", number))
                .put("lifetimeSeconds", lifetimeSeconds)
                .put("purpose", "login");
        ObjectNode request = change.apply(fields);
        String to = request.get("to").asText();
        unacknowledged.incrementAndGet();
        producer.send(
                new ProducerRecord<>(topic, to.getBytes(StandardCharsets.UTF_8), bytes(request)), (where, failure) -> {
                    if (failure == null) {
                        Instant at = Instant.ofEpochMilli(where.timestamp());
                        asked.add(new Asked(
                                request.get("requestId").asText(),
                                to,
                                request.get("text").asText(),
                                at,
                                at.plusSeconds(lifetimeSeconds),
                                where.partition(),
                                where.offset()));
                    }
                    unacknowledged.decrementAndGet();
                });
        return request.get("requestId").asText();
    }

    /** Puts a record on the topic as it is, and does not remember it. */
    public RecordMetadata put(ProducerRecord<byte[], byte[]> record) throws Exception {
        return producer.send(record).get(30, TimeUnit.SECONDS);
    }

    /**
     * Puts a record on the topic as it is, without waiting for it.
     *
     * @param there is told where it stands; on the producer's thread
     */
    public void put(ProducerRecord<byte[], byte[]> record, Consumer<RecordMetadata> there) {
        producer.send(record, (where, failure) -> {
            if (failure == null) {
                there.accept(where);
            }
        });
    }

    /** What the broker has acknowledged. */
    public List<Asked> asked() {
        return new ArrayList<>(asked);
    }

    public void flush() {
        producer.flush();
    }

    /** NANP numbers 555-0100 to 555-0199, which are reserved for fiction, in eight area codes. */
    private static String fictional(int number) {
        String[] areas = {"202", "212", "303", "312", "404", "415", "617", "702"};
        return "+1" + areas[number / 100 % areas.length] + "55501" + String.format("%02d", number % 100);
    }

    private static byte[] bytes(ObjectNode request) {
        try {
            return JSON.writeValueAsBytes(request);
        } catch (com.fasterxml.jackson.core.JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        producer.close();
    }
}
