package dev.petrel.simulator;

import java.util.Arrays;

/** Counts different destinations at 8 to 16 bytes each: open addressing over hashes, 0 being an empty place. */
final class NumberSet {
    static final int MOST = 1 << 22;

    private long[] places = new long[1024];
    private int size;

    void add(String number) {
        long key = key(number);
        int place = place(places, key);
        if (places[place] == key || size >= MOST) {
            return;
        }
        places[place] = key;
        size++;
        if (size * 2 > places.length) {
            grow();
        }
    }

    int size() {
        return size;
    }

    void clear() {
        size = 0;
        places = places.length > 1024 ? new long[1024] : places;
        Arrays.fill(places, 0);
    }

    private void grow() {
        long[] larger = new long[places.length * 2];
        for (long key : places) {
            if (key != 0) {
                larger[place(larger, key)] = key;
            }
        }
        places = larger;
    }

    /** Where this key is, or where it would go. */
    private static int place(long[] places, long key) {
        int mask = places.length - 1;
        int at = (int) key & mask;
        while (places[at] != 0 && places[at] != key) {
            at = (at + 1) & mask;
        }
        return at;
    }

    /** A 64-bit hash: among four million numbers two meet once in two million runs. */
    private static long key(String number) {
        long key = 0;
        for (int i = 0; i < number.length(); i++) {
            key = key * 0x9E3779B97F4A7C15L + number.charAt(i);
        }
        long mixed = Ruling.mix(key);
        return mixed == 0 ? 1 : mixed;
    }
}
