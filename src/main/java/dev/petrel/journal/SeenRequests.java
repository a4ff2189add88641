package dev.petrel.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The ids of the requests of one term, each with the offset of its record, remembered for a time: the same id at
 * another offset is a duplicate.
 *
 * <p>An id is kept as a seeded hash of 128 bits. Ids lie in segments in the order of their arrival, and a segment goes as
 * a whole once its youngest id is old enough. A segment is a hash table in one {@code long[]}, of at most 384 kB: G1 treats
 * objects of half a region as humongous, and they cost twice. An id takes 24 bytes, about 35 with the free slots. A look-up
 * goes through all segments: one for each 11,000 ids within the window, at least eight when it is slow going.
 *
 * <p>Not safe for several threads.
 */
public final class SeenRequests {
    private static final int SLOT = 3;
    private static final int FIRST_SLOTS = 1 << 6;
    private static final int MOST_SLOTS = 1 << 14;
    /** A window is made of this many segments, or more where they fill up earlier. */
    private static final int SPANS = 8;

    private final long windowMillis;
    private final long seed;
    private final Deque<Segment> segments = new ArrayDeque<>();
    private long high;
    private long low;

    /** What is known of an id. */
    public enum Seen {
        FIRST,
        /** The same record once more. */
        SAME_OFFSET,
        /** The id of another record. */
        DUPLICATE
    }

    /**
     * @param window how long an id is remembered at least
     * @param seed of the hash; random, so that nobody can make up ids that collide
     */
    public SeenRequests(Duration window, long seed) {
        this.windowMillis = window.toMillis();
        this.seed = seed;
    }

    /** Looks an id up, and remembers it if it is new. */
    public Seen see(String requestId, long offset, Instant now) {
        long millis = now.toEpochMilli();
        forget(millis);
        hash(requestId);
        for (Segment segment : segments) {
            long known = segment.offset(high, low);
            if (known >= 0) {
                return known == offset ? Seen.SAME_OFFSET : Seen.DUPLICATE;
            }
        }
        youngest(millis).add(high, low, offset, millis);
        return Seen.FIRST;
    }

    /** How many ids are remembered. */
    public int size() {
        int size = 0;
        for (Segment segment : segments) {
            size += segment.size;
        }
        return size;
    }

    /** What the ids take in the heap, but for some words for each segment. */
    long bytes() {
        long bytes = 0;
        for (Segment segment : segments) {
            bytes += (long) segment.slots.length * Long.BYTES;
        }
        return bytes;
    }

    private void forget(long now) {
        Segment oldest = segments.peekFirst();
        while (oldest != null && now - oldest.youngest > windowMillis) {
            segments.removeFirst();
            oldest = segments.peekFirst();
        }
    }

    private Segment youngest(long now) {
        Segment last = segments.peekLast();
        if (last == null || last.full() || now - last.opened > windowMillis / SPANS) {
            last = new Segment(now);
            segments.addLast(last);
        }
        return last;
    }

    /** MurmurHash3_x64_128 (Austin Appleby, public domain) over the id's characters, a byte each: ids are ASCII. */
    private void hash(String id) {
        long h1 = seed;
        long h2 = seed;
        int length = id.length();
        int blocks = length & ~15;
        for (int i = 0; i < blocks; i += 16) {
            h1 ^= mixFirst(bytes(id, i, 8));
            h1 = (Long.rotateLeft(h1, 27) + h2) * 5 + 0x52dce729;
            h2 ^= mixSecond(bytes(id, i + 8, 8));
            h2 = (Long.rotateLeft(h2, 31) + h1) * 5 + 0x38495ab5;
        }
        int rest = length - blocks;
        if (rest > 8) {
            h2 ^= mixSecond(bytes(id, blocks + 8, rest - 8));
        }
        if (rest > 0) {
            h1 ^= mixFirst(bytes(id, blocks, Math.min(rest, 8)));
        }
        h1 ^= length;
        h2 ^= length;
        h1 += h2;
        h2 += h1;
        h1 = finish(h1);
        h2 = finish(h2);
        h1 += h2;
        high = h1;
        low = h2 + h1;
    }

    private static long bytes(String id, int from, int count) {
        long value = 0;
        for (int i = 0; i < count; i++) {
            value |= (id.charAt(from + i) & 0xffL) << (i * 8);
        }
        return value;
    }

    private static long mixFirst(long k) {
        return Long.rotateLeft(k * 0x87c37b91114253d5L, 31) * 0x4cf5ad432745937fL;
    }

    private static long mixSecond(long k) {
        return Long.rotateLeft(k * 0x4cf5ad432745937fL, 33) * 0x87c37b91114253d5L;
    }

    private static long finish(long hash) {
        long k = hash;
        k = (k ^ k >>> 33) * 0xff51afd7ed558ccdL;
        k = (k ^ k >>> 33) * 0xc4ceb9fe1a85ec53L;
        return k ^ k >>> 33;
    }

    /** Open addressing with linear probing; a slot is high, low, and offset + 1, which is 0 where the slot is free. */
    private static final class Segment {
        final long opened;
        long youngest;
        long[] slots = new long[FIRST_SLOTS * SLOT];
        int size;

        Segment(long opened) {
            this.opened = opened;
            this.youngest = opened;
        }

        boolean full() {
            return crowded() && slots.length == MOST_SLOTS * SLOT;
        }

        long offset(long high, long low) {
            return slots[slot(slots, high, low) + 2] - 1;
        }

        void add(long high, long low, long offset, long now) {
            if (crowded()) {
                grow();
            }
            put(slots, high, low, offset + 1);
            size++;
            youngest = Math.max(youngest, now);
        }

        private boolean crowded() {
            return (size + 1) * 10L > slots.length / SLOT * 7L;
        }

        private void grow() {
            long[] larger = new long[slots.length * 2];
            for (int i = 0; i < slots.length; i += SLOT) {
                if (slots[i + 2] != 0) {
                    put(larger, slots[i], slots[i + 1], slots[i + 2]);
                }
            }
            slots = larger;
        }

        private static void put(long[] slots, long high, long low, long stored) {
            int slot = slot(slots, high, low);
            slots[slot] = high;
            slots[slot + 1] = low;
            slots[slot + 2] = stored;
        }

        /** Where this hash lies, or would. */
        private static int slot(long[] slots, long high, long low) {
            int mask = slots.length / SLOT - 1;
            int index = (int) low & mask;
            while (true) {
                int slot = index * SLOT;
                if (slots[slot + 2] == 0 || slots[slot] == high && slots[slot + 1] == low) {
                    return slot;
                }
                index = index + 1 & mask;
            }
        }
    }
}
