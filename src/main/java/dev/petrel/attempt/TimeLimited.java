package dev.petrel.attempt;

import dev.petrel.message.Reason;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.Submission;
import dev.petrel.message.SubmitResult;
import dev.petrel.provider.SmsProvider;
import dev.petrel.time.Time;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;

/**
 * Gives up on a provider whose adapter did not: a permit must come back even if an adapter breaks its word. Adapters
 * give up by themselves at the submission's timeout, and know better whether anything was written.
 */
final class TimeLimited implements SmsProvider {
    /** What an adapter may be late by. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final SmsProvider provider;
    private final Time time;

    TimeLimited(SmsProvider provider, Time time) {
        this.provider = provider;
        this.time = time;
    }

    @Override
    public String id() {
        return provider.id();
    }

    @Override
    public Future<SubmitResult> submit(Submission submission) {
        Future<SubmitResult> result = provider.submit(submission);
        if (result.isComplete()) {
            return result;
        }
        Promise<SubmitResult> first = Promise.promise();
        Time.Timer timer = time.after(
                submission.timeout().plus(GRACE),
                () -> first.tryComplete(
                        new SubmitResult.Ambiguous(Reason.of(ReasonClass.AMBIGUOUS, "no answer in time"))));
        result.onComplete(answer -> {
            timer.cancel();
            if (answer.succeeded()) {
                first.tryComplete(answer.result());
            } else {
                first.tryFail(answer.cause());
            }
        });
        return first.future();
    }

    @Override
    public Future<Void> close() {
        return provider.close();
    }
}
