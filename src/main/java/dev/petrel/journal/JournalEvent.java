package dev.petrel.journal;

import dev.petrel.message.ReasonClass;
import dev.petrel.message.ReceiptState;
import dev.petrel.message.SubmitResult;
import org.jspecify.annotations.Nullable;

/**
 * What the headers of one status event tell, or a word of the auth service: all that is needed to know where its request
 * stands.
 *
 * @param requestId the key of the event, a byte for each character
 * @param offset of the request's record; -1 where only its id is known
 * @param at when the event was appended, in milliseconds since the epoch
 * @param last whether it is a final
 * @param word what it says of an attempt; null where it says nothing of any
 * @param reasonClass null where nothing went wrong
 * @param supersedes the older request that its request named; null if none
 * @param tenant of the request; null where {@code supersedes} is
 */
public record JournalEvent(
        byte[] requestId,
        long offset,
        long at,
        boolean last,
        @Nullable Word word,
        @Nullable ReasonClass reasonClass,
        @Nullable String supersedes,
        @Nullable String tenant) {

    /**
     * The auth service has said so of the request with this id, wherever that lies.
     *
     * @param at when its word was appended, in milliseconds since the epoch
     */
    public static JournalEvent verified(byte[] requestId, long at) {
        return new JournalEvent(requestId, -1, at, false, new Verified(), ReasonClass.VERIFIED, null, null);
    }

    /** What an event says. */
    public sealed interface Word {}

    /**
     * The result of an attempt.
     *
     * @param id null in events of before there were receipts
     * @param number from 1 within the request
     */
    public record Attempt(@Nullable String id, int number, int round, String provider, SubmitResult.Kind result)
            implements Word {}

    /** A provider's later word on an attempt. */
    public record Receipt(String attemptId, int number, int round, String provider, ReceiptState state)
            implements Word {}

    /** Of that attempt nothing good is expected any more: the next provider follows. */
    public record Undelivered(String attemptId) implements Word {}

    /** The auth service says that the user typed the code. */
    public record Verified() implements Word {}
}
