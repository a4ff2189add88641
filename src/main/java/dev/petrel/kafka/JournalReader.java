package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.petrel.delivery.Term;
import dev.petrel.journal.SeenRequests;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Reads the status partition back when its request partition is taken over: which requests above the committed offset
 * have their final already, and which ids were seen within the window. What is committed is the highest offset with
 * nothing unfinished below it, so a single request that waits leaves everything after it uncommitted; without this the
 * next owner would send all of that again.
 *
 * <p>By headers and keys; no value is parsed. No pointer into the status topic is kept anywhere: where to begin comes
 * from timestamps. One consumer, used for one partition after the other on a worker thread.
 */
final class JournalReader {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaClients clients;
    private final String statusTopic;
    private final Duration window;
    private final Context context;
    private @Nullable Consumer<byte[], byte[]> consumer;

    /** @param window how far back ids are remembered, from now */
    JournalReader(KafkaClients clients, String statusTopic, Duration window, Context context) {
        this.clients = clients;
        this.statusTopic = statusTopic;
        this.window = window;
        this.context = context;
    }

    /**
     * To be called when our mark is on the status partition: what an earlier owner has told cleanly stands before it.
     *
     * @param position the first request that is not committed
     * @return what was found; fails where Kafka does not answer in time
     */
    Future<Earlier> read(PartitionTerm term, long position) {
        return context.owner().executeBlocking(() -> readNow(term, position), true);
    }

    Future<Void> close() {
        return context.owner()
                .executeBlocking(
                        () -> {
                            if (consumer != null) {
                                consumer.close();
                            }
                            return null;
                        },
                        true);
    }

    private Earlier readNow(PartitionTerm term, long position) {
        if (consumer == null) {
            consumer = clients.journalConsumer();
        }
        long limit = System.nanoTime() + LIMIT.toNanos();
        long since = Math.min(
                Instant.now().minus(window).toEpochMilli(), timestamp(consumer, term.partition(), position, limit));
        TopicPartition status = new TopicPartition(statusTopic, term.partition().partition());
        consumer.assign(List.of(status));
        Earlier earlier = new Earlier(position);
        OffsetAndTimestamp first =
                consumer.offsetsForTimes(Map.of(status, since), LIMIT).get(status);
        if (first == null) {
            return earlier; // nothing was told since
        }
        long end = consumer.endOffsets(List.of(status), LIMIT).getOrDefault(status, 0L);
        consumer.seek(status, first.offset());
        while (consumer.position(status) < end && term.term().state() == Term.State.ASSIGNED) {
            requireTime(limit);
            consumer.poll(POLL).forEach(event -> apply(event, earlier, term.seen()));
        }
        return earlier;
    }

    /** Of the request at this position or after it; {@link Long#MAX_VALUE} where there is none. */
    private static long timestamp(
            Consumer<byte[], byte[]> consumer, TopicPartition requests, long position, long limit) {
        consumer.assign(List.of(requests));
        consumer.seek(requests, position);
        long end = consumer.endOffsets(List.of(requests), LIMIT).getOrDefault(requests, 0L);
        while (consumer.position(requests) < end) {
            requireTime(limit);
            for (ConsumerRecord<byte[], byte[]> request : consumer.poll(POLL)) {
                return request.timestamp();
            }
        }
        return Long.MAX_VALUE;
    }

    private static void requireTime(long limit) {
        if (System.nanoTime() - limit >= 0) {
            throw new TimeoutException("not read in " + TimeUnit.NANOSECONDS.toSeconds(LIMIT.toNanos()) + " s");
        }
    }

    private static void apply(ConsumerRecord<byte[], byte[]> event, Earlier earlier, SeenRequests seen) {
        Header source = event.headers().lastHeader(StatusCodec.SOURCE);
        if (source == null || event.key() == null) {
            return; // the mark of an owner
        }
        long offset = offset(new String(source.value(), UTF_8), event.partition());
        if (offset < 0) {
            return;
        }
        var unused = seen.see(new String(event.key(), UTF_8), offset, Instant.ofEpochMilli(event.timestamp()));
        Header last = event.headers().lastHeader(StatusCodec.FINAL);
        if (last != null && new String(last.value(), UTF_8).equals("true")) {
            earlier.finished(offset);
        }
    }

    /** Of {@code partition:offset}; -1 where this is no such thing, or of another partition. */
    private static long offset(String source, int partition) {
        int colon = source.indexOf(':');
        try {
            return colon > 0 && Integer.parseInt(source, 0, colon, 10) == partition
                    ? Long.parseLong(source, colon + 1, source.length(), 10)
                    : -1;
        } catch (NumberFormatException foreign) {
            return -1;
        }
    }
}
