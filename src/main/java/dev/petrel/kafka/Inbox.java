package dev.petrel.kafka;

import io.vertx.core.Context;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Brings things from any thread to an event loop, many with one wake-up: Kafka's producer calls back once for each
 * record, and a task of its own for each costs more than the rest of a status.
 */
final class Inbox<T> {
    private final Queue<T> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final Context context;
    private final Consumer<T> there;

    Inbox(Context context, Consumer<T> there) {
        this.context = context;
        this.there = there;
    }

    void add(T thing) {
        queue.add(thing);
        if (!woken.get() && woken.compareAndSet(false, true)) {
            context.runOnContext(woken -> drain());
        }
    }

    private void drain() {
        woken.set(false); // before the queue is read: whoever adds from now on wakes again
        for (T thing = queue.poll(); thing != null; thing = queue.poll()) {
            there.accept(thing);
        }
    }
}
