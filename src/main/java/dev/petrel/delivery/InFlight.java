package dev.petrel.delivery;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.IntSupplier;

/**
 * What a kill would leave in doubt: attempts in flight and statuses not yet acknowledged. An attempt starts only below
 * the limit, in the order of asking, and counts until its status is acknowledged.
 *
 * <p>Used on one event loop; {@link #count()} may be read from any thread.
 */
public final class InFlight {
    private final IntSupplier limit;
    private final Deque<Runnable> queue = new ArrayDeque<>();
    private volatile int count;
    private boolean starting;

    public InFlight(IntSupplier limit) {
        this.limit = limit;
    }

    /** Runs the task once there is room; {@link #release()} must follow once. */
    void acquire(Runnable task) {
        queue.add(task);
        startAll();
    }

    /** Counts a status that belongs to no attempt; {@link #release()} must follow once. */
    void add() {
        count++;
    }

    void release() {
        count--;
        startAll();
    }

    public int count() {
        return count;
    }

    private void startAll() {
        if (starting) {
            return; // a task that was started may release at once: the loop below goes on by itself
        }
        starting = true;
        try {
            while (!queue.isEmpty() && count < limit.getAsInt()) {
                count++;
                queue.remove().run();
            }
        } finally {
            starting = false;
        }
    }
}
