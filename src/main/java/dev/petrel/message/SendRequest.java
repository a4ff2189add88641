package dev.petrel.message;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request that follows every rule of the contract.
 *
 * @param requestId the idempotency key
 * @param text what the handset shall show; it never leaves by way of a log, a metric or a status
 * @param recordedAt the timestamp of its record, or the time of arrival if that lay in the future
 * @param expiresAt the instant after which the code is useless
 * @param sender the sender id that the request would like; a provider that can't use it uses its own
 * @param supersedes the older request of the same recipient and tenant that this one is sent instead of
 * @param providers the providers to use, in this order, instead of the route; null where the route decides
 * @param trace where it stands in a trace; null where nobody traces it
 * @param paced whether its tenant's rate was looked at before it was written: it came in by HTTP
 */
public record SendRequest(
        String requestId,
        Recipient to,
        String text,
        Instant recordedAt,
        Instant expiresAt,
        @Nullable String purpose,
        @Nullable String tenant,
        @Nullable String sender,
        @Nullable String supersedes,
        @Nullable List<String> providers,
        Source source,
        @Nullable TraceContext trace,
        boolean paced) {

    /** One that somebody else wrote. */
    public SendRequest(
            String requestId,
            Recipient to,
            String text,
            Instant recordedAt,
            Instant expiresAt,
            @Nullable String purpose,
            @Nullable String tenant,
            @Nullable String sender,
            @Nullable String supersedes,
            @Nullable List<String> providers,
            Source source,
            @Nullable TraceContext trace) {
        this(
                requestId,
                to,
                text,
                recordedAt,
                expiresAt,
                purpose,
                tenant,
                sender,
                supersedes,
                providers,
                source,
                trace,
                false);
    }

    /** What is left to be told of when it can't be sent any more. */
    public SendRequest withoutText() {
        return with("", trace, paced);
    }

    public SendRequest withTrace(TraceContext trace) {
        return with(text, trace, paced);
    }

    public SendRequest withPace() {
        return with(text, trace, true);
    }

    private SendRequest with(String text, @Nullable TraceContext trace, boolean paced) {
        return new SendRequest(
                requestId,
                to,
                text,
                recordedAt,
                expiresAt,
                purpose,
                tenant,
                sender,
                supersedes,
                providers,
                source,
                trace,
                paced);
    }

    /** Leaves out the text and masks the number (P6). */
    @Override
    public String toString() {
        return "SendRequest[" + requestId + ", to " + to.masked() + ", expires " + expiresAt + ", from " + source + "]";
    }
}
