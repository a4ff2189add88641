package dev.petrel.testing;

import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** A real event loop for tests that must run something on it and wait for that. */
public final class Loop implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();

    public Context context() {
        return context;
    }

    /** Runs the task on the event loop and waits until it has run. */
    public <T> T call(Callable<T> task) {
        Promise<T> promise = Promise.promise();
        context.runOnContext(here -> {
            try {
                promise.complete(task.call());
            } catch (Exception failed) {
                promise.fail(failed);
            }
        });
        try {
            return promise.future().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    public void run(Runnable task) {
        call(() -> {
            task.run();
            return null;
        });
    }

    /** Waits until everything has run that was meant for the event loop so far. */
    public void settle() {
        run(() -> {});
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
