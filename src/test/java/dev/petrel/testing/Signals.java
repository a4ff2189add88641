package dev.petrel.testing;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Signals that {@link Process} does not know. */
public final class Signals {
    private Signals() {}

    /** It stands still, as in a long pause of its collector or on a machine that swaps: SIGSTOP. */
    public static void freeze(Process process) {
        send(process, "STOP");
    }

    /** It goes on as if nothing had been: SIGCONT. */
    public static void wake(Process process) {
        send(process, "CONT");
    }

    private static void send(Process process, String signal) {
        try {
            Process kill = new ProcessBuilder("sh", "-c", "kill -" + signal + " " + process.pid()).start();
            if (!kill.waitFor(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException(signal + " was not sent");
            }
        } catch (IOException failed) {
            throw new IllegalStateException(signal + " can't be sent", failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
