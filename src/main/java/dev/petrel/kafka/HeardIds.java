package dev.petrel.kafka;

import java.util.Arrays;
import java.util.BitSet;
import org.apache.kafka.common.utils.Utils;

/**
 * Which ids were heard of, in 4 MiB however many they are: the latest 800,000 at least, twice as many at the most. It says
 * so of each that was heard of, and of two in ten thousand that were not. Two Bloom filters of 20 bits for each id: when the
 * younger is full the elder is emptied, and takes its place.
 *
 * <p>Not safe for several threads.
 */
final class HeardIds {
    private static final int BITS = 1 << 24;
    private static final int HASHES = 10;
    static final int MOST = BITS / 20;

    private final int most;
    private BitSet younger = new BitSet(BITS);
    private BitSet elder = new BitSet(BITS);
    private int ids;

    HeardIds() {
        this(MOST);
    }

    /** @param most ids after which the elder half is forgotten */
    HeardIds(int most) {
        this.most = most;
    }

    boolean contains(byte[] id) {
        long hash = hash(id);
        return isIn(younger, hash) || isIn(elder, hash);
    }

    /** Returns whether ids were forgotten for it: those that were there when this was true the last time. */
    boolean add(byte[] id) {
        boolean full = ids >= most;
        if (full) {
            BitSet emptied = elder;
            emptied.clear();
            elder = younger;
            younger = emptied;
            ids = 0;
        }
        ids++;
        long hash = hash(id);
        for (int i = 0; i < HASHES; i++) {
            younger.set(bit(hash, i));
        }
        return full;
    }

    private static boolean isIn(BitSet filter, long hash) {
        for (int i = 0; i < HASHES; i++) {
            if (!filter.get(bit(hash, i))) {
                return false;
            }
        }
        return true;
    }

    /** One of a row, by double hashing. */
    private static int bit(long hash, int number) {
        int step = (int) (hash >>> 32) | 1;
        return (int) hash + number * step & BITS - 1;
    }

    /** Two hashes of 32 bits, well mixed (the end of MurmurHash3). */
    private static long hash(byte[] id) {
        long hash = (long) Utils.murmur2(id) << 32 | Arrays.hashCode(id) & 0xffff_ffffL;
        hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
        return hash ^ hash >>> 33;
    }
}
