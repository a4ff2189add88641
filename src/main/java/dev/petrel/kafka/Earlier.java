package dev.petrel.kafka;

import java.util.BitSet;

/** Which requests of a partition had their final before it was taken over, from some position on. */
final class Earlier {
    private final long position;
    private final BitSet finished = new BitSet();

    Earlier(long position) {
        this.position = position;
    }

    void finished(long offset) {
        long at = offset - position;
        if (at >= 0 && at < Integer.MAX_VALUE) {
            finished.set((int) at);
        }
    }

    /**
     * Whether there is a final of the request at this offset. Of a topic that was made anew an old final may stand for
     * another request: the id must be the same too.
     */
    boolean isFinished(long offset) {
        long at = offset - position;
        return at >= 0 && at < Integer.MAX_VALUE && finished.get((int) at);
    }

    int count() {
        return finished.cardinality();
    }
}
