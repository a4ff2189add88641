package dev.petrel.testing;

import dev.petrel.message.Reason;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.SubmitResult;
import java.time.Duration;

/** Results as adapters give them. */
public final class Results {
    private Results() {}

    public static SubmitResult rejected(ReasonClass reasonClass) {
        return new SubmitResult.Rejected(new Reason(reasonClass, "21000", null), true);
    }

    public static SubmitResult throttled(Duration retryAfter) {
        return new SubmitResult.Throttled(retryAfter, new Reason(ReasonClass.THROTTLED, "429", null));
    }

    public static SubmitResult refused() {
        return new SubmitResult.Unavailable(false, Reason.of(ReasonClass.UNAVAILABLE, "connection refused"));
    }

    public static SubmitResult serverError() {
        return new SubmitResult.Unavailable(true, new Reason(ReasonClass.SERVER_ERROR, "500", null));
    }

    public static SubmitResult ambiguous() {
        return new SubmitResult.Ambiguous(Reason.of(ReasonClass.AMBIGUOUS, "no answer in time"));
    }

    public static SubmitResult accepted(String id) {
        return new SubmitResult.Accepted(id);
    }
}
