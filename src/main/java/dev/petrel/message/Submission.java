package dev.petrel.message;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The one message that one attempt hands to one provider: everything an adapter is told.
 *
 * @param attemptId random; names this attempt in statuses and receipts
 * @param number of the attempt within its request, from 1
 * @param sender the sender id to ask for; null: the provider's own
 * @param timeout how long the adapter waits for the provider's answer, from the call; it gives up by itself then
 * @param expiresAt after this instant the message is useless: adapters pass what is left on as the validity period
 * @param callbackUrl where the provider shall send receipts; null: it shall send none
 */
public record Submission(
        String attemptId,
        int number,
        Msisdn to,
        String text,
        @Nullable String sender,
        Duration timeout,
        Instant expiresAt,
        @Nullable URI callbackUrl) {

    /** Leaves out the text and masks the number (P6). */
    @Override
    public String toString() {
        return "Submission[" + attemptId + ", attempt " + number + ", to " + to + "]";
    }
}
