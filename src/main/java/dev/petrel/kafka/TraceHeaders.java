package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.petrel.message.TraceContext;
import dev.petrel.telemetry.Tracing;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Where a request stands in a trace, in the headers of its record and of its events. */
final class TraceHeaders {
    /** What <a href="https://www.w3.org/TR/trace-context/">W3C Trace Context</a> wants passed on at least; more is foreign ballast. */
    private static final int MOST_BYTES = 512;

    private TraceHeaders() {}

    static Tracing.Headers of(Headers headers) {
        return name -> {
            Header header = headers.lastHeader(name);
            byte[] value = header == null ? null : header.value();
            return value == null || value.length > MOST_BYTES ? null : new String(value, UTF_8);
        };
    }

    static void add(@Nullable TraceContext trace, Headers headers) {
        if (trace == null) {
            return;
        }
        headers.add("traceparent", trace.traceparent().getBytes(UTF_8));
        String state = trace.tracestate();
        if (state != null) {
            headers.add("tracestate", state.getBytes(UTF_8));
        }
    }
}
