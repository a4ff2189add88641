package dev.petrel.kafka;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * The requests that nobody has begun, on all partitions: beyond the highest of which something was told, and beyond what
 * the group has committed. One or two at a partition's end are passed over: where something before them is open, and so
 * they are not committed, the marker of a transaction, a duplicate or a dead letter looks like that.
 *
 * <p>Used on one thread; the admin client, which answers later, has one of its own.
 */
final class RequestLag {
    private static final ListOffsetsOptions COMMITTED = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);
    private static final int MAYBE_NONE = 2;
    private static final Duration KEPT = Duration.ofMinutes(1);

    private final Admin admin;
    private final String topic;
    private final String group;
    private final Queue<Runnable> answers = new ConcurrentLinkedQueue<>();
    private final Deque<Ends> ends = new ArrayDeque<>();
    private final Map<Integer, Long> told = new HashMap<>();
    private Map<Integer, Long> committed = Map.of();
    private Map<Integer, Long> first = Map.of();

    /** Where the partitions ended at an instant, in nanoseconds of the system. */
    private record Ends(long at, Map<Integer, Long> byPartition) {}

    RequestLag(Admin admin, String topic, String group) {
        this.admin = admin;
        this.topic = topic;
        this.group = group;
    }

    /** Something was told of the request at this offset: it was begun, and all before it. */
    void told(int partition, long offset) {
        told.merge(partition, offset, Math::max);
    }

    /** Asks where the partitions end now. */
    void ask(int partitions, long now) {
        List<TopicPartition> asked = IntStream.range(0, partitions)
                .mapToObj(number -> new TopicPartition(topic, number))
                .toList();
        var unusedEnds = admin.listOffsets(each(asked, OffsetSpec.latest()), COMMITTED)
                .all()
                .thenApply(found -> answers.add(() -> {
                    ends.addLast(new Ends(now, byPartition(found, offset -> offset.offset())));
                    while (now - ends.getFirst().at() > KEPT.toNanos()) {
                        ends.removeFirst();
                    }
                }));
        var unusedFirst = admin.listOffsets(each(asked, OffsetSpec.earliest()))
                .all()
                .thenApply(found -> answers.add(() -> first = byPartition(found, offset -> offset.offset())));
        var unusedCommitted = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .thenApply(found -> answers.add(() -> {
                    Map<TopicPartition, OffsetAndMetadata> ours = new HashMap<>(found);
                    ours.keySet().removeIf(partition -> !partition.topic().equals(topic));
                    ours.values().removeIf(offset -> offset == null);
                    committed = byPartition(ours, offset -> offset.offset());
                }));
    }

    /** Those that have waited for longer than this. */
    long notBegun(Duration patience, long now) {
        for (Runnable answer = answers.poll(); answer != null; answer = answers.poll()) {
            answer.run();
        }
        Map<Integer, Long> then = Map.of();
        for (Ends known : ends) {
            if (now - known.at() >= patience.toNanos()) {
                then = known.byPartition();
            }
        }
        long sum = 0;
        for (Map.Entry<Integer, Long> end : then.entrySet()) {
            long beyond = end.getValue() - begun(end.getKey(), end.getValue());
            sum += beyond <= MAYBE_NONE ? 0 : beyond;
        }
        return sum;
    }

    /** @param unknown where nothing is known of the partition */
    private long begun(int partition, long unknown) {
        long next = told.getOrDefault(partition, -1L) + 1;
        long done = committed.getOrDefault(partition, first.getOrDefault(partition, unknown));
        return Math.max(next, done);
    }

    private static Map<TopicPartition, OffsetSpec> each(List<TopicPartition> partitions, OffsetSpec spec) {
        return partitions.stream().collect(Collectors.toMap(Function.identity(), partition -> spec));
    }

    private static <T> Map<Integer, Long> byPartition(Map<TopicPartition, T> found, Function<T, Long> offset) {
        Map<Integer, Long> byPartition = new HashMap<>();
        found.forEach((partition, value) -> byPartition.put(partition.partition(), offset.apply(value)));
        return byPartition;
    }
}
