package dev.petrel.kafka;

import dev.petrel.delivery.Term;
import dev.petrel.journal.PartitionJournal;
import dev.petrel.metrics.Alert;
import dev.petrel.metrics.Meters;
import dev.petrel.time.Time;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From assigned to active, step by step:
 *
 * <ol>
 *   <li>the status topic has a partition of the same number; a request partition without one stays paused, alerts, and is
 *       looked at again;
 *   <li>it is read back to its end: what was told of the requests that will come;
 *   <li>our mark is on it: who can't write there sends nothing;
 *   <li>it is read on up to the mark: what a former owner told until then is known too;
 *   <li>what the auth services had said until then is known, unless that can't be read in time: it is optional;
 *   <li>the end of the request partition is known: an earlier owner may have sent what lies below.
 * </ol>
 *
 * <p>Runs on the event loop; the admin client has a thread of its own. A step that fails is repeated, unless the term is
 * over by then.
 */
final class TakeOver {
    private static final Logger log = LoggerFactory.getLogger(TakeOver.class);
    private static final Duration REPEAT = Duration.ofSeconds(1);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);
    /** How much longer than the journal the feedback is read before requests are. */
    private static final Duration FEEDBACK_LIMIT = Duration.ofSeconds(5);

    private static final ListOffsetsOptions COMMITTED = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);

    private final Admin admin;
    private final String statusTopic;
    private final KafkaStatusSink sink;
    private final JournalTail journal;
    private final FeedbackTail feedback;
    private final Context context;
    private final Time time;
    private final Meters meters;
    private int statusPartitions;

    TakeOver(
            Admin admin,
            String statusTopic,
            KafkaStatusSink sink,
            JournalTail journal,
            FeedbackTail feedback,
            Context context,
            Time time,
            Meters meters) {
        this.admin = admin;
        this.statusTopic = statusTopic;
        this.sink = sink;
        this.journal = journal;
        this.feedback = feedback;
        this.context = context;
        this.time = time;
        this.meters = meters;
    }

    /** @param active is told once the term is active; never where it was over before */
    void begin(PartitionTerm term, Consumer<PartitionTerm> active) {
        statusPartition(term)
                .compose(there -> term.whenPositioned())
                .compose(position -> readBack(term, position))
                .compose(known -> end(term))
                .onSuccess(end -> {
                    term.end(end);
                    term.term().activate(end);
                    if (term.term().state() == Term.State.ACTIVE) {
                        term.open();
                        active.accept(term);
                    }
                });
    }

    private Future<PartitionJournal> readBack(PartitionTerm term, long position) {
        if (term.term().state() != Term.State.ASSIGNED) {
            return never(); // it went before it began
        }
        FeedbackReading words = feedback.follow(term);
        JournalReading reading =
                journal.follow(term, position, sink.writer(term.term()), term::toldByAnother, words::beginAt);
        // first of all: what others tell after our mark may come before its acknowledgement, and adds to the journal
        Future<PartitionJournal> handedOver = reading.handedOver().onSuccess(term::handOver);
        return reading.replayed()
                .compose(read -> marked(term))
                .onSuccess(acknowledged -> reading.marked())
                .compose(acknowledged -> handedOver)
                .compose(known -> feedback(term, words).map(known));
    }

    /** Succeeds in bounded time; words that could not be read by then count when they are. */
    private Future<Void> feedback(PartitionTerm term, FeedbackReading words) {
        Promise<Void> promise = Promise.promise();
        Time.Timer limit = time.after(FEEDBACK_LIMIT, () -> {
            if (promise.tryComplete() && term.term().state() == Term.State.ASSIGNED) {
                log.warn("{} goes on without feedback, which takes long to be read", term.partition());
            }
        });
        words.handOver().onSuccess(ids -> {
            limit.cancel();
            term.verified(ids);
            promise.tryComplete();
        });
        return promise.future();
    }

    private Future<Void> marked(PartitionTerm term) {
        return term.term().state() == Term.State.ASSIGNED ? sink.mark(term.term()) : never();
    }

    private static <T> Future<T> never() {
        return Promise.<T>promise().future();
    }

    /** The ends of these partitions, transactions that are open left out. May fail. */
    Future<Map<TopicPartition, Long>> ends(List<TopicPartition> partitions) {
        Map<TopicPartition, OffsetSpec> latest =
                partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
        return here(admin.listOffsets(latest, COMMITTED).all())
                .map(ends -> ends.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, entry -> entry.getValue().offset())));
    }

    private Future<Void> statusPartition(PartitionTerm term) {
        if (term.term().partition() < statusPartitions) {
            return Future.succeededFuture();
        }
        return here(admin.describeTopics(List.of(statusTopic)).allTopicNames())
                .map(topics -> topics.values().stream()
                        .mapToInt(topic -> topic.partitions().size())
                        .sum())
                .transform((count, failure) -> {
                    if (count == null) {
                        log.warn("{} can't be described: {}", statusTopic, name(failure));
                        return later(term, REPEAT).compose(again -> statusPartition(term));
                    }
                    statusPartitions = count;
                    if (term.term().partition() < count) {
                        return Future.succeededFuture();
                    }
                    meters.alert(Alert.STATUS_PARTITION_MISSING);
                    log.warn(
                            "{} stays paused: {} has no partition {}; add it",
                            term.partition(),
                            statusTopic,
                            term.term().partition());
                    return later(term, LOOK_AGAIN).compose(again -> statusPartition(term));
                });
    }

    private Future<Long> end(PartitionTerm term) {
        return ends(List.of(term.partition())).transform((ends, failure) -> {
            Long end = ends == null ? null : ends.get(term.partition());
            if (end != null) {
                return Future.succeededFuture(end);
            }
            log.warn("The end of {} can't be read: {}", term.partition(), name(failure));
            return later(term, REPEAT).compose(again -> end(term));
        });
    }

    /** Never succeeds where the term is over by then. */
    private Future<Void> later(PartitionTerm term, Duration delay) {
        Promise<Void> promise = Promise.promise();
        var unused = time.after(delay, () -> {
            if (term.term().state() == Term.State.ASSIGNED) {
                promise.complete();
            }
        });
        return promise.future();
    }

    private <T> Future<T> here(KafkaFuture<T> future) {
        Promise<T> promise = Promise.promise();
        future.whenComplete((value, failure) -> context.runOnContext(back -> {
            if (failure == null) {
                promise.complete(value);
            } else {
                promise.fail(failure);
            }
        }));
        return promise.future();
    }

    private static String name(@Nullable Throwable failure) {
        return failure == null ? "no answer" : failure.getClass().getSimpleName();
    }
}
