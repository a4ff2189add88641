package dev.petrel.delivery;

import dev.petrel.time.Time;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a request waits for: one thing at a time. */
final class Pause {
    private final Time time;
    private Time.@Nullable Timer timer;

    Pause(Time time) {
        this.time = time;
    }

    /** Waits for this instead of whatever was waited for before. */
    void then(Duration duration, Runnable step) {
        cancel();
        timer = time.after(duration, () -> {
            timer = null;
            step.run();
        });
    }

    boolean isOn() {
        return timer != null;
    }

    void cancel() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
