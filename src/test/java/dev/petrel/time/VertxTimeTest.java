package dev.petrel.time;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VertxTimeTest {
    private static final Duration BEATEN = Duration.ofMillis(100);
    private static final Duration COARSE = Duration.ofSeconds(1);
    private static final int MANY = 10 * Wheel.MOST;

    private final Vertx vertx = Vertx.vertx();
    private final Context loop = vertx.getOrCreateContext();
    private final CountDownLatch left = new CountDownLatch(MANY);

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, SECONDS);
    }

    @Test
    void letsOthersRunBetweenManyTimersThatAreDueAtOnce() throws Exception {
        CompletableFuture<Long> stillLeft = new CompletableFuture<>();
        manyTimers(() -> loop.runOnContext(soon -> stillLeft.complete(left.getCount())));

        assertThat(stillLeft.get(20, SECONDS)).isBetween((long) MANY - 2 * Wheel.MOST, (long) MANY - 1);
        assertThat(left.await(20, SECONDS)).isTrue();
    }

    @Test
    void goesOnBehindATaskThatThrows() throws Exception {
        Queue<Throwable> told = new ConcurrentLinkedQueue<>();
        vertx.exceptionHandler(told::add);
        manyTimers(() -> {
            throw new IllegalStateException("on purpose");
        });

        assertThat(left.await(20, SECONDS)).isTrue();
        assertThat(told).hasSize(1).allSatisfy(stray -> assertThat(stray).hasMessage("on purpose"));
    }

    /** @param first what the first does that goes off */
    private void manyTimers(Runnable first) {
        loop.runOnContext(now -> {
            VertxTime time = new VertxTime(vertx);
            time.after(BEATEN, () -> {
                for (int i = 0; i < MANY; i++) {
                    boolean isFirst = i == 0;
                    time.after(COARSE, () -> {
                        left.countDown();
                        if (isFirst) {
                            first.run();
                        }
                    });
                }
            });
        });
    }
}
