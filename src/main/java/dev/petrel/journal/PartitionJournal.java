package dev.petrel.journal;

import dev.petrel.journal.SeenRequests.Seen;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one status partition tells its owner: which ids were seen within the window, which requests from the committed
 * offset on are finished, where the open ones stand, and which ids a newer request has superseded.
 *
 * <p>Filled by the events that are read at a take-over, and then by what others tell while the partition is ours. What
 * we tell ourselves goes to the {@link Standing} of its request as it is told, and only there.
 *
 * <p>Not safe for several threads.
 */
public final class PartitionJournal {
    private final long position;
    private final long shift;
    private final SeenRequests seen;
    private final SeenRequests superseded;
    private final BitSet finished = new BitSet();
    private final Map<Long, Standing> open = new HashMap<>();
    private boolean anySuperseded;

    /** What is known of a request that has come. */
    public enum Known {
        /** Its id was seen at another offset. */
        DUPLICATE,
        /** Its final is told. */
        FINISHED,
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
        this.seen = new SeenRequests(window, seed);
        this.superseded = new SeenRequests(window, seed);
    }

    /**
     * Of an event that was read.
     *
     * @param now in milliseconds since the epoch: nothing counts as told later
     */
    public void apply(JournalEvent event, long now) {
        long at = Math.min(event.at() + shift, now);
        boolean first = seen.see(event.requestId(), event.offset(), at) == Seen.FIRST;
        String older = event.supersedes();
        if (older != null) {
            supersede(older, event.tenant(), null, Instant.ofEpochMilli(at));
        }
        long index = event.offset() - position;
        if (index < 0 || index > Integer.MAX_VALUE - 1) {
            return;
        }
        if (first) {
            finished.clear((int) index); // told of a topic that has been made anew since
            open.remove(event.offset());
        }
        if (event.last()) {
            finished.set((int) index);
            open.remove(event.offset());
        } else if (!finished.get((int) index) && event.attempt() != null) {
            open.computeIfAbsent(event.offset(), absent -> new Standing(false)).apply(event);
        }
    }

    /** A request has come. */
    public Known begin(String requestId, long offset, Instant now) {
        Seen known = seen.see(requestId, offset, now);
        if (known == Seen.DUPLICATE) {
            return Known.DUPLICATE;
        }
        if (known == Seen.FIRST) {
            open.remove(offset); // it stands there for another request
            return Known.OPEN;
        }
        long index = offset - position;
        boolean told = index >= 0 && index < Integer.MAX_VALUE && finished.get((int) index);
        return told ? Known.FINISHED : Known.OPEN;
    }

    /**
     * Where a request stands that has come and is open; it is the caller's from now on.
     *
     * @param possiblySent whether an earlier owner may have sent it without telling
     */
    public Standing standing(long offset, boolean possiblySent) {
        Standing known = open.remove(offset);
        Standing standing = known == null ? new Standing(possiblySent) : known;
        if (possiblySent) {
            standing.suspectSent();
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
                && (superseded.contains(key(requestId, tenant, to), now)
                        || superseded.contains(key(requestId, tenant, null), now));
    }

    /** None of these characters can be part of an id or a tenant. */
    private static String key(String requestId, @Nullable String tenant, @Nullable String to) {
        return requestId + "/" + (tenant == null ? "" : tenant) + "/" + (to == null ? "" : to);
    }

    /** How many requests from the position on are finished. */
    public int finished() {
        return finished.cardinality();
    }

    /** How many requests from the position on have begun and are not finished, and have not come yet. */
    public int open() {
        return open.size();
    }

    /** How many ids are remembered. */
    public int size() {
        return seen.size();
    }
}
