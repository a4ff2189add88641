package dev.petrel.kafka;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From where {@link EventTail} reads each partition. What is there at the start is passed over, all but a minute of events;
 * what is added later is read from its beginning. Found partition by partition, for one may be without a leader while the
 * others are not; and that of requests only once that of their events is fixed.
 *
 * <p>On one thread, but for the answers.
 */
final class TailPlaces {
    private static final Logger log = LoggerFactory.getLogger(TailPlaces.class);
    /** So long before the start a request may have ended that is brought again after it. */
    private static final Duration EARLIER = Duration.ofMinutes(1);

    private final KafkaConfig.Topics topics;
    private final Function<Map<TopicPartition, OffsetSpec>, Map<TopicPartition, CompletionStage<Long>>> offsets;
    private final InstantSource clock;
    private final Runnable answered;
    private final Set<TopicPartition> there = new HashSet<>();
    private final Set<TopicPartition> atStart = new HashSet<>();
    private final Set<TopicPartition> missing = new HashSet<>();
    private final Set<TopicPartition> failed = new HashSet<>();
    private final Set<TopicPartition> asked = new HashSet<>();
    /** Of the events that are there at the start; it may be that none of them is so young as to be read. */
    private final Map<TopicPartition, Long> ends = new HashMap<>();

    private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();

    private record Answer(
            TopicPartition partition,
            @Nullable Long offset,
            @Nullable Throwable failure) {}

    /**
     * @param offsets finds each by itself, without blocking; less than 0 where nothing is so young
     * @param answered told when there is something to take
     */
    TailPlaces(
            KafkaConfig.Topics topics,
            Function<Map<TopicPartition, OffsetSpec>, Map<TopicPartition, CompletionStage<Long>>> offsets,
            InstantSource clock,
            Runnable answered) {
        this.topics = topics;
        this.offsets = offsets;
        this.clock = clock;
        this.answered = answered;
    }

    /** Whether nothing is known of any partition. */
    boolean isEmpty() {
        return there.isEmpty();
    }

    boolean areAllFound() {
        return missing.isEmpty();
    }

    /**
     * What there is. Requests are left out until there is a partition for their events.
     *
     * @return the partitions of events that were not known before
     */
    List<TopicPartition> add(Collection<TopicPartition> events, Collection<TopicPartition> requests) {
        boolean first = there.isEmpty();
        List<TopicPartition> told = events.stream().filter(there::add).toList();
        List<TopicPartition> brought = requests.stream()
                .filter(each -> there.contains(events(each)))
                .filter(there::add)
                .toList();
        for (List<TopicPartition> each : List.of(told, brought)) {
            missing.addAll(each);
            if (first) {
                atStart.addAll(each);
            }
        }
        return told;
    }

    /** Asks for what is not known and not asked for already. */
    void ask() {
        Map<TopicPartition, OffsetSpec> question = new HashMap<>();
        for (TopicPartition each : missing) {
            if (!asked.contains(each) && (isOfEvents(each) || !missing.contains(events(each)))) {
                question.put(each, wanted(each));
            }
        }
        if (question.isEmpty()) {
            return;
        }
        offsets.apply(question)
                .forEach((each, answer) -> answer.whenComplete((offset, failure) -> {
                    answers.add(new Answer(each, offset, failure));
                    if (offset != null) {
                        answered.run();
                    }
                }));
        asked.addAll(question.keySet());
    }

    private OffsetSpec wanted(TopicPartition partition) {
        if (!atStart.contains(partition)) {
            return OffsetSpec.earliest();
        }
        return ends.containsKey(partition)
                ? OffsetSpec.forTimestamp(clock.instant().minus(EARLIER).toEpochMilli())
                : OffsetSpec.latest();
    }

    /** What has been found since the last time; what follows from it is asked for. */
    Map<TopicPartition, Long> take() {
        Map<TopicPartition, Long> found = new HashMap<>();
        boolean further = false;
        for (Answer answer = answers.poll(); answer != null; answer = answers.poll()) {
            TopicPartition partition = answer.partition;
            asked.remove(partition);
            Long offset = answer.offset;
            if (offset == null) {
                if (failed.add(partition)) {
                    log.warn(
                            "{} can't be read yet for those who follow requests by HTTP: {}",
                            partition,
                            String.valueOf(answer.failure));
                }
                continue;
            }
            further = true;
            Long end = ends.remove(partition);
            if (end == null && isOfEvents(partition) && atStart.contains(partition)) {
                ends.put(partition, offset);
            } else {
                missing.remove(partition);
                found.put(partition, end == null ? offset : offset < 0 ? end : Long.valueOf(Math.min(end, offset)));
            }
        }
        if (further) {
            ask();
        }
        return found;
    }

    private boolean isOfEvents(TopicPartition partition) {
        return partition.topic().equals(topics.status());
    }

    private TopicPartition events(TopicPartition requests) {
        return new TopicPartition(topics.status(), requests.partition());
    }
}
