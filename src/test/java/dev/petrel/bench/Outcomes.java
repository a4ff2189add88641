package dev.petrel.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What stands on a status topic, read when the round is over, so that no reader takes part in it. A request counts in the
 * window in which the broker got its outcome.
 */
final class Outcomes {
    private static final byte[] SUBMITTED = "\"submitted\"".getBytes(UTF_8);

    private final String outcome;
    private final long fromMillis;
    private final long toMillis;
    private final Set<String> ended = new HashSet<>();
    private int inWindow;
    private int events;
    private int others;
    private int repeated;
    private long last;

    /** Of nothing yet. */
    Outcomes(String outcome, long fromMillis, long toMillis) {
        this.outcome = outcome;
        this.fromMillis = fromMillis;
        this.toMillis = toMillis;
    }

    /**
     * @param outcome the status that a request should come to
     * @param fromMillis begin of the window, by the broker's clock, which is this machine's
     */
    static Outcomes read(String bootstrapServers, String topic, String outcome, long fromMillis, long toMillis) {
        Outcomes outcomes = new Outcomes(outcome, fromMillis, toMillis);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "enable.auto.commit", false, "max.poll.records", 5000),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(outcomes::add);
            }
        }
        return outcomes;
    }

    /** In the order of their partition. */
    void add(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return; // the mark of an owner
        }
        boolean inside = record.timestamp() >= fromMillis && record.timestamp() < toMillis;
        events += inside ? 1 : 0;
        if (!isFinal(record)) {
            return;
        }
        if (!ended.add(new String(record.key(), UTF_8))) {
            repeated++;
        } else if (!isOutcome(record)) {
            others++;
        } else {
            inWindow += inside ? 1 : 0;
            last = Math.max(last, record.timestamp());
        }
    }

    /** Who knows no headers writes nothing but ends. */
    private static boolean isFinal(ConsumerRecord<byte[], byte[]> record) {
        Header last = record.headers().lastHeader("final");
        return last == null || last.value()[0] == 't';
    }

    private boolean isOutcome(ConsumerRecord<byte[], byte[]> record) {
        Header status = record.headers().lastHeader("status");
        return status == null ? contains(record.value(), SUBMITTED) : new String(status.value(), UTF_8).equals(outcome);
    }

    private static boolean contains(byte[] value, byte[] part) {
        for (int i = 0; i + part.length <= value.length; i++) {
            if (Arrays.equals(value, i, i + part.length, part, 0, part.length)) {
                return true;
            }
        }
        return false;
    }

    /** Requests that came to their outcome in the window. */
    int inWindow() {
        return inWindow;
    }

    /** All that was told in the window. */
    int events() {
        return events;
    }

    /** Requests that came to any end, in the window or not. */
    int ended() {
        return ended.size();
    }

    /** Those of them that came to another end than they should have. */
    int others() {
        return others;
    }

    /** Ends of requests that had one. */
    int repeated() {
        return repeated;
    }

    /** Whether requests came to their outcomes until the window was over, and longer. */
    boolean outlastTheWindow() {
        return last >= toMillis;
    }
}
