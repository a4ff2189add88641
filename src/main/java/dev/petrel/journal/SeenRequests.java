package dev.petrel.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/**
 * The ids of the requests of one term, each with the offset of its record, remembered for a time: the same id at
 * another offset is a duplicate.
 *
 * <p>An id is kept as a seeded hash of 128 bits. The first bits of the hash choose a shard from a directory (extendible
 * hashing), and the shard is a hash table. A full shard is rebuilt without what is expired and with a third of its slots
 * free; one that would get too large is split in two by the next bit. So no call copies more than one shard. A shard is
 * one {@code long[]} of at most 384 kB: G1 treats objects of half a region as humongous, and they cost twice. An id takes
 * 24 bytes, 30 to 36 with the free slots.
 *
 * <p>The clock is the latest time given, and an earlier one counts as that: no id is forgotten early where times go back.
 * But a time ahead of the true one makes ids look old that are not. As the clock goes on, calls look through one shard
 * after the other, and rebuild it if a quarter is expired. All goes at once where nothing new came for a window.
 *
 * <p>Not safe for several threads.
 */
public final class SeenRequests {
    private static final int SLOT = 3;
    private static final int FEWEST_SLOTS = 16;
    private static final int MOST_SLOTS = 1 << 14;
    /** Every shard is looked through four times in a window: two to the power of this. */
    private static final int SWEEPS = 2;

    /*
     * The third long of a slot is 0 where the slot is free. Otherwise it is, from the top, a bit that is set, 19 bits of
     * time, and 44 bits of the offset. Offsets 2^44 apart would be taken for the same; no partition gets there. Time is in
     * 256ths of the window, and starts again after 2,048 windows: what was not dropped by then would be remembered again.
     */
    private static final long OCCUPIED = Long.MIN_VALUE;
    private static final int OFFSET_BITS = 44;
    private static final long OFFSET = (1L << OFFSET_BITS) - 1;
    private static final long TIME = (1L << 19) - 1;
    private static final int TICKS = 256;

    private final long windowMillis;
    private final long tickMillis;
    private final long windowTicks;
    private final long seed;
    /** Two to the power of {@code bits} long. A shard chosen by fewer bits has several places in a row. */
    private Shard[] directory = {new Shard(0)};

    private int bits;
    private long clock;
    private long tick;
    private long lastAdded;
    private long lastSweep;
    private int swept;
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
     * @param window how long an id is remembered at least; at most 1/128 and 2 ms longer
     * @param seed of the hash; random, so that nobody can make up ids that collide
     */
    public SeenRequests(Duration window, long seed) {
        this.windowMillis = window.toMillis();
        this.tickMillis = windowMillis / TICKS + 1;
        this.windowTicks = windowMillis / tickMillis + 1; // one more, for an id may come at the end of a tick
        this.seed = seed;
    }

    /** Looks an id up, and remembers it if it is new. */
    public Seen see(String requestId, long offset, Instant now) {
        return see(requestId.getBytes(UTF_8), offset, now.toEpochMilli());
    }

    /** The same for an id in UTF-8, which is not kept: nothing is allocated but when a shard is rebuilt. */
    public Seen see(byte[] requestId, long offset, long epochMillis) {
        advance(epochMillis);
        hash(requestId);
        Shard shard = directory[place()];
        int slot = shard.slot(high, low);
        long known = shard.slots[slot + 2];
        if (remembered(known)) {
            return known(known, offset);
        }
        if (known == 0) {
            if (shard.full()) {
                makeRoom(shard);
                return see(requestId, offset, epochMillis);
            }
            shard.used++;
        }
        shard.set(slot, high, low, OCCUPIED | (tick & TIME) << OFFSET_BITS | offset & OFFSET);
        lastAdded = clock;
        return Seen.FIRST;
    }

    /** Looks an id up, and does not remember it if it is new. */
    public Seen find(String requestId, long offset, Instant now) {
        return find(requestId.getBytes(UTF_8), offset, now.toEpochMilli());
    }

    /** The same for an id in UTF-8. */
    public Seen find(byte[] requestId, long offset, long epochMillis) {
        advance(epochMillis);
        hash(requestId);
        Shard shard = directory[place()];
        return known(shard.slots[shard.slot(high, low) + 2], offset);
    }

    private Seen known(long stored, long offset) {
        if (!remembered(stored)) {
            return Seen.FIRST;
        }
        return ((stored ^ offset) & OFFSET) == 0 ? Seen.SAME_OFFSET : Seen.DUPLICATE;
    }

    /** How many ids are remembered, counting those that are expired and not dropped yet. */
    public int size() {
        int size = 0;
        for (int i = 0; i < directory.length; i += places(directory[i])) {
            size += directory[i].used;
        }
        return size;
    }

    /** What the ids take in the heap, but for some words for each shard. */
    long bytes() {
        long bytes = 0;
        for (int i = 0; i < directory.length; i += places(directory[i])) {
            bytes += (long) directory[i].slots.length * Long.BYTES;
        }
        return bytes;
    }

    private void advance(long now) {
        if (now <= clock) {
            return;
        }
        clock = now;
        tick = now / tickMillis;
        if (now - lastAdded > windowMillis) {
            directory = new Shard[] {new Shard(0)};
            bits = 0;
            swept = 0;
            lastAdded = now;
        } else if (now - lastSweep > windowMillis >> bits + SWEEPS) {
            lastSweep = now;
            sweep();
        }
    }

    /** Looks through the next shard. */
    private void sweep() {
        swept = swept < directory.length ? swept : 0;
        Shard shard = directory[swept];
        swept += places(shard);
        if (count(shard.slots, 0, 0) * 4 < shard.used * 3) {
            fill(shard, shard.slots, 0, 0);
        }
    }

    /** Rebuilds the shard of the hash, or splits it. */
    private void makeRoom(Shard shard) {
        long[] slots = shard.slots;
        if (capacity(count(slots, 0, 0)) <= MOST_SLOTS) {
            fill(shard, slots, 0, 0);
            return;
        }
        if (shard.bits == bits) {
            doubleDirectory();
        }
        long bit = Long.MIN_VALUE >>> shard.bits;
        Shard other = new Shard(++shard.bits);
        fill(shard, slots, bit, 0);
        fill(other, slots, bit, bit);
        int places = places(other);
        int second = place() & -2 * places | places;
        Arrays.fill(directory, second, second + places, other);
    }

    private void doubleDirectory() {
        Shard[] old = directory;
        directory = new Shard[old.length * 2];
        Arrays.setAll(directory, i -> old[i / 2]);
        bits++;
        swept *= 2;
    }

    /** Where the directory has the shard of the hash. */
    private int place() {
        return (int) (high >>> 1 >>> 63 - bits);
    }

    private int places(Shard shard) {
        return 1 << bits - shard.bits;
    }

    private boolean remembered(long known) {
        return known != 0 && (tick - (known >>> OFFSET_BITS) & TIME) <= windowTicks;
    }

    /** How many are remembered of those that have these bits of the hash as wanted. */
    private int count(long[] slots, long mask, long wanted) {
        int count = 0;
        for (int i = 0; i < slots.length; i += SLOT) {
            if (remembered(slots[i + 2]) && (slots[i] & mask) == wanted) {
                count++;
            }
        }
        return count;
    }

    /** Puts into the shard those that {@link #count} counts, in place of what it has. */
    private void fill(Shard shard, long[] slots, long mask, long wanted) {
        int count = count(slots, mask, wanted);
        shard.slots = new long[Math.min(capacity(count), MOST_SLOTS) * SLOT];
        shard.used = count;
        for (int i = 0; i < slots.length; i += SLOT) {
            if (remembered(slots[i + 2]) && (slots[i] & mask) == wanted) {
                shard.set(shard.slot(slots[i], slots[i + 1]), slots[i], slots[i + 1], slots[i + 2]);
            }
        }
    }

    private static int capacity(int count) {
        return Math.max(count + count / 2, FEWEST_SLOTS);
    }

    /** MurmurHash3_x64_128 (Austin Appleby, public domain). */
    private void hash(byte[] id) {
        long h1 = seed;
        long h2 = seed;
        int length = id.length;
        int blocks = length & ~15;
        for (int i = 0; i < blocks; i += 16) {
            h1 = (Long.rotateLeft(h1 ^ mixFirst(bytes(id, i)), 27) + h2) * 5 + 0x52dce729;
            h2 = (Long.rotateLeft(h2 ^ mixSecond(bytes(id, i + 8)), 31) + h1) * 5 + 0x38495ab5;
        }
        h1 ^= mixFirst(bytes(id, blocks)) ^ length;
        h2 ^= mixSecond(bytes(id, blocks + 8)) ^ length;
        h1 += h2;
        h2 = finish(h2 + h1);
        high = finish(h1) + h2;
        low = h2 + high;
    }

    /** Up to eight, as far as there are. */
    private static long bytes(byte[] id, int from) {
        long value = 0;
        for (int i = Math.min(from + 8, id.length) - 1; i >= from; i--) {
            value = value << 8 | id[i] & 0xff;
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

    /** Open addressing with linear probing; a slot is high, low, and what is known. */
    private static final class Shard {
        /** By how many bits of the hash it is chosen. */
        int bits;

        long[] slots = new long[FEWEST_SLOTS * SLOT];
        /** With those that are expired. */
        int used;

        Shard(int bits) {
            this.bits = bits;
        }

        /** Four fifths: beyond that, probing gets long. */
        boolean full() {
            return used * 5 >= slots.length / SLOT * 4;
        }

        /** Where this hash lies, or would. */
        int slot(long high, long low) {
            int slot = (int) ((low >>> 32) * (slots.length / SLOT) >>> 32) * SLOT;
            while (slots[slot + 2] != 0 && (slots[slot] != high || slots[slot + 1] != low)) {
                slot += SLOT;
                slot = slot == slots.length ? 0 : slot;
            }
            return slot;
        }

        void set(int slot, long high, long low, long known) {
            slots[slot] = high;
            slots[slot + 1] = low;
            slots[slot + 2] = known;
        }
    }
}
