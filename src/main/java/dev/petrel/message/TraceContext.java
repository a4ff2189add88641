package dev.petrel.message;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a request stands in somebody's trace, in the words of W3C Trace Context: what its status events carry on.
 *
 * @param traceparent of the span that the request has here; of its sender's, where nothing of it is recorded here
 * @param tracestate what tracing systems have added on the way; null where none has
 * @param span what must be known of the span when it ends; null where nothing is recorded
 */
public record TraceContext(
        String traceparent,
        @Nullable String tracestate,
        @Nullable Begun span) {

    /** @param parentId the sender's span; null where the trace begins here */
    public record Begun(@Nullable String parentId, Instant at) {}
}
