package dev.petrel.telemetry;

import dev.petrel.message.TraceContext;
import dev.petrel.message.TraceContext.Begun;
import dev.petrel.telemetry.Tracing.Headers;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads and writes the headers of W3C Trace Context, by OpenTelemetry's own hand. */
final class W3c {
    private static final String TRACEPARENT = "traceparent";
    private static final String TRACESTATE = "tracestate";
    private static final W3CTraceContextPropagator PROPAGATOR = W3CTraceContextPropagator.getInstance();

    private W3c() {}

    /** Invalid where there is none, or a malformed one. */
    static SpanContext read(Headers headers) {
        return Span.fromContext(PROPAGATOR.extract(Context.root(), headers, Getter.ONE))
                .getSpanContext();
    }

    static SpanContext read(TraceContext trace) {
        return read(name -> name.equals(TRACEPARENT) ? trace.traceparent() : trace.tracestate());
    }

    static TraceContext write(SpanContext place, @Nullable Begun span) {
        Map<String, String> headers = new HashMap<>();
        PROPAGATOR.inject(
                Context.root().with(Span.wrap(place)), headers, (into, name, value) -> headers.put(name, value));
        return new TraceContext(Objects.requireNonNull(headers.get(TRACEPARENT)), headers.get(TRACESTATE), span);
    }

    private enum Getter implements TextMapGetter<Headers> {
        ONE;

        @Override
        public Iterable<String> keys(Headers headers) {
            return List.of(TRACEPARENT, TRACESTATE);
        }

        @Override
        public @Nullable String get(@Nullable Headers headers, String name) {
            return headers == null ? null : headers.get(name);
        }
    }
}
