package dev.petrel.kafka;

import dev.petrel.metrics.Meters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kafka's consumer as the Vert.x client is to wrap it: what must happen on the polling thread happens here.
 *
 * <ul>
 *   <li>Offsets are committed every second, changed or not: a commit that succeeds is the broker's word that we are still
 *       in the group, and the lease runs from the sending of the last one.
 *   <li>A partition is paused before anything of it is handed over; from then on it is paused or not as its {@link
 *       PartitionTerm} says. Were a pause a task for this thread, one meant for an earlier term could hit a later one.
 *   <li>A revoke waits, here and on no other thread, until what is in flight is told and done, and commits that. The
 *       wrapper lets Kafka's callback return at once, and a commit made afterwards comes too late.
 * </ul>
 *
 * <p>All of it runs on the polling thread, but for what says otherwise.
 */
final class LeasedConsumer extends KafkaConsumer<byte[], byte[]> {
    private static final Logger log = LoggerFactory.getLogger(LeasedConsumer.class);
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long SHORTLY = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int MOST_OPEN = 10;
    private static final Duration COMMIT_TIMEOUT = Duration.ofMillis(900);
    /** How much longer than the drain the last commit of a revoke is tried: a commit that is missing is a code twice. */
    private static final long BEYOND_DRAIN = TimeUnit.SECONDS.toNanos(2);

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Owner owner;
    private final Duration drain;
    private final long lease;
    private final Meters meters;
    private final Map<TopicPartition, PartitionTerm> owned = new HashMap<>();
    private long next = System.nanoTime();
    private int open;
    private int failures;
    private volatile boolean commitAsked;
    private boolean held;
    private volatile boolean joined;
    private volatile boolean renewed;
    private volatile long renewedAt = System.nanoTime();

    /** Who works on the partitions. Called on the polling thread, and must not block. */
    interface Owner {
        /** This partition is ours now, and paused. */
        PartitionTerm taken(TopicPartition partition);

        /** The position of this one is known. */
        void positioned(PartitionTerm term);

        /**
         * These must be given back: no new attempt starts for them.
         *
         * @return reaches zero once nothing of them is in flight
         */
        CountDownLatch drain(Collection<PartitionTerm> leaving);

        /** Nobody has confirmed for too long that these are ours. */
        void leaseLost();

        /** These are somebody else's. */
        void gone(Collection<PartitionTerm> gone);
    }

    /**
     * @param drain how long a revoke waits for what is in flight
     * @param lease how long a commit that succeeded shows that we are still in the group, from its sending
     */
    LeasedConsumer(Map<String, Object> properties, Owner owner, Duration drain, Duration lease, Meters meters) {
        super(properties);
        this.owner = owner;
        this.drain = drain;
        this.lease = lease.toNanos();
        this.meters = meters;
    }

    /** Whether the group has taken us in; any thread. */
    boolean joined() {
        return joined;
    }

    /** How long ago the last commit that succeeded was sent, or this was made where none has yet; any thread. */
    Duration leaseAge() {
        return Duration.ofNanos(System.nanoTime() - renewedAt);
    }

    /** Whether the group has confirmed us so lately that nobody else can have what is ours; any thread. */
    boolean leaseHeld() {
        return renewed && System.nanoTime() - renewedAt < lease;
    }

    /** Whether a commit that was sent after this instant, in nanoseconds of the system, has succeeded; any thread. */
    boolean renewedSince(long nanos) {
        return renewedAt - nanos > 0;
    }

    /** Asks for a commit with the next poll; any thread. */
    void commitSoon() {
        commitAsked = true;
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        try {
            for (PartitionTerm term : owned.values()) {
                position(term);
                if (term.pauseChanged()) {
                    applyPause(term);
                }
            }
            watchLease();
            commitEverySecond();
            ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
            failures = 0;
            for (TopicPartition partition : records.partitions()) {
                PartitionTerm term = owned.get(partition);
                List<ConsumerRecord<byte[], byte[]>> batch = records.records(partition);
                if (term != null) {
                    term.handed(batch.get(batch.size() - 1).offset());
                }
            }
            return records;
        } catch (WakeupException asked) {
            throw asked;
        } catch (RuntimeException failed) {
            meters.pollFailed();
            // the wrapper polls again at once
            LockSupport.parkNanos(Math.min(SECOND, SHORTLY << Math.min(failures++, 4)));
            throw failed;
        }
    }

    private void watchLease() {
        boolean holds = leaseHeld();
        if (held && !holds && !owned.isEmpty()) {
            owner.leaseLost();
        }
        held = holds;
    }

    private void applyPause(PartitionTerm term) {
        if (term.paused()) {
            pause(List.of(term.partition()));
        } else {
            resume(List.of(term.partition()));
        }
    }

    private void position(PartitionTerm term) {
        if (term.positioned()) {
            return;
        }
        try {
            term.startAt(position(term.partition(), Duration.ZERO));
            owner.positioned(term);
        } catch (TimeoutException notYet) {
            log.trace("The position of {} is not known yet", term.partition());
        }
    }

    private void commitEverySecond() {
        long sent = System.nanoTime();
        if (sent - next < 0 && !commitAsked || open >= MOST_OPEN) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> offsets = offsets(owned.values());
        if (offsets.isEmpty()) {
            return;
        }
        commitAsked = false;
        next = sent + SECOND;
        commitAsync(offsets, (committed, refused) -> {
            open--;
            if (refused == null) {
                renew(sent);
            } else {
                log.debug("A commit was refused: {}", refused.getClass().getSimpleName());
                next = Math.min(next, System.nanoTime() + SHORTLY);
            }
        });
        open++; // after it: it may throw, and never calls back before it returns
    }

    /**
     * Inside callbacks: whoever waits there still has a lease to keep.
     *
     * @return null if it succeeded
     */
    private @Nullable KafkaException commitNow(Collection<PartitionTerm> terms) {
        long sent = System.nanoTime();
        next = sent + SECOND;
        try {
            Map<TopicPartition, OffsetAndMetadata> offsets = offsets(terms);
            if (!offsets.isEmpty()) {
                commitSync(offsets, COMMIT_TIMEOUT);
                renew(sent);
            }
            return null;
        } catch (KafkaException failed) {
            log.debug("A commit failed: {}", failed.getClass().getSimpleName());
            return failed;
        }
    }

    /** Again and again while it is only late; not where the group refuses it, for it will not change its mind. */
    private void commitLast(Collection<PartitionTerm> leaving, long limit) {
        KafkaException failed = commitNow(leaving);
        while (failed instanceof RetriableException && System.nanoTime() - limit < 0
                || failed instanceof WakeupException) { // one for each call: the consumer is being closed
            if (failed instanceof RetriableException) {
                LockSupport.parkNanos(SHORTLY);
            }
            failed = commitNow(leaving);
        }
        if (failed != null) {
            log.warn(
                    "The last commit for {} partitions failed with {}: what was done since the one before may be done again",
                    leaving.size(),
                    failed.getClass().getSimpleName());
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> offsets(Collection<PartitionTerm> terms) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (PartitionTerm term : terms) {
            if (term.positioned()) {
                offsets.put(term.partition(), new OffsetAndMetadata(term.toCommit(positionOf(term))));
            }
        }
        return offsets;
    }

    private long positionOf(PartitionTerm term) {
        try {
            return position(term.partition(), Duration.ZERO);
        } catch (TimeoutException | IllegalStateException unknown) {
            return -1; // it is being validated, or is going at this moment: what is done counts alone
        }
    }

    private void renew(long sent) {
        if (!renewed || sent - renewedAt > 0) {
            renewedAt = sent;
            renewed = true;
        }
    }

    @Override
    public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
        super.subscribe(topics, new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
                take(partitions);
                listener.onPartitionsAssigned(partitions);
            }

            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
                giveBack(partitions);
                listener.onPartitionsRevoked(partitions);
            }

            @Override
            public void onPartitionsLost(Collection<TopicPartition> partitions) {
                watchLease();
                owner.gone(forget(partitions)); // and never a commit: they are somebody else's already
                listener.onPartitionsLost(partitions);
            }
        });
    }

    private void take(Collection<TopicPartition> partitions) {
        pause(partitions);
        for (TopicPartition partition : partitions) {
            PartitionTerm term = owner.taken(partition);
            owned.put(partition, term);
        }
        next = System.nanoTime();
        joined = true;
    }

    private void giveBack(Collection<TopicPartition> partitions) {
        List<PartitionTerm> leaving = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            PartitionTerm term = owned.get(partition);
            if (term != null) {
                leaving.add(term);
            }
        }
        if (leaving.isEmpty()) {
            return;
        }
        CountDownLatch drained = owner.drain(leaving);
        long limit = System.nanoTime() + drain.toNanos();
        while (!await(drained) && System.nanoTime() - limit < 0) {
            if (System.nanoTime() - next >= 0) {
                KafkaException unused = commitNow(owned.values());
            }
        }
        if (drained.getCount() != 0) {
            log.warn("Partitions had to be given back with requests in flight: these may be sent twice");
        }
        commitLast(leaving, limit + BEYOND_DRAIN);
        owner.gone(forget(partitions));
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(LOOK, TimeUnit.NANOSECONDS);
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private List<PartitionTerm> forget(Collection<TopicPartition> partitions) {
        List<PartitionTerm> gone = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            PartitionTerm term = owned.remove(partition);
            if (term != null) {
                term.lost();
                gone.add(term);
            }
        }
        return gone;
    }

    @Override
    public void close() {
        super.close(CLOSE_TIMEOUT);
    }
}
