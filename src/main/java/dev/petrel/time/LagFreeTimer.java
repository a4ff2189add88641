package dev.petrel.time;

import java.time.Duration;

/** Waits anew for as long as the event loop was late by itself. */
final class LagFreeTimer implements Time.Timer {
    private static final long ROUNDING_NANOS = 1_000_000;

    private final Time time;
    private final Runnable task;
    private final long due;
    private Time.Timer timer;

    LagFreeTimer(Time time, Duration delay, Runnable task) {
        this.time = time;
        this.task = task;
        this.due = time.nanosLessLag() + delay.toNanos();
        this.timer = time.after(delay, this::fire);
    }

    private void fire() {
        long left = due - time.nanosLessLag();
        if (left > ROUNDING_NANOS) {
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
