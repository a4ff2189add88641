package dev.petrel.journal;

import dev.petrel.journal.SeenRequests.Seen;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one status partition tells its owner: which ids were seen within the window, which requests from the committed
 * offset on are finished, where the open ones stand, and which ids a newer request has superseded. Beside it, which ids
 * the auth service has verified.
 *
 * <p>Filled by the events that are read at a take-over, and then by what others tell while the partition is ours. What
 * we tell ourselves goes to the {@link Standing} of its request as it is told, and only there.
 *
 * <p>An id below the committed offset is remembered for the window, for it can only come again as a duplicate. From the
 * committed offset on requests do come again, after hours if need be: these are remembered until they have. A verified
 * id is remembered for the window from when that was read, for it may have been written before the request comes.
 *
 * <p>Not safe for several threads.
 */
public final class PartitionJournal {
    private static final Duration FOR_EVER = Duration.ofDays(365_000);

    private final long position;
    private final long shift;
    private final long seed;
    private final SeenRequests seen;
    private final SeenRequests superseded;
    private SeenRequests finished;
    private long highestFinished = -1;
    private final Map<Long, Open> open = new HashMap<>();
    private boolean anySuperseded;
    private SeenRequests verified;
    private Instant clock = Instant.EPOCH;

    /** A request topic may have been made anew: other requests lie at the same offsets then, and the id tells them apart. */
    private record Open(byte[] requestId, Standing standing) {
        boolean is(byte[] id) {
            return Arrays.equals(requestId, id);
        }
    }

    /** What is known of a request that has come. */
    public enum Known {
        /** Its id was seen at another offset. */
        DUPLICATE,
        /** Its final is told. */
        FINISHED,
        /** The same record has come before, to this owner. */
        BEGUN,
        OPEN
    }

    /**
     * @param position the first request that is not committed: only those from here on come again
     * @param window how long an id is remembered at least
     * @param shift is added to the time of every event that is read, in milliseconds: a time in which nobody wrote
     *     anything is no part of the window
     * @param seed of the hash that ids are kept by
     */
    public PartitionJournal(long position, Duration window, long shift, long seed) {
        this.position = position;
        this.shift = shift;
        this.seed = seed;
        this.seen = new SeenRequests(window, seed);
        this.superseded = new SeenRequests(window, seed);
        this.finished = new SeenRequests(FOR_EVER, seed);
        this.verified = new SeenRequests(window, seed);
    }

    /**
     * Of an event that was read.
     *
     * @param now in milliseconds since the epoch: nothing counts as told later
     */
    public void apply(JournalEvent event, long now) {
        if (event.offset() < 0) {
            verify(event, now);
            return;
        }
        long at = Math.min(event.at() + shift, now);
        String older = event.supersedes();
        if (older != null) {
            supersede(older, event.tenant(), null, Instant.ofEpochMilli(at));
        }
        if (event.offset() < position) {
            var unused = seen.see(event.requestId(), event.offset(), at);
        } else if (event.last()) {
            var unused = finished.see(event.requestId(), event.offset(), 0);
            highestFinished = Math.max(highestFinished, event.offset());
            open.remove(event.offset());
        } else if (event.word() != null && finished.find(event.requestId(), event.offset(), 0) != Seen.SAME_OFFSET) {
            open.compute(
                            event.offset(),
                            (offset, known) -> known != null && known.is(event.requestId())
                                    ? known
                                    : new Open(event.requestId(), new Standing(false)))
                    .standing
                    .apply(event);
        }
    }

    /** A request that has come already is not asked for again: what it stands at is no longer ours. */
    private void verify(JournalEvent event, long now) {
        if (event.word() instanceof JournalEvent.Verified && seen.find(event.requestId(), 0, now) == Seen.FIRST) {
            var unused = verified.see(event.requestId(), 0, now);
        }
    }

    /**
     * These ids were verified, whether their requests have come or not; in place of all that was known of that.
     *
     * @param ids each at the offset 0; the journal's from now on
     */
    public void verified(SeenRequests ids) {
        verified = ids;
    }

    /** A request has come. In the order of offsets, from the position on. */
    public Known begin(String requestId, long offset, Instant now) {
        clock = now;
        Seen before = finished.find(requestId, offset, Instant.EPOCH);
        Seen lately = seen.see(requestId, offset, now);
        if (offset >= highestFinished && finished.size() > 0) {
            finished = new SeenRequests(FOR_EVER, seed); // they have all come again, and are remembered as seen
        }
        if (before == Seen.DUPLICATE || lately == Seen.DUPLICATE) {
            return Known.DUPLICATE;
        }
        if (before == Seen.SAME_OFFSET) {
            return Known.FINISHED;
        }
        return lately == Seen.SAME_OFFSET ? Known.BEGUN : Known.OPEN;
    }

    /**
     * Where a request stands that has come just now and is open; it is the caller's from now on.
     *
     * @param possiblySent whether an earlier owner may have sent it without telling
     */
    public Standing standing(String requestId, long offset, boolean possiblySent) {
        byte[] id = requestId.getBytes(StandardCharsets.US_ASCII);
        Open known = open.remove(offset);
        Standing standing = known == null || !known.is(id) ? new Standing(false) : known.standing;
        if (possiblySent) {
            standing.suspectSent();
        }
        if (verified.find(id, 0, clock.toEpochMilli()) != Seen.FIRST) {
            standing.apply(JournalEvent.verified(id, clock.toEpochMilli()));
        }
        return standing;
    }

    /**
     * From now on the older request is superseded, whether it has come or not.
     *
     * @param to its recipient; null where that is not known: whoever the recipient is, then
     */
    public void supersede(String older, @Nullable String tenant, @Nullable String to, Instant now) {
        anySuperseded = true;
        var unused = superseded.see(key(older, tenant, to), 0, now);
    }

    public boolean isSuperseded(String requestId, @Nullable String tenant, String to, Instant now) {
        return anySuperseded
                && (superseded.find(key(requestId, tenant, to), 0, now) != Seen.FIRST
                        || superseded.find(key(requestId, tenant, null), 0, now) != Seen.FIRST);
    }

    /** None of these characters can be part of an id or a tenant. */
    private static String key(String requestId, @Nullable String tenant, @Nullable String to) {
        return requestId + "/" + (tenant == null ? "" : tenant) + "/" + (to == null ? "" : to);
    }

    /** How many requests from the position on are finished, and have not all come yet. */
    public int finished() {
        return finished.size();
    }

    /** How many requests from the position on have begun and are not finished, and have not come yet. */
    public int open() {
        return open.size();
    }

    /** How many ids are remembered. */
    public int size() {
        return seen.size() + finished.size() + verified.size();
    }
}
