package dev.petrel.telemetry;

import dev.petrel.message.SendRequest;
import dev.petrel.message.Source;
import dev.petrel.message.StatusEvent;
import dev.petrel.message.TraceContext;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Follows requests through Petrel. A request has one span, from when it is taken until its final is told or it is left to
 * the next owner, and one below that for each attempt.
 *
 * <p>Spans are made of what is told, when it is told: between its events nothing is kept of a request but its {@link
 * TraceContext}. No method but {@link #close} blocks, none throws, and what goes wrong costs spans and nothing else. Used
 * on one event loop.
 */
public interface Tracing {
    /** Nobody traces: nothing is read, kept or told. */
    Tracing OFF = new Tracing() {
        @Override
        public @Nullable TraceContext begin(String requestId, Source source, Headers headers, Instant now) {
            return null;
        }

        @Override
        public void told(StatusEvent event) {}

        @Override
        public void left(SendRequest request, Instant now) {}

        @Override
        public void close() {}
    };

    /** What came with a record. */
    @FunctionalInterface
    interface Headers {
        /** Null where there is none of that name. */
        @Nullable
        String get(String name);
    }

    /**
     * A request is taken, perhaps not for the first time.
     *
     * @param headers whose {@code traceparent} and {@code tracestate} say where its sender stands; passed over where they
     *     are malformed
     * @return what its events have to carry; null where nothing is to be passed on
     */
    @Nullable
    TraceContext begin(String requestId, Source source, Headers headers, Instant now);

    /** An event of a request, with its trace, is on its way to the status topic. */
    void told(StatusEvent event);

    /** A request has become somebody else's. */
    void left(SendRequest request, Instant now);

    /** Sends what is left, and gives that up after two seconds. Blocks. */
    void close();
}
