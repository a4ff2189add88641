package dev.petrel.bench;

import java.util.Timer;
import java.util.TimerTask;
import org.jspecify.annotations.Nullable;

/** Ends this JVM, and the children with it, if a step takes much longer than it should: nothing waits for ever. */
final class Watchdog {
    private static final long LONGEST_EXIT_MILLIS = 10_000;

    private final Timer timer = new Timer("watchdog", true);
    private @Nullable TimerTask bite;

    /** From now on this is the step; it has so much time. */
    synchronized void allow(int seconds, String step) {
        rest();
        bite = new TimerTask() {
            @Override
            public void run() {
                System.err.println(step + " took more than " + seconds + " s");
                timer.schedule(halt(), LONGEST_EXIT_MILLIS);
                new Thread(() -> System.exit(1)).start();
            }
        };
        timer.schedule(bite, seconds * 1000L);
    }

    /** There is no step. */
    synchronized void rest() {
        if (bite != null) {
            bite.cancel();
        }
    }

    private static TimerTask halt() {
        return new TimerTask() {
            @Override
            public void run() {
                Runtime.getRuntime().halt(1);
            }
        };
    }
}
