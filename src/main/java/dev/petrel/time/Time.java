package dev.petrel.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The time of one event loop. Tests hand in one that they move by hand. */
public interface Time extends InstantSource {

    /** What a clock on the wall says: for deadlines and timestamps. */
    Instant now();

    @Override
    default Instant instant() {
        return now();
    }

    /** Monotonic nanoseconds from an arbitrary origin: for durations. */
    long nanos();

    /**
     * Monotonic nanoseconds as {@link #nanos()}, less those for which the event loop was late by itself: how long others
     * took must not include how long we did not listen.
     */
    long nanosLessLag();

    /** Runs the task on the event loop once this much time has gone by. */
    Timer after(Duration delay, Runnable task);

    /**
     * As {@link #after}, but time for which the event loop was late by itself does not count: an answer may lie unread
     * while the loop is busy with something else.
     */
    default Timer afterLessLag(Duration delay, Runnable task) {
        return new LagFreeTimer(this, delay, task);
    }

    /** A task that waits for its time. */
    interface Timer {
        /** Does nothing if the task has run. */
        void cancel();
    }
}
