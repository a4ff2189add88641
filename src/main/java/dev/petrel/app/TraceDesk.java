package dev.petrel.app;

import dev.petrel.kafka.KafkaConfig;
import dev.petrel.kafka.NoSuchPlace;
import dev.petrel.kafka.TopicProblems;
import dev.petrel.kafka.TraceReader;
import dev.petrel.web.TraceApi;
import dev.petrel.web.TraceApi.Answer;
import dev.petrel.web.TraceApi.Question;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/**
 * Reads traces for the management port, on threads of its own: what else blocks in this process waits for no reader of
 * traces, nor the other way round.
 */
final class TraceDesk {
    /** What whoever looks at a page waits for. A time or a place makes it short. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final long LOOKS_STUCK_AFTER_SECONDS = 90;

    private final TraceReader reader;
    private final InstantSource clock;
    private final WorkerExecutor threads;

    TraceDesk(Vertx vertx, KafkaConfig config, InstantSource clock) {
        this.reader = new TraceReader(config);
        this.clock = clock;
        this.threads = vertx.createSharedWorkerExecutor(
                "petrel-trace", TraceApi.AT_ONCE, LOOKS_STUCK_AFTER_SECONDS, TimeUnit.SECONDS);
    }

    /** Answers on the context of whoever asks; fails only by a mistake of ours. */
    Future<Answer> read(Question question) {
        return threads.executeBlocking(() -> answer(question), false);
    }

    private Answer answer(Question question) {
        try {
            return new Answer.Read(reader.trace(question.requestId(), question.hint(), clock.instant(), PATIENCE));
        } catch (NoSuchPlace astray) {
            return new Answer.NoSuchPlace();
        } catch (TopicProblems trouble) {
            return new Answer.Unanswered(String.join("; ", trouble.lines()));
        }
    }

    Future<Void> close() {
        return threads.close();
    }
}
