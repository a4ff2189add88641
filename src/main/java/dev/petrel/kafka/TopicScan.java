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
import java.util.function.LongSupplier;
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
 * <p>Every call blocks, and none for long: Kafka has {@link #ANSWER} for an answer, and all calls together have one patience.
 * What goes wrong is a {@link TopicProblems}.
 */
final class TopicScan implements AutoCloseable {
    static final Duration ANSWER = Duration.ofSeconds(5);
    /** A new leader may have to be found first. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaConfig config;
    private final Duration patience;
    private final LongSupplier nanos;
    private final long begin;
    private final Consumer<byte[], byte[]> consumer;

    /** @param patience for all that is asked and read */
    TopicScan(KafkaConfig config, Duration patience) {
        this(config, patience, System::nanoTime);
    }

    TopicScan(KafkaConfig config, Duration patience, LongSupplier nanos) {
        this.config = config;
        this.patience = patience;
        this.nanos = nanos;
        this.begin = nanos.getAsLong();
        try {
            consumer = new KafkaClients(config).lookUpConsumer();
        } catch (KafkaException e) {
            throw trouble(ANSWER).noClient(e);
        }
    }

    private BrokerTrouble trouble(Duration waited) {
        return new BrokerTrouble(config.bootstrapServers(), waited);
    }

    Duration took() {
        return Duration.ofNanos(nanos.getAsLong() - begin);
    }

    private long leftMillis() {
        return Math.max(0, patience.minus(took()).toMillis());
    }

    /** Whether nothing can be asked or read any more. */
    boolean isOver() {
        return leftMillis() == 0;
    }

    /** With what was asked and read before. */
    String tooLong() {
        return tooLong(patience);
    }

    private static String tooLong(Duration most) {
        return "it took longer than " + most.toSeconds() + " s";
    }

    /** All of the topic's, or the one that is asked for. */
    List<TopicPartition> partitions(String topic, @Nullable Integer only) {
        int count = ask(within -> consumer.partitionsFor(topic, within)).size();
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
        return ask(within -> consumer.beginningOffsets(partitions, within));
    }

    Map<TopicPartition, Long> ends(List<TopicPartition> partitions) {
        return ask(within -> consumer.endOffsets(partitions, within));
    }

    /** The first offset of each that was written at this instant or later; its end where there is none. */
    Map<TopicPartition, Long> since(Instant since, Map<TopicPartition, Long> ends) {
        long millis = Math.max(0, since.toEpochMilli());
        Map<TopicPartition, OffsetAndTimestamp> found = ask(within -> consumer.offsetsForTimes(
                ends.keySet().stream().collect(Collectors.toMap(Function.identity(), each -> millis)), within));
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
            Predicate<ConsumerRecord<byte[], byte[]>> reader) {
        return read(from, ends, patience, reader);
    }

    /** @param most that it may take, if so much is left */
    @Nullable
    String read(
            Map<TopicPartition, Long> from,
            Map<TopicPartition, Long> ends,
            Duration most,
            Predicate<ConsumerRecord<byte[], byte[]>> reader) {
        return guard(ANSWER, () -> scan(from, ends, most, reader));
    }

    private @Nullable String scan(
            Map<TopicPartition, Long> from,
            Map<TopicPartition, Long> ends,
            Duration most,
            Predicate<ConsumerRecord<byte[], byte[]>> reader) {
        long start = nanos.getAsLong();
        long heard = start;
        Set<TopicPartition> open = new HashSet<>(from.keySet());
        consumer.assign(open);
        consumer.resume(open); // what was read before is paused
        from.forEach(consumer::seek);
        open.removeIf(partition -> isAt(partition, ends.getOrDefault(partition, 0L)));
        consumer.pause(from.keySet().stream()
                .filter(partition -> !open.contains(partition))
                .toList());
        while (!open.isEmpty()) {
            long now = nanos.getAsLong();
            if (now - heard > SILENCE.toNanos()) {
                return "Kafka sent nothing for " + SILENCE.toSeconds() + " s";
            }
            if (now - start > most.toNanos()) {
                return tooLong(most);
            }
            if (isOver()) {
                return tooLong();
            }
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            for (ConsumerRecord<byte[], byte[]> record : records) {
                if (!reader.test(record)) {
                    return "more was there than is kept";
                }
            }
            if (!records.isEmpty()) {
                heard = nanos.getAsLong();
            }
            Set<TopicPartition> read = open.stream()
                    .filter(partition -> isAt(partition, ends.getOrDefault(partition, 0L)))
                    .collect(Collectors.toSet());
            consumer.pause(read); // others write on, and whoever follows them never ends
            open.removeAll(read);
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

    /** @param question is handed how long an answer may take */
    private <T extends @Nullable Object> T ask(Function<Duration, T> question) {
        Duration left = Duration.ofMillis(leftMillis());
        boolean enough = left.compareTo(ANSWER) >= 0;
        return guard(enough ? ANSWER : patience, () -> {
            if (left.isZero()) { // Kafka's consumer would answer that there is nothing
                throw new TimeoutException();
            }
            return question.apply(enough ? ANSWER : left);
        });
    }

    private <T extends @Nullable Object> T guard(Duration waited, Supplier<T> step) {
        try {
            return step.get();
        } catch (KafkaException e) {
            throw trouble(waited).when(e, "Read and Describe on the topics are needed");
        }
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
}
