package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.petrel.trace.Hint;
import dev.petrel.trace.Traced;
import dev.petrel.trace.Traced.Searched;
import dev.petrel.trace.TracedEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Finds every event of one request on the status topic, on demand: no index is kept anywhere, keys are compared as bytes, and
 * only the request's own values are decoded. It reads to where the topic ended when it began, though a final may have been
 * found before: receipts and late words come after it. Of a record that Petrel has passed over it looks for the first under
 * its id, as far back as where nobody says when it was.
 *
 * <p>Blocks, never for an event loop: each call has a reader of its own, which belongs to no group, and takes some 10 MB for
 * each broker while it lasts. Any number of threads may ask; how many at a time is for the caller to limit.
 */
public final class TraceReader {
    /** What a person waits for. */
    public static final Duration PATIENCE = Duration.ofMinutes(2);

    /** A request has some dozens of events; more than this is not one request's. */
    private static final int MOST_EVENTS = 2000;

    private final KafkaConfig config;

    public TraceReader(KafkaConfig config) {
        this.config = config;
    }

    /**
     * @param patience after which it stops with what it has found, and says so
     * @throws TopicProblems if Kafka does not answer or refuses
     * @throws NoSuchPlace if the hint leads nowhere
     */
    public Traced trace(String requestId, Hint hint, Instant now, Duration patience) {
        try (TopicScan scan = new TopicScan(config, patience)) {
            String topic = config.topics().status();
            List<TopicPartition> partitions = scan.partitions(topic, hint.partition());
            Map<TopicPartition, Long> ends = scan.ends(partitions);
            Instant since = hint.offset() == null ? hint.since(now) : requested(scan, hint);
            Map<TopicPartition, Long> from = since == null ? scan.begins(partitions) : scan.since(since, ends);
            Reading reading = new Reading(requestId, hint.offset());
            String brokenOff = scan.read(from, ends, reading::take);
            if (brokenOff == null && since != null && reading.isPassedBy()) {
                since = since.minus(Hint.WINDOW);
                brokenOff = scan.isOver() ? scan.tooLong() : scan.read(scan.since(since, ends), from, reading::take);
            }
            reading.events.sort(Comparator.comparingInt(TracedEvent::partition)); // stable
            return new Traced(
                    List.copyOf(reading.events),
                    reading.unreadable,
                    new Searched(
                            topic,
                            partitions.size(),
                            hint.partition(),
                            since,
                            reading.records,
                            scan.took(),
                            brokenOff));
        }
    }

    /** When the request at the hint's place was made; null where its record is gone. */
    private @Nullable Instant requested(TopicScan scan, Hint hint) {
        long offset = hint.offset() == null ? 0 : hint.offset();
        TopicPartition requests =
                scan.partitions(config.topics().requests(), hint.partition()).get(0);
        Map<TopicPartition, Long> ends = scan.ends(List.of(requests));
        if (offset >= ends.getOrDefault(requests, 0L)) {
            throw new NoSuchPlace("topic " + requests.topic() + ": partition " + requests.partition()
                    + " ends at offset " + ends.getOrDefault(requests, 0L) + ", there is no " + offset + " yet");
        }
        ConsumerRecord<byte[], byte[]> record = record(scan, requests, offset);
        return record == null ? null : Hint.before(Instant.ofEpochMilli(record.timestamp()));
    }

    /** Null where it is gone. */
    private static @Nullable ConsumerRecord<byte[], byte[]> record(
            TopicScan scan, TopicPartition partition, long offset) {
        AtomicReference<@Nullable ConsumerRecord<byte[], byte[]>> first = new AtomicReference<>();
        String brokenOff =
                scan.read(Map.of(partition, offset), Map.of(partition, offset + 1), TopicScan.ANSWER, record -> {
                    first.set(record);
                    return false;
                });
        ConsumerRecord<byte[], byte[]> read = first.get();
        if (read == null && brokenOff != null) { // not heard is not gone
            throw new TopicProblems(
                    List.of("topic " + partition.topic() + ": partition " + partition.partition() + ": " + brokenOff));
        }
        return read != null && read.offset() == offset ? read : null;
    }

    /**
     * Whether this request of this tenant stands at this place of the request topic.
     *
     * @param patience after which Kafka does not answer
     * @throws TopicProblems if Kafka does not answer or refuses
     * @throws NoSuchPlace if there is no such partition
     */
    public boolean isAsked(int partition, long offset, String requestId, String tenant, Duration patience) {
        try (TopicScan scan = new TopicScan(config, patience)) {
            TopicPartition requests =
                    scan.partitions(config.topics().requests(), partition).get(0);
            if (offset >= scan.ends(List.of(requests)).getOrDefault(requests, 0L)) {
                return false;
            }
            ConsumerRecord<byte[], byte[]> record = record(scan, requests, offset);
            return record != null && KafkaRequestSink.isOf(record.value(), requestId, tenant);
        }
    }

    private record Place(int partition, long offset) {}

    /** What is read of one request. */
    static final class Reading {
        private final byte[] id;
        private final @Nullable Long place;
        private boolean passed;
        final List<TracedEvent> events = new ArrayList<>();
        private final Set<Place> taken = new HashSet<>();
        int unreadable;
        long records;

        /** @param place the offset of its record; null: not known */
        Reading(String requestId, @Nullable Long place) {
            id = requestId.getBytes(UTF_8);
            this.place = place;
        }

        /**
         * Whether nothing was told of it, but of one that stands behind it. Then it is most likely a repeat: all is told of
         * the first of its id, which may have been long before.
         */
        boolean isPassedBy() {
            return passed && events.isEmpty();
        }

        boolean take(ConsumerRecord<byte[], byte[]> record) {
            records++;
            if (place != null && !passed) {
                passed = JournalCodec.source(record) > place;
            }
            if (!Arrays.equals(record.key(), id) || record.value() == null) {
                return true;
            }
            if (!taken.add(new Place(record.partition(), record.offset()))) {
                return true; // the reader has begun anew
            }
            TracedEvent event = TraceCodec.read(record);
            if (event == null) {
                unreadable++;
            } else {
                events.add(event);
            }
            return events.size() < MOST_EVENTS;
        }
    }
}
