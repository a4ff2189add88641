package dev.petrel.time;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The time of a Vert.x event loop. Made, started and used on that event loop.
 *
 * <p>The loop's own lag is measured by a timer that should fire every {@value #BEAT_MILLIS} ms: what it is late by, the
 * loop spent on something else. Timers of a second or more, but no longer than some 40 s, go with it too, and are up to two beats late.
 */
public final class VertxTime implements Time {
    private static final int BEAT_MILLIS = 20;
    private static final long BEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(BEAT_MILLIS);
    /** A timer of a healthy loop is this late by rounding alone. */
    private static final long TOLERANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private static final Duration COARSE = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final Wheel wheel = new Wheel(BEAT_NANOS, System.nanoTime());
    /** The event loop's, once it has beaten. */
    private volatile @Nullable Thread loop;

    /** The rest of a turn is yet to come. */
    private boolean turning;

    private long lagNanos;
    private long lastBeat = System.nanoTime();

    public VertxTime(Vertx vertx) {
        this.vertx = vertx;
        vertx.setPeriodic(BEAT_MILLIS, id -> beat());
    }

    @Override
    public Instant now() {
        return Instant.now();
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public long nanosLessLag() {
        long now = System.nanoTime();
        return now - lagNanos - late(now);
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
        if (delay.compareTo(COARSE) >= 0 && Thread.currentThread() == loop) {
            Timer coarse = wheel.set(System.nanoTime() + delay.toNanos(), task);
            if (coarse != null) {
                return coarse;
            }
        }
        long id = vertx.setTimer(Math.max(1, delay.toMillis()), fired -> task.run());
        return () -> vertx.cancelTimer(id);
    }

    private void beat() {
        long now = System.nanoTime();
        lagNanos += late(now);
        lastBeat = now;
        loop = Thread.currentThread();
        if (!turning) {
            turn();
        }
    }

    private void turn() {
        turning = true;
        try {
            turning = wheel.turn(System.nanoTime());
        } finally {
            if (turning) { // also where a task has thrown
                vertx.runOnContext(next -> turn());
            }
        }
    }

    private long late(long now) {
        long late = now - lastBeat - BEAT_NANOS;
        return late > TOLERANCE_NANOS ? late : 0;
    }
}
