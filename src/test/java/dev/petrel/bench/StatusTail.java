package dev.petrel.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads all events beside whoever writes them, and does nothing with them but count those that end a request well. */
final class StatusTail implements AutoCloseable {
    static final String THREAD = "status-tail";

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread = new Thread(this::read, THREAD);
    private long expected = Long.MAX_VALUE;
    private volatile String outcome = "submitted";
    private boolean begun;
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
            int events = 0;
            int outcomes = 0;
            for (ConsumerRecord<byte[], byte[]> record : records) {
                if (record.value() != null) {
                    events++;
                    outcomes += isOutcome(record) ? 1 : 0;
                }
            }
            if (events > 0) {
                add(outcomes);
            }
        }
        consumer.close();
    }

    /** The bare pipe writes nothing else, and no headers. */
    private boolean isOutcome(ConsumerRecord<byte[], byte[]> record) {
        Header last = record.headers().lastHeader("final");
        Header status = record.headers().lastHeader("status");
        return last == null
                || status == null
                || last.value()[0] == 't' && new String(status.value(), ISO_8859_1).equals(outcome);
    }

    private synchronized boolean closed() {
        return closed;
    }

    private synchronized void add(int outcomes) {
        last = System.nanoTime();
        if (!begun) {
            begun = true;
            first = last;
        }
        count += outcomes;
        notifyAll();
    }

    /** @param status of the outcomes that count */
    synchronized void expect(long outcomes, String status) {
        expected = outcomes;
        outcome = status;
        count = 0;
        begun = false;
    }

    synchronized void awaitFirst() throws Exception {
        await(() -> begun);
    }

    synchronized void awaitLast() throws Exception {
        await(() -> count >= expected);
    }

    private synchronized void await(BooleanSupplier enough) throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!enough.getAsBoolean()) {
            if (System.nanoTime() - until > 0) {
                throw new TimeoutException("only " + count + " of " + expected + " outcomes");
            }
            wait(1000);
        }
    }

    /** From the first event to the last outcome. */
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
