package dev.petrel.time;

import org.jspecify.annotations.Nullable;

/**
 * Timers that nearly always are cancelled: the time limit of each attempt and what watches over it. They stand in slots
 * of one tick, in rings, so that setting and cancelling one is a matter of two links, however many there are; a heap, as
 * event loops have it, costs more the more attempts are in flight. What is cancelled is not kept.
 *
 * <p>Used on one event loop.
 */
final class Wheel {
    private static final int SLOTS = 2048;
    /** What one turn runs at most, so that the loop gets to something else in between. */
    static final int MOST = 256;

    private final long tickNanos;
    private final Entry[] slots = new Entry[SLOTS];
    /** All ticks before this one are over. */
    private long tick;

    Wheel(long tickNanos, long now) {
        this.tickNanos = tickNanos;
        this.tick = Math.floorDiv(now, tickNanos);
        for (int i = 0; i < SLOTS; i++) {
            slots[i] = new Entry(() -> {});
        }
    }

    /**
     * Sets a timer, which goes off with the first {@link #turn} that is a tick later than this instant at the most; null
     * where that is too far ahead, or over.
     */
    Time.@Nullable Timer set(long due, Runnable task) {
        long at = Math.floorDiv(due - 1, tickNanos) + 1;
        if (at < tick || at - tick >= SLOTS) {
            return null;
        }
        Entry entry = new Entry(task);
        entry.linkBefore(slots[(int) (at & SLOTS - 1)]);
        return entry;
    }

    /**
     * Runs what is due, or a part of it. A task that throws has run; those after it wait for the next turn.
     *
     * @return whether there is more, for the next turn
     */
    boolean turn(long now) {
        int run = 0;
        for (long last = Math.floorDiv(now, tickNanos); tick <= last; tick++) {
            Entry slot = slots[(int) (tick & SLOTS - 1)];
            while (slot.next != slot) {
                if (run++ == MOST) {
                    return true;
                }
                Entry first = slot.next;
                first.cancel();
                first.task.run();
            }
        }
        return false;
    }

    private static final class Entry implements Time.Timer {
        private final Runnable task;
        private Entry before = this;
        private Entry next = this;

        Entry(Runnable task) {
            this.task = task;
        }

        void linkBefore(Entry slot) {
            next = slot;
            before = slot.before;
            before.next = this;
            slot.before = this;
        }

        @Override
        public void cancel() {
            before.next = next;
            next.before = before;
            before = this;
            next = this;
        }
    }
}
