package dev.petrel.scenarios;

import dev.petrel.message.Submission;
import dev.petrel.message.SubmitResult;
import dev.petrel.testing.ManualTime;
import dev.petrel.testing.Results;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.TreeMap;
import java.util.function.Function;

/** What a provider does along a timeline: healthy until 3 s, then a black hole until 10 s, then healthy. */
final class SimulatedProvider {
    /** What it does from some point in time on. */
    enum Mood {
        HEALTHY,
        SLOW,
        BLACK_HOLE,
        FAST_FAILURES,
        REFUSED,
        THROTTLED,
        RUBBISH,
        FLAKY
    }

    private final ManualTime time;
    private final TreeMap<Duration, Mood> timeline = new TreeMap<>();
    private int calls;

    SimulatedProvider(ManualTime time) {
        this.time = time;
        timeline.put(Duration.ZERO, Mood.HEALTHY);
    }

    SimulatedProvider from(Duration at, Mood mood) {
        timeline.put(at, mood);
        return this;
    }

    Function<Submission, Future<SubmitResult>> answers() {
        return this::answer;
    }

    private Future<SubmitResult> answer(Submission submission) {
        calls++;
        return switch (timeline.floorEntry(time.elapsed()).getValue()) {
            case HEALTHY -> later(Results.accepted("m"), 50);
            case SLOW -> later(Results.accepted("m"), 2500);
            case BLACK_HOLE -> later(Results.ambiguous(), submission.timeout().toMillis());
            case FAST_FAILURES -> later(Results.serverError(), 5);
            case REFUSED -> later(Results.refused(), 1);
            case THROTTLED -> later(Results.throttled(Duration.ofSeconds(5)), 5);
            case RUBBISH -> later(Results.ambiguous(), 20);
            case FLAKY -> later(calls % 10 == 0 ? Results.serverError() : Results.accepted("m"), 50);
        };
    }

    private Future<SubmitResult> later(SubmitResult result, long millis) {
        Promise<SubmitResult> promise = Promise.promise();
        time.after(Duration.ofMillis(millis), () -> promise.complete(result));
        return promise.future();
    }
}
