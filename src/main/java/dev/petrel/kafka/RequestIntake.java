package dev.petrel.kafka;

import dev.petrel.delivery.OpenRequest;
import dev.petrel.delivery.Siblings;
import dev.petrel.delivery.Term;
import dev.petrel.journal.Standing;
import dev.petrel.message.NumberPlan;
import dev.petrel.message.SendRequest;
import dev.petrel.message.Source;
import dev.petrel.metrics.Alert;
import dev.petrel.metrics.Meters;
import dev.petrel.telemetry.Tracing;
import dev.petrel.time.Time;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.kafka.client.consumer.KafkaReadStream;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where requests come in: joins the group, takes partitions over and gives them back, and hands what they bring to {@link
 * BatchIntake}, as fast as there is room.
 *
 * <p>Everything happens on one event loop; {@link LeasedConsumer} does what belongs to the polling thread. Only
 * partitions are ever paused, never the stream: a stream that is paused does not poll, and the group throws us out.
 */
public final class RequestIntake {
    private static final Logger log = LoggerFactory.getLogger(RequestIntake.class);
    /** Pauses wait for the end of the running poll. */
    private static final Duration POLL = Duration.ofMillis(10);

    private static final Duration LOOK = Duration.ofMillis(20);
    private static final Duration LOOK_AT_READINESS = Duration.ofMillis(100);
    /** How much longer than a drain a rebalance of others is waited for: one of them may be draining. */
    private static final Duration BEYOND_DRAIN = Duration.ofSeconds(1);

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final KafkaConfig config;
    private final KafkaStatusSink sink;
    private final DeadLetters deadLetters;
    private final BatchIntake batches;
    private final Backpressure backpressure;
    private final JournalTail journal;
    private final FeedbackTail feedback;
    private final TakeOver takeOver;
    private final IntakeGauges gauges;
    private final AvailabilityPublisher availability;
    private final Context context;
    private final Time time;
    private final Meters meters;
    private final Consumer<Throwable> fatal;
    private final LeasedConsumer consumer;
    private final KafkaReadStream<byte[], byte[]> stream;
    private final Map<Integer, PartitionTerm> terms = new HashMap<>();
    private final Map<Integer, Integer> termNumbers = new ConcurrentHashMap<>();
    private Time.@Nullable Timer regulateDue;
    private Time.@Nullable Timer lookDue;
    private boolean stopping;
    private volatile boolean ready;
    private @Nullable Future<Void> stopped;

    /** Who takes requests to their end: {@code Delivery.deliver}, and its contract. */
    @FunctionalInterface
    public interface Delivering {
        OpenRequest deliver(SendRequest request, Standing standing, Term term, Siblings siblings);

        /**
         * The auth service has said that the user typed the code of this request, which may be open, over, or not have come
         * yet; an open one has heard it by then. On the event loop; once for each such word that is read after the take-over
         * of its partition.
         */
        default void verified(String requestId) {}
    }

    /**
     * Made on the event loop.
     *
     * @param lease how long a commit shows that we are still in the group
     * @param admin stays the caller's
     * @param journalWindow how long a request may matter: ids are known, and the status topic is read back, for so long
     * @param fatal told when polling or a reading has failed for good; on the event loop
     */
    public RequestIntake(
            KafkaConfig config,
            KafkaClients clients,
            Duration lease,
            Admin admin,
            RequestConfig requests,
            Duration journalWindow,
            NumberPlan numbers,
            Delivering delivery,
            Tracing tracing,
            KafkaStatusSink sink,
            DeadLetters deadLetters,
            Backpressure backpressure,
            Context context,
            Time time,
            RandomGenerator random,
            Meters meters,
            Consumer<Throwable> fatal) {
        this.config = config;
        this.sink = sink;
        this.deadLetters = deadLetters;
        this.batches = new BatchIntake(
                new RequestCodec(numbers, requests), sink, deadLetters, delivery, tracing, time, meters);
        this.backpressure = backpressure;
        long seed = random.nextLong();
        this.journal = new JournalTail(clients, config.topics().status(), journalWindow, seed, context, meters, fatal);
        this.feedback = new FeedbackTail(
                clients, config.topics().feedback(), journalWindow, seed, delivery::verified, context, meters, fatal);
        this.takeOver = new TakeOver(admin, config.topics().status(), sink, journal, feedback, context, time, meters);
        this.context = context;
        this.time = time;
        this.meters = meters;
        this.fatal = fatal;
        this.consumer = new LeasedConsumer(clients.consumer(), new Ownership(), config.rebalanceDrain(), lease, meters);
        this.stream = KafkaReadStream.create(context.owner(), consumer);
        this.availability = new AvailabilityPublisher(config, clients, admin, context, time, meters, fatal);
        this.gauges = new IntakeGauges(terms.values(), takeOver, consumer, time, meters);
    }

    /** Joins the group. On the event loop; succeeds before any partition is ours, see {@link #ready()}. */
    public Future<Void> start() {
        sink.whenTold(this::told);
        stream.pollTimeout(POLL);
        stream.batchHandler(this::take);
        stream.exceptionHandler(this::pollFailed);
        return sink.warmUp()
                .transform((partitions, failure) -> {
                    if (failure != null) {
                        log.warn("Nothing is known of {} yet", config.topics().status());
                    }
                    return stream.subscribe(Set.of(config.topics().requests()));
                })
                .onSuccess(subscribed -> look());
    }

    /** Request partitions that are ours. On the event loop. */
    public List<Integer> partitions() {
        return List.copyOf(terms.keySet());
    }

    /** Since the sending of the last commit that succeeded; zero while we own nothing. */
    public Duration leaseAge() {
        return terms.isEmpty() ? Duration.ZERO : consumer.leaseAge();
    }

    /** Requests on our partitions that nobody has begun, as of a second ago at the most. Any thread. */
    public long lag() {
        return gauges.lag();
    }

    /** Whether the group has taken us in and every partition that we own is active; owning none is fine. Any thread. */
    public boolean ready() {
        return ready;
    }

    /**
     * Leaves cleanly: nothing more is begun, what is in flight is told and done, within the limit that is set; polling
     * goes on until a commit has shown that no rebalance is under way, since a consumer that is closed in one counts as lost.
     * On the event loop; idempotent.
     */
    public Future<Void> stop() {
        if (stopped == null) {
            stopping = true;
            terms.values().forEach(term -> term.pause(true));
            stopped = drain(terms.values())
                    .compose(drained -> committed())
                    .compose(committed -> stream.close())
                    .eventually(() -> sink.close(CLOSE_LIMIT))
                    .eventually(() -> deadLetters.close(CLOSE_LIMIT))
                    .eventually(journal::close)
                    .eventually(feedback::close)
                    .eventually(availability::close)
                    .onComplete(closed -> {
                        ready = false;
                        if (lookDue != null) {
                            lookDue.cancel();
                        }
                        gauges.stop();
                    });
        }
        return stopped;
    }

    private Future<Void> drain(Collection<PartitionTerm> leaving) {
        List<Future<Void>> draining =
                leaving.stream().map(term -> term.term().drain()).toList();
        return until(() -> draining.stream().allMatch(Future::isComplete), config.shutdownDrain())
                .onSuccess(over -> warnOfOutstanding(leaving));
    }

    private static void warnOfOutstanding(Collection<PartitionTerm> leaving) {
        int outstanding =
                leaving.stream().mapToInt(term -> term.term().outstanding()).sum();
        if (outstanding > 0) {
            log.warn(
                    "The drain did not end: {} attempts and statuses are outstanding and may be done again",
                    outstanding);
        }
    }

    private Future<Void> committed() {
        long since = time.nanos();
        consumer.commitSoon();
        BooleanSupplier settled = () -> terms.isEmpty() || consumer.renewedSince(since);
        return until(settled, config.rebalanceDrain().plus(BEYOND_DRAIN)).onSuccess(over -> {
            if (!settled.getAsBoolean()) {
                log.warn("No commit succeeded since the drain: what was done last may be done again");
            }
        });
    }

    /** Succeeds once it is so, or the time is over. */
    private Future<Void> until(BooleanSupplier so, Duration limit) {
        Promise<Void> promise = Promise.promise();
        until(so, time.nanos() + limit.toNanos(), promise);
        return promise.future();
    }

    private void until(BooleanSupplier so, long limit, Promise<Void> promise) {
        if (so.getAsBoolean() || time.nanos() - limit >= 0) {
            promise.complete();
        } else {
            var unused = time.after(LOOK, () -> until(so, limit, promise));
        }
    }

    /** Must not throw: the wrapper would never poll again. */
    private void take(ConsumerRecords<byte[], byte[]> records) {
        for (TopicPartition partition : records.partitions()) {
            PartitionTerm term = terms.get(partition.partition());
            if (term != null && term.term().isActive()) { // or else they are the next owner's
                batches.take(records.records(partition), term);
            }
        }
        regulate();
    }

    private void told(Source source, Term term) {
        PartitionTerm current = terms.get(source.partition());
        if (current != null && current.term() == term) {
            current.told(source.offset());
        }
    }

    /** Pauses and resumes as the load has it, and looks again soon while anything is held back. */
    private void regulate() {
        boolean heldBack = backpressure.on() || !consumer.leaseHeld();
        boolean again = heldBack;
        for (PartitionTerm term : terms.values()) {
            if (term.term().state() == Term.State.ACTIVE && term.positioned()) {
                term.pause(stopping || heldBack || term.crowded());
                again |= term.crowded();
            }
        }
        if (again && !stopping && regulateDue == null) {
            regulateDue = time.after(LOOK, () -> {
                regulateDue = null;
                regulate();
            });
        }
    }

    private void look() {
        ready = !stopping && consumer.joined() && terms.values().stream().allMatch(RequestIntake::open);
        if (stopped == null) {
            lookDue = time.after(LOOK_AT_READINESS, this::look);
        }
    }

    private static boolean open(PartitionTerm term) {
        return term.term().state() == Term.State.ACTIVE && term.positioned();
    }

    private void takenOver(PartitionTerm term) {
        log.info("{} is ours", term.partition());
        regulate();
        availability.takenOver(term.term());
    }

    /** On the polling thread. */
    private void pollFailed(Throwable failure) {
        boolean forGood = failure instanceof ApiException
                && !(failure instanceof RetriableException)
                && !(failure instanceof AuthorizationException)
                && !(failure instanceof AuthenticationException);
        log.warn("Polling {} failed: {}", config.topics().requests(), failure.toString());
        if (forGood) {
            context.runOnContext(here -> fatal.accept(failure));
        }
    }

    /** What the polling thread asks of us. */
    private final class Ownership implements LeasedConsumer.Owner {
        @Override
        public PartitionTerm taken(TopicPartition partition) {
            int number = termNumbers.merge(partition.partition(), 1, Integer::sum);
            AtomicBoolean lost = new AtomicBoolean();
            PartitionTerm term = new PartitionTerm(
                    partition,
                    new Term(partition.partition(), number, () -> !lost.get() && consumer.leaseHeld()),
                    lost,
                    () -> time.now().toEpochMilli());
            context.runOnContext(here -> {
                ready = false;
                terms.put(partition.partition(), term);
                if (!stopping) {
                    takeOver.begin(term, RequestIntake.this::takenOver);
                }
            });
            return term;
        }

        @Override
        public void positioned(PartitionTerm term) {
            context.runOnContext(here -> term.tellPosition());
        }

        @Override
        public CountDownLatch drain(Collection<PartitionTerm> leaving) {
            CountDownLatch drained = new CountDownLatch(leaving.size());
            context.runOnContext(here -> leaving.forEach(term -> {
                term.pause(true);
                term.term().drain().onSuccess(done -> drained.countDown());
            }));
            return drained;
        }

        @Override
        public void leaseLost() {
            meters.alert(Alert.LEASE_LOST);
            log.warn(
                    "No commit has succeeded for too long: nothing is decided until one does, or others have taken over");
            context.runOnContext(here -> regulate());
        }

        @Override
        public void gone(Collection<PartitionTerm> gone) {
            context.runOnContext(here -> gone.forEach(term -> {
                log.info("{} is no longer ours", term.partition());
                term.term().lose();
                term.leave();
                availability.gone(term.term());
                journal.forget(term);
                feedback.forget(term);
                terms.remove(term.partition().partition(), term);
            }));
        }
    }
}
