package dev.petrel.provider;

import dev.petrel.time.Time;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;

/** A clock on the wall that stands still, and timers that run. */
public final class SteadyTime implements Time {
    private final Vertx vertx;
    private final Instant now;

    public SteadyTime(Vertx vertx, Instant now) {
        this.vertx = vertx;
        this.now = now;
    }

    @Override
    public Instant now() {
        return now;
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public long nanosLessLag() {
        return System.nanoTime();
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
        long id = vertx.setTimer(Math.max(1, delay.toMillis()), fired -> task.run());
        return () -> vertx.cancelTimer(id);
    }
}
