package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.petrel.message.NumberPlan;
import dev.petrel.trace.DeadLetter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Looks at dead letters, and lets nobody see more of them than P6 allows.
 *
 * <p>Blocks, never for an event loop: each call has a reader of its own, which belongs to no group. Any number of threads may
 * ask.
 */
public final class DeadLetterReader {
    /** What a person waits for. */
    public static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");
    private static final Pattern WHOLE = Pattern.compile("[0-9]{1,18}");
    private static final Comparator<DeadLetter> BY_TIME = Comparator.comparing(DeadLetter::at)
            .thenComparing(DeadLetter::partition)
            .thenComparing(DeadLetter::offset);

    private final KafkaConfig config;
    private final NumberPlan numbers;

    /**
     * What was found.
     *
     * @param letters the newest, in the order of time
     * @param more how many more were there
     * @param brokenOff why it was not read to the end; null: it was
     */
    public record Listed(
            List<DeadLetter> letters, long more, @Nullable String brokenOff) {}

    public DeadLetterReader(KafkaConfig config, NumberPlan numbers) {
        this.config = config;
        this.numbers = numbers;
    }

    /**
     * The newest: of the last on each partition, those that were set aside last.
     *
     * @param most how many at the most
     * @param since null: from the first that is left
     * @throws TopicProblems if Kafka does not answer or refuses
     */
    public Listed list(int most, @Nullable Instant since, Duration patience) {
        try (TopicScan scan = new TopicScan(config, patience)) {
            List<TopicPartition> partitions = scan.partitions(config.topics().deadLetter(), null);
            Map<TopicPartition, Long> ends = scan.ends(partitions);
            Map<TopicPartition, Long> first = since == null ? scan.begins(partitions) : scan.since(since, ends);
            Map<TopicPartition, Long> from = new HashMap<>();
            long there = 0;
            for (TopicPartition partition : partitions) {
                long end = ends.getOrDefault(partition, 0L);
                long begin = first.getOrDefault(partition, end);
                from.put(partition, Math.max(begin, end - most));
                there += end - begin;
            }
            PriorityQueue<DeadLetter> newest = new PriorityQueue<>(BY_TIME);
            String brokenOff = scan.read(from, ends, record -> {
                newest.add(letter(record, List.of()));
                if (newest.size() > most) {
                    newest.remove();
                }
                return true;
            });
            List<DeadLetter> letters = new ArrayList<>(newest);
            letters.sort(BY_TIME);
            return new Listed(letters, Math.max(0, there - letters.size()), brokenOff);
        }
    }

    /**
     * One, with its masked content; nothing where there is none at this place.
     *
     * @throws TopicProblems if Kafka does not answer or refuses
     */
    public Optional<DeadLetter> show(int partition, long offset) {
        try (TopicScan scan = new TopicScan(config, PATIENCE)) {
            TopicPartition asked =
                    scan.partitions(config.topics().deadLetter(), partition).get(0);
            long begin = scan.begins(List.of(asked)).getOrDefault(asked, 0L);
            long end = scan.ends(List.of(asked)).getOrDefault(asked, 0L);
            List<DeadLetter> found = new ArrayList<>();
            if (offset >= begin && offset < end) {
                String brokenOff =
                        scan.read(Map.of(asked, offset), Map.of(asked, offset + 1), TopicScan.ANSWER, record -> {
                            if (record.offset() == offset) {
                                found.add(letter(record, content(record)));
                            }
                            return record.offset() < offset;
                        });
                if (found.isEmpty() && brokenOff != null) {
                    throw new TopicProblems(List.of("topic " + asked.topic() + ": not read, " + brokenOff));
                }
            }
            return found.stream().findFirst();
        }
    }

    private List<String> content(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value();
        if (value == null) {
            return List.of("content      none: " + (isTruncated(record) ? "left out as too large" : "a tombstone"));
        }
        List<String> lines = new MaskedJson(numbers).lines(value);
        if (lines.isEmpty()) {
            return List.of("content      " + Beginning.of(value));
        }
        List<String> content = new ArrayList<>(List.of("content      JSON, its texts and numbers masked:"));
        content.addAll(lines);
        return content;
    }

    private static DeadLetter letter(ConsumerRecord<byte[], byte[]> record, List<String> content) {
        String at = text(record, DeadLetters.AT);
        Instant setAside = at == null ? null : Timestamps.parse(at);
        return new DeadLetter(
                record.partition(),
                record.offset(),
                setAside == null ? Instant.ofEpochMilli(record.timestamp()) : setAside,
                record.value() == null ? 0 : record.value().length,
                text(record, DeadLetters.REASON),
                source(record),
                isTruncated(record),
                content);
    }

    private static @Nullable String source(ConsumerRecord<byte[], byte[]> record) {
        String topic = text(record, DeadLetters.TOPIC);
        String partition = text(record, DeadLetters.PARTITION);
        String offset = text(record, DeadLetters.OFFSET);
        return topic != null
                        && partition != null
                        && offset != null
                        && TOPIC.matcher(topic).matches()
                        && WHOLE.matcher(partition).matches()
                        && WHOLE.matcher(offset).matches()
                ? topic + " " + partition + ":" + offset
                : null;
    }

    private static boolean isTruncated(ConsumerRecord<byte[], byte[]> record) {
        return text(record, DeadLetters.TRUNCATED) != null;
    }

    private static @Nullable String text(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
    }
}
