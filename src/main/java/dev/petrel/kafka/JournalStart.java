package dev.petrel.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Where the reading of a status partition begins. No pointer is kept anywhere: it is the earlier of two points in time.
 *
 * <ul>
 *   <li>The partition's last record less the window: from there on ids count as seen. Not from now: while nobody wrote,
 *       nothing was forgotten.
 *   <li>The record of the first request that will come again, at the committed offset or, where that is gone, the first
 *       that is left: whatever was told of it and of those after it was told later.
 * </ul>
 *
 * <p>Blocks; on the thread of {@link JournalTail} only, and with a consumer of its own.
 */
final class JournalStart implements AutoCloseable {
    /** The thread that waits for it has other partitions to read. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private static final Duration POLL = Duration.ofMillis(100);

    private final Consumer<byte[], byte[]> consumer;
    private final Duration window;

    /**
     * @param offset the first event to be read
     * @param end the partition's end when it was asked for
     * @param since the point in time that the offset is for, in milliseconds since the epoch
     * @param lastAt when its last event was appended, likewise; now where there is none
     */
    record Start(long offset, long end, long since, long lastAt) {}

    JournalStart(Consumer<byte[], byte[]> consumer, Duration window) {
        this.consumer = consumer;
        this.window = window;
    }

    /**
     * @param position the first request that will come
     * @throws org.apache.kafka.common.KafkaException where Kafka does not answer in time, or refuses
     */
    Start find(TopicPartition requests, long position, TopicPartition status) {
        long end = end(status);
        long lastAt = lastTimestamp(status, end);
        long since = Math.min(
                lastAt == Long.MAX_VALUE ? lastAt : lastAt - window.toMillis(), firstTimestamp(requests, position));
        if (since == Long.MAX_VALUE) {
            long now = Instant.now().toEpochMilli();
            return new Start(end, end, now, now);
        }
        since = Math.max(0, since);
        OffsetAndTimestamp first =
                consumer.offsetsForTimes(Map.of(status, since), LIMIT).get(status);
        return new Start(
                first == null ? end : first.offset(),
                end,
                since,
                lastAt == Long.MAX_VALUE ? Instant.now().toEpochMilli() : lastAt);
    }

    /** Of the last record there is; {@link Long#MAX_VALUE} where there is none. */
    private long lastTimestamp(TopicPartition status, long end) {
        long begin = consumer.beginningOffsets(List.of(status), LIMIT).getOrDefault(status, 0L);
        long from = end;
        List<ConsumerRecord<byte[], byte[]>> last = List.of();
        while (last.isEmpty() && from > begin) {
            from = Math.max(begin, end - 2 * (end - from) - 1); // the last offsets may be a transaction's markers
            last = read(status, from, end, Integer.MAX_VALUE);
        }
        return last.isEmpty() ? Long.MAX_VALUE : last.get(last.size() - 1).timestamp();
    }

    /** Of the request at this position or after it; {@link Long#MAX_VALUE} where there is none. */
    private long firstTimestamp(TopicPartition requests, long position) {
        List<ConsumerRecord<byte[], byte[]>> first = read(requests, position, end(requests), 1);
        return first.isEmpty() ? Long.MAX_VALUE : first.get(0).timestamp();
    }

    private long end(TopicPartition partition) {
        return consumer.endOffsets(List.of(partition), LIMIT).getOrDefault(partition, 0L);
    }

    private List<ConsumerRecord<byte[], byte[]>> read(TopicPartition partition, long from, long end, int most) {
        long limit = System.nanoTime() + LIMIT.toNanos();
        consumer.assign(List.of(partition));
        consumer.seek(partition, from);
        List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
        while (read.size() < most && consumer.position(partition) < end) {
            if (System.nanoTime() - limit >= 0) {
                throw new TimeoutException("not read in " + TimeUnit.NANOSECONDS.toSeconds(LIMIT.toNanos()) + " s");
            }
            read.addAll(consumer.poll(POLL).records(partition));
        }
        consumer.assign(List.of());
        return read;
    }

    /** Any thread. */
    void wakeUp() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
}
