package dev.petrel.time;

import java.time.Duration;

/**
 * Waits anew for as long as the event loop was late by itself, but no more than twice the time in all: a loop that is
 * overloaded for good must not keep anybody waiting for good.
 */
final class LagFreeTimer implements Time.Timer {
    private static final long ROUNDING_NANOS = 1_000_000;

    private final Time time;
    private final Runnable task;
    private final long due;
    private final long latest;
    private Time.Timer timer;

    LagFreeTimer(Time time, Duration delay, Runnable task) {
        this.time = time;
        this.task = task;
        this.due = time.nanosLessLag() + delay.toNanos();
        this.latest = time.nanos() + 2 * delay.toNanos();
        this.timer = time.after(delay, this::fire);
    }

    private void fire() {
        long left = due - time.nanosLessLag();
        if (left > ROUNDING_NANOS && time.nanos() - latest < 0) {
            timer = time.after(Duration.ofNanos(left), this::fire);
        } else {
            task.run();
        }
    }

    @Override
    public void cancel() {
        timer.cancel();
    }
}
