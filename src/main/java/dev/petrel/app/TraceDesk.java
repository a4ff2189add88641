package dev.petrel.app;

import dev.petrel.kafka.KafkaConfig;
import dev.petrel.kafka.NoSuchPlace;
import dev.petrel.kafka.TopicProblems;
import dev.petrel.kafka.TraceReader;
import dev.petrel.message.Source;
import dev.petrel.web.HttpIn;
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
 * Reads traces for whoever asks a server of ours, on threads of its own: what else blocks in this process waits for no
 * reader of traces, nor the other way round.
 */
final class TraceDesk implements HttpIn.Archive {
    /** What whoever looks at a page waits for. A time or a place makes it short. */
    static final Duration PAGE = Duration.ofSeconds(30);

    /** What a program waits for. */
    static final Duration CALL = Duration.ofSeconds(10);

    private static final long LOOKS_STUCK_AFTER_SECONDS = 90;

    private final TraceReader reader;
    private final InstantSource clock;
    private final WorkerExecutor threads;
    private final Duration patience;

    /** @param name of its threads */
    TraceDesk(Vertx vertx, KafkaConfig config, InstantSource clock, String name, Duration patience) {
        this.patience = patience;
        this.reader = new TraceReader(config);
        this.clock = clock;
        this.threads =
                vertx.createSharedWorkerExecutor(name, TraceApi.AT_ONCE, LOOKS_STUCK_AFTER_SECONDS, TimeUnit.SECONDS);
    }

    /** Answers on the context of whoever asks; fails only by a mistake of ours. */
    @Override
    public Future<Answer> read(Question question) {
        return threads.executeBlocking(() -> answer(question), false);
    }

    /** Likewise on its context; fails where Kafka does not answer. */
    @Override
    public Future<Boolean> holds(Source place, String requestId, String tenant, Duration spent) {
        return threads.executeBlocking(
                () -> {
                    try {
                        return reader.isAsked(
                                place.partition(), place.offset(), requestId, tenant, patience.minus(spent));
                    } catch (NoSuchPlace astray) {
                        return false;
                    }
                },
                false);
    }

    private Answer answer(Question question) {
        try {
            return new Answer.Read(reader.trace(question.requestId(), question.hint(), clock.instant(), patience));
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
