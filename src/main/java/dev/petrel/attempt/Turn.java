package dev.petrel.attempt;

import dev.petrel.message.SkipReason;
import dev.petrel.message.Submission;
import dev.petrel.message.SubmitResult;
import io.vertx.core.Future;
import java.time.Duration;

/** What asking a provider for a turn yields. */
public sealed interface Turn {

    /** The provider is passed over; nothing is to be given back. */
    record Refused(SkipReason reason) implements Turn {}

    /** Leave to make one submission. Exactly one of the two methods is called, once. */
    non-sealed interface Granted extends Turn {
        /** Makes the submission. Never throws, never fails. */
        Future<Made> submit(Submission submission);

        /** Gives the turn back unused. */
        void giveBack();
    }

    /** @param duration until the result, the event loop's own lag left out */
    record Made(SubmitResult result, Duration duration) {}
}
