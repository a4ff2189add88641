package dev.petrel.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Reads some partitions once, from given offsets to the ends they had when they were asked for, and keeps nothing of it. Of
 * no group, and read_committed.
 *
 * <p>Every call blocks, and none for long: Kafka has {@link #ANSWER} for an answer, and a reading its patience. What goes
 * wrong is a {@link TopicProblems}.
 */
final class TopicScan implements AutoCloseable {
    static final Duration ANSWER = Duration.ofSeconds(5);
    /** A new leader may have to be found first. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private static final Duration POLL = Duration.ofMillis(100);

    private final BrokerTrouble trouble;
    private final Consumer<byte[], byte[]> consumer;

    TopicScan(KafkaConfig config) {
        trouble = new BrokerTrouble(config.bootstrapServers(), ANSWER);
        try {
            consumer = new KafkaClients(config).lookUpConsumer();
        } catch (KafkaException e) {
            throw trouble.noClient(e);
        }
    }

    /** All of the topic's, or the one that is asked for. */
    List<TopicPartition> partitions(String topic, @Nullable Integer only) {
        int count = ask(() -> consumer.partitionsFor(topic, ANSWER)).size();
        if (count == 0) {
            throw new TopicProblems(List.of("topic " + topic + ": is missing; petrel topics creates it"));
        }
        if (only != null && only >= count) {
            throw new NoSuchPlace("topic " + topic + ": has no partition " + only + ", only 0 to " + (count - 1));
        }
        List<TopicPartition> partitions = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            if (only == null || only == number) {
                partitions.add(new TopicPartition(topic, number));
            }
        }
        return partitions;
    }

    Map<TopicPartition, Long> begins(List<TopicPartition> partitions) {
        return ask(() -> consumer.beginningOffsets(partitions, ANSWER));
    }

    Map<TopicPartition, Long> ends(List<TopicPartition> partitions) {
        return ask(() -> consumer.endOffsets(partitions, ANSWER));
    }

    /** The first offset of each that was written at this instant or later; its end where there is none. */
    Map<TopicPartition, Long> since(Instant since, Map<TopicPartition, Long> ends) {
        long millis = Math.max(0, since.toEpochMilli());
        Map<TopicPartition, OffsetAndTimestamp> found = ask(() -> consumer.offsetsForTimes(
                ends.keySet().stream().collect(Collectors.toMap(Function.identity(), each -> millis)), ANSWER));
        Map<TopicPartition, Long> first = new HashMap<>(ends);
        found.forEach((partition, offset) -> {
            if (offset != null) {
                first.put(partition, offset.offset());
            }
        });
        return first;
    }

    /**
     * Reads on until the ends are reached, or the reader has enough.
     *
     * @param reader is handed each record, and says whether it wants more
     * @return why it was not read to the end, in words; null where it was
     */
    @Nullable
    String read(
            Map<TopicPartition, Long> from,
            Map<TopicPartition, Long> ends,
            Duration patience,
            Predicate<ConsumerRecord<byte[], byte[]>> reader) {
        return ask(() -> scan(from, ends, patience, reader));
    }

    private @Nullable String scan(
            Map<TopicPartition, Long> from,
            Map<TopicPartition, Long> ends,
            Duration patience,
            Predicate<ConsumerRecord<byte[], byte[]>> reader) {
        long begin = System.nanoTime();
        long heard = begin;
        Set<TopicPartition> open = new HashSet<>(from.keySet());
        consumer.assign(open);
        consumer.resume(open); // what was read before is paused
        from.forEach(consumer::seek);
        open.removeIf(partition -> isAt(partition, ends.getOrDefault(partition, 0L)));
        consumer.pause(from.keySet().stream()
                .filter(partition -> !open.contains(partition))
                .toList());
        while (!open.isEmpty()) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            for (ConsumerRecord<byte[], byte[]> record : records) {
                if (!reader.test(record)) {
                    return "more was there than is kept";
                }
            }
            Set<TopicPartition> read = open.stream()
                    .filter(partition -> isAt(partition, ends.getOrDefault(partition, 0L)))
                    .collect(Collectors.toSet());
            consumer.pause(read); // others write on, and whoever follows them never ends
            open.removeAll(read);
            long now = System.nanoTime();
            if (!records.isEmpty()) {
                heard = now;
            }
            if (!open.isEmpty() && now - heard > SILENCE.toNanos()) {
                return "Kafka sent nothing for " + SILENCE.toSeconds() + " s";
            }
            if (!open.isEmpty() && now - begin > patience.toNanos()) {
                return "it took longer than " + patience.toSeconds() + " s";
            }
        }
        return null;
    }

    private boolean isAt(TopicPartition partition, long end) {
        try {
            return consumer.position(partition, Duration.ZERO) >= end;
        } catch (TimeoutException notYet) {
            return false;
        }
    }

    private <T extends @Nullable Object> T ask(Supplier<T> question) {
        try {
            return question.get();
        } catch (KafkaException e) {
            throw trouble.when(e, "Read and Describe on the topics are needed");
        }
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
}
