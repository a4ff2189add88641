package dev.petrel.journal;

import dev.petrel.message.ReasonClass;
import dev.petrel.message.SubmitResult;
import org.jspecify.annotations.Nullable;

/**
 * What the headers of one status event tell: all that is needed to know where its request stands.
 *
 * @param requestId the key of the event, a byte for each character
 * @param offset of the request's record
 * @param at when the event was appended, in milliseconds since the epoch
 * @param last whether it is a final
 * @param attempt the attempt that it is about; null where it is about none
 * @param reasonClass null where nothing went wrong
 * @param supersedes the older request that its request named; null if none
 * @param tenant of the request; null where {@code supersedes} is
 */
public record JournalEvent(
        byte[] requestId,
        long offset,
        long at,
        boolean last,
        @Nullable Attempt attempt,
        @Nullable ReasonClass reasonClass,
        @Nullable String supersedes,
        @Nullable String tenant) {

    /** @param number from 1 within the request */
    public record Attempt(int number, int round, String provider, SubmitResult.Kind result) {}
}
