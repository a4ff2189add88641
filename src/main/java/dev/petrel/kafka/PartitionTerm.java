package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.petrel.delivery.OpenRequest;
import dev.petrel.delivery.Outcome;
import dev.petrel.delivery.Siblings;
import dev.petrel.delivery.Term;
import dev.petrel.journal.JournalEvent;
import dev.petrel.journal.PartitionJournal;
import dev.petrel.journal.SeenRequests;
import dev.petrel.journal.SeenRequests.Seen;
import dev.petrel.message.SendRequest;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;

/**
 * All that belongs to one term of one partition; nothing of it outlives the term. The polling thread makes it when the
 * partition is assigned and reads from it what to commit and whether to pause; everything else is the event loop's.
 */
final class PartitionTerm implements Siblings {
    private static final int MOST_LETTERS = 1_000;
    private static final long MOST_LETTER_BYTES = 16 << 20;

    private final TopicPartition partition;
    private final Term term;
    private final AtomicBoolean lost;
    private final LongSupplier now;

    // written by the polling thread
    private volatile long position = -1;
    private volatile long handed = -1;
    private boolean pausedAtKafka = true;
    // written by the event loop
    private volatile boolean paused = true;
    private volatile long committable = -1;
    private OffsetTracker tracker = new OffsetTracker(0);
    private OffsetTracker untold = new OffsetTracker(0);
    private final Deque<Moment> moments = new ArrayDeque<>();
    private long lastTimestamp;
    private final Promise<Long> positioned = Promise.promise();
    private PartitionJournal journal = new PartitionJournal(0, Duration.ZERO, 0, 0);
    private final Map<String, Live> live = new HashMap<>();
    private long end = -1;
    private int letters;
    private long letterBytes;
    private boolean crowded;

    /** When a record at this offset was written, and those after it up to the next moment about then. */
    private record Moment(long offset, long timestamp) {}

    /** What is on its way. */
    private record Live(SendRequest request, OpenRequest open) {}

    /**
     * @param lost set once it is somebody else's: the event loop hears of that later, and the lease may be back by then
     * @param now in milliseconds since the epoch
     */
    PartitionTerm(TopicPartition partition, Term term, AtomicBoolean lost, LongSupplier now) {
        this.partition = partition;
        this.term = term;
        this.lost = lost;
        this.now = now;
        this.lastTimestamp = now.getAsLong();
    }

    TopicPartition partition() {
        return partition;
    }

    Term term() {
        return term;
    }

    // ---- for the polling thread

    /** Whether its position is known; before that there is nothing to commit. */
    boolean positioned() {
        return position >= 0;
    }

    void startAt(long first) {
        position = first;
    }

    void lost() {
        lost.set(true);
    }

    /** Records up to this offset were handed over. */
    void handed(long last) {
        handed = last;
    }

    /**
     * What to commit now.
     *
     * @param now the consumer's position: where all that was handed over is done, it counts, so that a transaction marker
     *     at the end is not left over
     */
    long toCommit(long now) {
        long done = committable;
        if (done < 0) {
            return position;
        }
        long last = handed;
        return last < 0 || done == last + 1 ? Math.max(now, done) : done;
    }

    /** Whether Kafka has to be told that this is paused or is not, which counts as told with this call. */
    boolean pauseChanged() {
        boolean wanted = paused;
        boolean changed = wanted != pausedAtKafka;
        pausedAtKafka = wanted;
        return changed;
    }

    // ---- for the event loop, but for paused()

    /** What the event loop wants; the polling thread sees to it before its next poll. */
    boolean paused() {
        return paused;
    }

    void pause(boolean wanted) {
        if (paused != wanted) {
            paused = wanted;
        }
    }

    /** Succeeds with the position once it is known. */
    Future<Long> whenPositioned() {
        return positioned.future();
    }

    void tellPosition() {
        positioned.tryComplete(position);
    }

    /** @param known what was told before our mark */
    void handOver(PartitionJournal known) {
        journal = known;
    }

    /** The partition is taken over: records may come from its position on. */
    void open() {
        restart(position);
    }

    PartitionJournal journal() {
        return journal;
    }

    // ---- what is on its way

    void begun(SendRequest request, OpenRequest open) {
        if (!open.outcome().isComplete()) {
            live.put(request.requestId(), new Live(request, open));
        }
    }

    void over(SendRequest request) {
        live.remove(request.requestId());
    }

    /** It is somebody else's: nothing of it is waited for here. */
    void leave() {
        List.copyOf(live.values()).forEach(each -> each.open.leave());
    }

    /** Of a record that has come twice: succeeds once what began with the first one is over. */
    Future<Outcome> outcome(String requestId) {
        Live known = live.get(requestId);
        return known == null ? Future.succeededFuture(Outcome.SETTLED) : known.open.outcome();
    }

    /**
     * Of an event that somebody else has told since we have marked the partition, or we did in an earlier term; or of a word
     * of the auth service, which knows no offset.
     */
    void toldByAnother(JournalEvent event) {
        boolean anyOffset = event.offset() < 0;
        Live known = live.get(new String(event.requestId(), US_ASCII));
        if (known != null && (anyOffset || known.request.source().offset() == event.offset())) {
            known.open.apply(event);
        } else if (anyOffset || event.offset() >= tracker.next()) {
            journal.apply(event, now.getAsLong()); // it has not come yet
        }
    }

    /**
     * What the auth services had said until now; once, after the journal.
     *
     * @param ids each at the offset 0; not the caller's any more
     */
    void verified(SeenRequests ids) {
        journal.verified(ids);
        long at = now.getAsLong();
        for (Live one : List.copyOf(live.values())) { // the words may be late
            byte[] id = one.request.requestId().getBytes(US_ASCII);
            if (ids.find(id, 0, at) != Seen.FIRST) {
                one.open.apply(JournalEvent.verified(id, at));
            }
        }
    }

    @Override
    public void supersede(SendRequest newer) {
        String older = newer.supersedes();
        if (older == null) {
            return;
        }
        journal.supersede(older, newer.tenant(), newer.to().msisdn().e164(), Instant.ofEpochMilli(now.getAsLong()));
        Live known = live.get(older);
        if (known != null && isSuperseded(known.request)) {
            known.open.supersede();
        }
    }

    @Override
    public boolean isSuperseded(SendRequest request) {
        return journal.isSuperseded(
                request.requestId(),
                request.tenant(),
                request.to().msisdn().e164(),
                Instant.ofEpochMilli(now.getAsLong()));
    }

    // ---- offsets

    /** A record is handed over: it is unfinished from now on. */
    OffsetTracker begin(long offset, long timestamp) {
        if (offset < tracker.next()) {
            restart(offset); // the topic was made anew, and its offsets start from the beginning
        }
        boolean begun = tracker.begin(offset) && untold.begin(offset);
        if (begun && timestamp / 1000 != lastTimestamp / 1000 || moments.isEmpty()) {
            moments.addLast(new Moment(offset, timestamp));
        }
        lastTimestamp = timestamp;
        return tracker;
    }

    private void restart(long first) {
        tracker = new OffsetTracker(first);
        untold = new OffsetTracker(first);
        moments.clear();
        committable = first;
    }

    /** @param begunIn what {@link #begin} gave: another one may have taken its place */
    void done(OffsetTracker begunIn, long offset) {
        begunIn.done(offset);
        untold.done(offset);
        if (begunIn == tracker) {
            committable = tracker.committable();
        }
    }

    /** An event of the request at this offset is on the status topic. */
    void told(long offset) {
        untold.done(offset);
    }

    /** @param known the end of the partition, as it was asked for last */
    void end(long known) {
        end = known;
    }

    /** Records that nobody has begun. */
    long lag() {
        return end < 0 || !positioned() ? 0 : Math.max(0, end - Math.max(tracker.next(), position));
    }

    /**
     * The timestamp of the oldest request of which nothing was told; {@link Long#MAX_VALUE} where there is none. Of those
     * that nobody has begun it is known only that they are no older than the last that was.
     */
    long oldestUntold() {
        long oldest = untold.oldestUnfinished();
        if (oldest < 0) {
            return lag() > 0 ? lastTimestamp : Long.MAX_VALUE;
        }
        Moment moment = moments.getFirst();
        while (moments.size() > 1) {
            moments.removeFirst();
            Moment next = moments.getFirst();
            if (next.offset() > oldest) {
                moments.addFirst(moment);
                break;
            }
            moment = next;
        }
        return moment.timestamp();
    }

    /** @param bytes of the dead letter */
    void letterWaits(long bytes) {
        letters++;
        letterBytes += bytes;
        crowded |= letters >= MOST_LETTERS || letterBytes >= MOST_LETTER_BYTES;
    }

    void letterLeaves(long bytes) {
        letters--;
        letterBytes -= bytes;
        crowded &= letters > MOST_LETTERS / 2 || letterBytes > MOST_LETTER_BYTES / 2;
    }

    /** Whether so many dead letters wait that no more records should be handed over, until half of them are written. */
    boolean crowded() {
        return crowded;
    }
}
