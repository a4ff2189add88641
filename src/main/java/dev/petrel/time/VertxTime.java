package dev.petrel.time;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * The time of a Vert.x event loop. Made, started and used on that event loop.
 *
 * <p>The loop's own lag is measured by a timer that should fire every {@value #BEAT_MILLIS} ms: what it is late by, the
 * loop spent on something else.
 */
public final class VertxTime implements Time {
    private static final int BEAT_MILLIS = 20;
    private static final long BEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(BEAT_MILLIS);
    /** A timer of a healthy loop is this late by rounding alone. */
    private static final long TOLERANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Vertx vertx;
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
        long id = vertx.setTimer(Math.max(1, delay.toMillis()), fired -> task.run());
        return () -> vertx.cancelTimer(id);
    }

    private void beat() {
        long now = System.nanoTime();
        lagNanos += late(now);
        lastBeat = now;
    }

    private long late(long now) {
        long late = now - lastBeat - BEAT_NANOS;
        return late > TOLERANCE_NANOS ? late : 0;
    }
}
