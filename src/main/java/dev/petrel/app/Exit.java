package dev.petrel.app;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * How the process ends: once, and always by a halt, since a virtual machine that was told to stop by a signal would
 * otherwise end with the signal's status, however well the stop went.
 */
final class Exit {
    private final Duration patience;
    private final IntConsumer halt;
    private final Consumer<String> err;
    private final AtomicBoolean ending = new AtomicBoolean();

    /** @param patience how long a stop may take before the process ends without it */
    Exit(Duration patience, IntConsumer halt, Consumer<String> err) {
        this.patience = patience;
        this.halt = halt;
        this.err = err;
    }

    /**
     * On a signal. Blocks, for it runs in a shutdown hook.
     *
     * @param stop begins to stop; is not asked where the process ends already
     */
    void stop(Supplier<Future<Void>> stop) {
        if (!ending.compareAndSet(false, true)) {
            return;
        }
        Future<Void> stopping = stop.get();
        int status = Main.FAILED;
        try {
            stopping.toCompletionStage().toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            status = Main.OK;
        } catch (TimeoutException e) {
            err.accept("petrel: the stop did not end within " + patience.toSeconds() + " s; what was in flight may be"
                    + " sent again");
        } catch (ExecutionException e) {
            Main.lines(e.getCause() == null ? e : e.getCause()).forEach(err);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        halt.accept(status);
    }

    /** The gateway can't go on: at once, without a commit, so that others take over what is open. */
    void broken(String line) {
        end(List.of("petrel: can't go on: " + line), Main.BROKEN);
    }

    void notStarted(List<String> lines, int status) {
        end(lines, status);
    }

    private void end(List<String> lines, int status) {
        if (ending.compareAndSet(false, true)) {
            lines.forEach(err);
            halt.accept(status);
        }
    }
}
