package dev.petrel.guarantees;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a status topic from its beginning, on a thread of its own. */
public final class StatusReader implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Queue<ConsumerRecord<byte[], byte[]>> records = new ConcurrentLinkedQueue<>();
    private final Queue<Told> told = new ConcurrentLinkedQueue<>();
    private final Set<String> over = ConcurrentHashMap.newKeySet();
    private final AtomicLong finals = new AtomicLong();
    private final Thread thread;
    private volatile boolean closed;

    /** @param listener called on the reader's thread with each event */
    public StatusReader(String bootstrapServers, String topic, Consumer<Told> listener) {
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                        false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        this.thread = new Thread(() -> read(listener), "status-reader");
        thread.setDaemon(true);
        thread.start();
    }

    private void read(Consumer<Told> listener) {
        while (!closed) {
            consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                records.add(record);
                Told.of(record).ifPresent(event -> {
                    told.add(event);
                    if (event.isFinal()) {
                        over.add(event.requestId());
                        finals.incrementAndGet();
                    }
                    listener.accept(event);
                });
            });
        }
        consumer.close();
    }

    /** With the marks of owners and all headers. */
    public List<ConsumerRecord<byte[], byte[]>> records() {
        return new ArrayList<>(records);
    }

    public List<Told> told() {
        return new ArrayList<>(told);
    }

    public List<Told> told(String requestId) {
        return told.stream()
                .filter(event -> event.requestId().equals(requestId))
                .toList();
    }

    /** The one that counts, if it is there. */
    public Optional<Told> finalOf(String requestId) {
        return told(requestId).stream().filter(Told::isFinal).findFirst();
    }

    public boolean isOver(String requestId) {
        return over.contains(requestId);
    }

    /** How often a partition was taken over. */
    public long takeOvers() {
        return records.stream().filter(record -> record.value() == null).count();
    }

    public long finals() {
        return finals.get();
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(5000);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
