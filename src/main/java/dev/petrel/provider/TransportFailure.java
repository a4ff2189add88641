package dev.petrel.provider;

import dev.petrel.message.Reason;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.SubmitResult;
import java.util.Optional;

/**
 * No whole answer came. What counts is on which side of the first byte it happened: before a connection was ours nobody
 * can have read anything, and after that nobody can know.
 */
public final class TransportFailure extends Exception {
    private static final int DEEPEST = 16;

    private final boolean sent;
    private final String detail;

    private TransportFailure(boolean sent, String detail) {
        super(detail, null, false, false);
        this.sent = sent;
        this.detail = detail;
    }

    /** The time was over before anything was written. */
    public static SubmitResult noTimeLeft() {
        return unsent("no time left").result();
    }

    /** Surely nothing was written. */
    static TransportFailure unsent(String detail) {
        return new TransportFailure(false, detail);
    }

    /** Perhaps something was written, and perhaps all of it. */
    static TransportFailure perhapsSent(String detail) {
        return new TransportFailure(true, detail);
    }

    /** The one that is wrapped in this throwable, however deep an SDK put it. */
    private static Optional<TransportFailure> in(Throwable wrapped) {
        Throwable next = wrapped;
        for (int depth = 0; next != null && depth < DEEPEST; depth++, next = next.getCause()) {
            if (next instanceof TransportFailure found) {
                return Optional.of(found);
            }
        }
        return Optional.empty();
    }

    /** What an attempt came to that ended in this, whatever wraps it; of a failure of any other kind nobody can say. */
    public static SubmitResult resultOf(Throwable failure) {
        return in(failure)
                .orElseGet(() -> perhapsSent("the answer could not be read"))
                .result();
    }

    private SubmitResult result() {
        return sent
                ? new SubmitResult.Ambiguous(Reason.of(ReasonClass.AMBIGUOUS, detail))
                : new SubmitResult.Unavailable(false, Reason.of(ReasonClass.UNAVAILABLE, detail));
    }
}
