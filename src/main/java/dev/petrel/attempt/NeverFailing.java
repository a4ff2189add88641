package dev.petrel.attempt;

import dev.petrel.message.Reason;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.Submission;
import dev.petrel.message.SubmitResult;
import dev.petrel.metrics.Alert;
import dev.petrel.metrics.Meters;
import dev.petrel.provider.SmsProvider;
import io.vertx.core.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns an exception that should not be into a result: perhaps sent. Outermost, so that nobody else has to. */
final class NeverFailing implements SmsProvider {
    private static final Logger log = LoggerFactory.getLogger(NeverFailing.class);

    private final SmsProvider provider;
    private final Meters meters;

    NeverFailing(SmsProvider provider, Meters meters) {
        this.provider = provider;
        this.meters = meters;
    }

    @Override
    public String id() {
        return provider.id();
    }

    @Override
    public Future<SubmitResult> submit(Submission submission) {
        Future<SubmitResult> result;
        try {
            result = provider.submit(submission);
        } catch (RuntimeException stray) {
            return Future.succeededFuture(ambiguous(stray));
        }
        return result.otherwise(this::ambiguous);
    }

    private SubmitResult ambiguous(Throwable stray) {
        meters.alert(Alert.STRAY_EXCEPTION);
        // its message may quote the vendor, who quotes the number: the class has to do (P6)
        log.error(
                "provider {} failed its future with {}", id(), stray.getClass().getName());
        return new SubmitResult.Ambiguous(Reason.of(ReasonClass.AMBIGUOUS, "an unexpected error"));
    }

    @Override
    public Future<Void> close() {
        return provider.close();
    }
}
