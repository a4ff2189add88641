package dev.petrel.kafka;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread of a tail, and the consumer that it reads with: turn after turn, until it is closed.
 *
 * <p>A consumer is for one thread only. So what is asked of a tail is done here, before its next turn, and wakes the
 * consumer where it waits.
 */
final class TailThread {
    private static final Logger log = LoggerFactory.getLogger(TailThread.class);
    /** As many records as a poll of a tail brings at most. */
    static final int WHOLE_POLL = 500;

    private static final long IDLE = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long REPEAT = TimeUnit.SECONDS.toNanos(1);

    private final Thread thread;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Context context;
    private final java.util.function.Consumer<Throwable> fatal;
    private final Tail tail;
    private final Queue<Runnable> asked = new ConcurrentLinkedQueue<>();
    private final Promise<Void> closed = Promise.promise();
    private volatile @Nullable Consumer<byte[], byte[]> consumer;
    private volatile boolean closing;

    /** What there is to read. Called on the thread, but for what says otherwise. */
    interface Tail {
        /** Reads what has come, and waits a moment where nothing has, or little. */
        void turn();

        /** A turn, or what was asked before it, has failed; the next turn is a second away. */
        void failed(RuntimeException cause);

        /** Likewise, and there is no next turn. */
        void broken(Error cause);

        /** The thread is being closed: whatever waits, besides its consumer, is to be woken. Any thread. */
        default void wakeUp() {}

        /** Closes what was read with besides the consumer of the thread; the last call. */
        default void close() {}
    }

    /**
     * @param consumers makes the consumer, once, when it is first needed
     * @param context of the event loop where answers are given
     * @param fatal told there when the tail is broken
     */
    TailThread(
            String name,
            Supplier<Consumer<byte[], byte[]>> consumers,
            Context context,
            java.util.function.Consumer<Throwable> fatal,
            Tail tail) {
        this.consumers = consumers;
        this.context = context;
        this.fatal = fatal;
        this.tail = tail;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Has this done before the next turn. Any thread. */
    void ask(Runnable step) {
        asked.add(step);
        wakeUp();
    }

    /** Succeeds, on the event loop, once the thread has come to its end. Any thread. */
    Future<Void> close() {
        closing = true;
        wakeUp();
        return closed.future();
    }

    /** On the thread only. */
    Consumer<byte[], byte[]> consumer() {
        Consumer<byte[], byte[]> made = consumer;
        if (made == null) {
            made = consumers.get();
            consumer = made;
        }
        return made;
    }

    /** There is nothing to read: waits a moment, or until something is asked. On the thread only. */
    void idle() {
        LockSupport.parkNanos(IDLE);
    }

    /**
     * Lets something come together before the next turn: a poll costs as much as some thirty records, here and at the
     * broker. For a tail that has caught up. Not where nothing was brought, for then the poll has waited; nor where a whole
     * poll was, for then there is more. What is asked ends it. On the thread only.
     */
    void gather(int brought, Duration moment) {
        // asked and closing: Kafka's locks may have used up the permit that came with them
        if (brought > 0 && brought < WHOLE_POLL && asked.isEmpty() && !closing) {
            LockSupport.parkNanos(moment.toNanos());
        }
    }

    private void wakeUp() {
        Consumer<byte[], byte[]> polling = consumer;
        if (polling != null) {
            polling.wakeup();
        }
        if (closing) {
            tail.wakeUp();
        }
        LockSupport.unpark(thread);
    }

    private void run() {
        while (!closing) {
            try {
                doAsked();
                tail.turn();
            } catch (WakeupException asking) {
                log.trace("Something was asked of {}", thread.getName());
            } catch (RuntimeException failed) {
                tail.failed(failed);
                LockSupport.parkNanos(REPEAT);
            } catch (Error failed) {
                tail.broken(failed);
                context.runOnContext(here -> fatal.accept(failed));
                break;
            }
        }
        closeConsumers();
        context.runOnContext(over -> closed.complete());
    }

    private void doAsked() {
        for (Runnable step = asked.poll(); step != null; step = asked.poll()) {
            step.run();
        }
    }

    private void closeConsumers() {
        try {
            tail.close();
            Consumer<byte[], byte[]> reading = consumer;
            if (reading != null) {
                reading.close(CloseOptions.timeout(Duration.ZERO));
            }
        } catch (RuntimeException failed) {
            log.debug("The consumers of {} were not closed: {}", thread.getName(), failed.toString());
        }
    }
}
