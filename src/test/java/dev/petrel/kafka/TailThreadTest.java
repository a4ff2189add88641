package dev.petrel.kafka;

import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TailThreadTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration FOR_GOOD = Duration.ofDays(1);

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger turns = new AtomicInteger();
    private volatile int brought;
    private final TailThread thread = new TailThread(
            "tail",
            () -> {
                throw new IllegalStateException("nothing is read");
            },
            vertx.getOrCreateContext(),
            broken -> {},
            new Gathering());

    private final class Gathering implements TailThread.Tail {
        @Override
        public void turn() {
            turns.incrementAndGet();
            thread.gather(brought, FOR_GOOD);
        }

        @Override
        public void failed(RuntimeException cause) {
            throw cause;
        }

        @Override
        public void broken(Error cause) {
            throw cause;
        }
    }

    private void start(int records) {
        brought = records;
        thread.start();
        await().atMost(SOON).until(() -> turns.get() > 0);
    }

    @AfterEach
    void stop() {
        Future<Void> closed = thread.close();
        await().atMost(SOON).until(closed::succeeded);
        vertx.close().await();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 500, 501})
    void theNextTurnComesAtOnceWhereNothingCameOrAWholePoll(int records) {
        start(records);

        await().atMost(SOON).until(() -> turns.get() > 100);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 499})
    void whatIsAskedIsDoneWhileItGathers(int records) {
        start(records);

        AtomicBoolean done = new AtomicBoolean();
        thread.ask(() -> done.set(true));

        await().atMost(SOON).untilTrue(done);
    }

    @Test
    void itGathersWhereSomethingCame() {
        start(1);

        await().atMost(SOON).until(TailThreadTest::isParked);
    }

    private static boolean isParked() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("tail") && thread.getState() == Thread.State.TIMED_WAITING);
    }
}
