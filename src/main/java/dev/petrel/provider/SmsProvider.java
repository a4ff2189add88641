package dev.petrel.provider;

import dev.petrel.message.Submission;
import dev.petrel.message.SubmitResult;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * One account at one SMS provider.
 *
 * <p>{@link #submit} is called on an event loop and never blocks it. It makes exactly one HTTP request, however the
 * provider answers: no SDK may send again by itself. It never throws and never fails its future; what went wrong is a
 * {@link SubmitResult}. It answers within {@link Submission#timeout()}: what is not written by then is withdrawn and
 * surely not sent, what is written and not answered is given up as perhaps sent, and nothing goes out afterwards.
 * Nothing that the vendor says in words is passed on, for it may quote the number or the text.
 */
public interface SmsProvider {

    /** The id under which the settings know this provider, for example {@code twilio-main}. */
    String id();

    Future<SubmitResult> submit(Submission submission);

    /** Reads the receipts of what was submitted; empty where the vendor gives none for each message. */
    default Optional<ReceiptReader> receipts() {
        return Optional.empty();
    }

    /** Gives back connections. May be called more than once. */
    Future<Void> close();
}
