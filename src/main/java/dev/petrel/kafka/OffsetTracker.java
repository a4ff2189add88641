package dev.petrel.kafka;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which offsets of one term are begun and not done. Many records are in flight at once and finish in any order; what
 * may be committed is the highest offset with nothing unfinished below it.
 *
 * <p>Starting at position 10, with a transaction marker at 12:
 *
 * <pre>
 *   begin 10, 11, 13     committable 10    (10 is unfinished)
 *   done 11              committable 10
 *   done 10              committable 13    (12 was never begun: a gap counts as done)
 *   done 13              committable 14
 * </pre>
 *
 * <p>Unfinished offsets are bits in pages, and only pages with something unfinished exist: a gap of a billion offsets
 * costs nothing, which a ring over the offsets would have to span. Bits are set in ascending order only, so the lowest
 * one of a page never moves down and finding it costs nothing in the long run.
 *
 * <p>Not safe for several threads.
 */
final class OffsetTracker {
    private static final int PAGE_SHIFT = 12;
    private static final int WORDS = 1 << PAGE_SHIFT - 6;

    private final TreeMap<Long, Page> pages = new TreeMap<>();
    private @Nullable Page newest;
    private long next;
    private int unfinished;

    /** @param position the first offset that could be begun */
    OffsetTracker(long position) {
        next = position;
    }

    /**
     * Must be called in ascending order.
     *
     * @return false, and nothing else happens, where the offset or a later one was begun already
     */
    boolean begin(long offset) {
        if (offset < next) {
            return false;
        }
        long number = offset >>> PAGE_SHIFT;
        Page page = newest;
        if (page == null || page.number != number) {
            page = new Page(number);
            pages.put(number, page);
            newest = page;
        }
        page.set(offset);
        next = offset + 1;
        unfinished++;
        return true;
    }

    /** Does nothing where the offset was not begun, or is done already. */
    void done(long offset) {
        long number = offset >>> PAGE_SHIFT;
        Page page = newest != null && newest.number == number ? newest : pages.get(number);
        if (page == null || !page.clear(offset)) {
            return;
        }
        unfinished--;
        if (page.count == 0) {
            pages.remove(page.number);
            if (page == newest) {
                newest = null;
            }
        }
    }

    /** The highest offset with nothing unfinished below it: where the next owner would go on. */
    long committable() {
        long oldest = oldestUnfinished();
        return oldest < 0 ? next : oldest;
    }

    /** The lowest offset that is begun and not done; -1 if there is none. */
    long oldestUnfinished() {
        Map.Entry<Long, Page> first = pages.firstEntry();
        return first == null ? -1 : first.getValue().lowest();
    }

    /** One more than the highest offset that was begun; the position before the first. */
    long next() {
        return next;
    }

    int unfinished() {
        return unfinished;
    }

    private static final class Page {
        final long number;
        final long[] words = new long[WORDS];
        int lowestWord;
        int count;

        Page(long number) {
            this.number = number;
        }

        void set(long offset) {
            words[word(offset)] |= 1L << offset;
            count++;
        }

        boolean clear(long offset) {
            long bit = 1L << offset;
            int word = word(offset);
            if ((words[word] & bit) == 0) {
                return false;
            }
            words[word] &= ~bit;
            count--;
            return true;
        }

        /** Only for pages that are not empty. */
        long lowest() {
            while (words[lowestWord] == 0) {
                lowestWord++;
            }
            return (number << PAGE_SHIFT) + (lowestWord << 6) + Long.numberOfTrailingZeros(words[lowestWord]);
        }

        private static int word(long offset) {
            return (int) (offset >>> 6) & WORDS - 1;
        }
    }
}
