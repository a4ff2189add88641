package dev.petrel.testing;

import dev.petrel.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;

/** A time that stands still until it is told to go on; timers run in order, each at its own instant. */
public final class ManualTime implements Time {
    public static final Instant START = Instant.parse("2026-11-24T04:05:00Z");

    private final PriorityQueue<Task> tasks =
            new PriorityQueue<>(Comparator.comparingLong(Task::at).thenComparingLong(Task::order));
    private long nanos;
    private long lag;
    private long order;

    @Override
    public Instant now() {
        return START.plusNanos(nanos);
    }

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public long nanosLessLag() {
        return nanos - lag;
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
        Task scheduled = new Task(nanos + delay.toNanos(), order++, task);
        tasks.add(scheduled);
        return () -> tasks.remove(scheduled);
    }

    public void advance(Duration duration) {
        long until = nanos + duration.toNanos();
        while (!tasks.isEmpty() && tasks.element().at <= until) {
            Task task = tasks.remove();
            nanos = Math.max(nanos, task.at);
            task.run.run();
        }
        nanos = until;
    }

    /** As if the event loop had been busy with something else for this long. */
    public void stall(Duration duration) {
        nanos += duration.toNanos();
        lag += duration.toNanos();
    }

    public Duration elapsed() {
        return Duration.ofNanos(nanos);
    }

    private record Task(long at, long order, Runnable run) {}
}
