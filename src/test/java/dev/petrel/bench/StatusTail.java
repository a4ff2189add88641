package dev.petrel.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads all outcomes beside whoever writes them, and does nothing with them but count. */
final class StatusTail implements AutoCloseable {
    static final String THREAD = "status-tail";

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread = new Thread(this::read, THREAD);
    private long expected = Long.MAX_VALUE;
    private long count;
    private long first;
    private long last;
    private boolean closed;

    StatusTail(String bootstrapServers, String topic) {
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "enable.auto.commit", false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        thread.setDaemon(true);
        thread.start();
    }

    private void read() {
        while (!closed()) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(100));
            int outcomes = 0;
            for (ConsumerRecord<byte[], byte[]> record : records) {
                Header last = record.headers().lastHeader("final");
                if (record.value() != null && (last == null || last.value()[0] == 't')) {
                    outcomes++;
                }
            }
            if (outcomes > 0) {
                add(outcomes);
            }
        }
        consumer.close();
    }

    private synchronized boolean closed() {
        return closed;
    }

    private synchronized void add(int outcomes) {
        last = System.nanoTime();
        if (count == 0) {
            first = last;
        }
        count += outcomes;
        notifyAll();
    }

    synchronized void expect(long outcomes) {
        expected = outcomes;
        count = 0;
    }

    synchronized void awaitFirst() throws Exception {
        await(1);
    }

    synchronized void awaitLast() throws Exception {
        await(expected);
    }

    private synchronized void await(long enough) throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (count < enough) {
            if (System.nanoTime() - until > 0) {
                throw new TimeoutException("only " + count + " of " + enough + " outcomes");
            }
            wait(1000);
        }
    }

    /** From the first outcome to the last. */
    synchronized double seconds() {
        return (last - first) / 1e9;
    }

    @Override
    public void close() throws InterruptedException {
        synchronized (this) {
            closed = true;
        }
        thread.join(5000);
    }
}
