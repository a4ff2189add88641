package dev.petrel.guarantees;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a topic from its beginning, on a thread of its own. */
public final class TopicTail implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Queue<ConsumerRecord<byte[], byte[]>> records = new ConcurrentLinkedQueue<>();
    private final AtomicLong count = new AtomicLong();
    private final Thread thread;
    private volatile boolean closed;

    /**
     * Keeps what it reads.
     *
     * @param listener called on the reader's thread with each record
     */
    public TopicTail(String bootstrapServers, String topic, Consumer<ConsumerRecord<byte[], byte[]>> listener) {
        this(bootstrapServers, topic, true, listener);
    }

    /** One that keeps nothing: there is more than fits. */
    public static TopicTail passing(
            String bootstrapServers, String topic, Consumer<ConsumerRecord<byte[], byte[]>> listener) {
        return new TopicTail(bootstrapServers, topic, false, listener);
    }

    private TopicTail(
            String bootstrapServers, String topic, boolean keep, Consumer<ConsumerRecord<byte[], byte[]>> listener) {
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
        this.thread = new Thread(() -> read(keep, listener), "tail-of-" + topic);
        thread.setDaemon(true);
        thread.start();
    }

    private void read(boolean keep, Consumer<ConsumerRecord<byte[], byte[]>> listener) {
        while (!closed) {
            consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                if (keep) {
                    records.add(record);
                }
                listener.accept(record);
                count.incrementAndGet();
            });
        }
        consumer.close();
    }

    public List<ConsumerRecord<byte[], byte[]>> records() {
        return new ArrayList<>(records);
    }

    /** How many it has read. */
    public long count() {
        return count.get();
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
