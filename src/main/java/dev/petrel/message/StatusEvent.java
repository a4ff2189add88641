package dev.petrel.message;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened to a request, as it is told on the status topic. The event's id and its writer are added by
 * whoever publishes it.
 *
 * @param last whether this is the request's final event
 * @param attempt the attempt whose result this is; null where it is none's
 * @param about the earlier attempt that this is about; null where it is about none
 * @param reason null where nothing went wrong
 * @param skipped the providers passed over since the request's last event
 * @param possiblySent false only where surely no provider has it
 * @param advice on finals; null elsewhere
 * @param expiresAt null only where the request could not be read so far
 * @param recipient null only where the request could not be read so far
 * @param segments of the text; null only where the request could not be read so far
 * @param late whether it was delivered after the expiry
 * @param supersedes the older request that this one is sent instead of: a header only
 * @param elapsed since the timestamp of the request's record, never negative
 * @param trace where the request stands in a trace: headers only; null where nobody traces it
 */
public record StatusEvent(
        String requestId,
        Status status,
        boolean last,
        Instant at,
        @Nullable AttemptReport attempt,
        @Nullable AttemptRef about,
        @Nullable Reason reason,
        List<Skip> skipped,
        boolean possiblySent,
        @Nullable Advice advice,
        @Nullable Instant expiresAt,
        @Nullable Recipient recipient,
        @Nullable Integer segments,
        Duration elapsed,
        boolean late,
        @Nullable String tenant,
        @Nullable String purpose,
        @Nullable String supersedes,
        Source source,
        @Nullable TraceContext trace) {

    /** Names an attempt that was told before, or of which a receipt has told. */
    public record AttemptRef(String id, int number, int round, String provider) {}

    /**
     * What is told of one attempt.
     *
     * @param number from 1 within the request
     * @param round the walk over the route's hops in which it was made, from 1
     * @param sent false only where surely nothing reached the provider
     * @param duration from the start of the attempt to its result
     */
    public record AttemptReport(
            String id,
            int number,
            int round,
            String provider,
            SubmitResult.Kind result,
            boolean sent,
            @Nullable String providerMessageId,
            Duration duration) {}
}
