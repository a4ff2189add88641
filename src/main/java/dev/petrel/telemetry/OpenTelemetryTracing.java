package dev.petrel.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.petrel.message.SendRequest;
import dev.petrel.message.Source;
import dev.petrel.message.StatusEvent;
import dev.petrel.message.StatusEvent.AttemptReport;
import dev.petrel.message.TraceContext;
import dev.petrel.message.TraceContext.Begun;
import dev.petrel.metrics.Alert;
import dev.petrel.metrics.Meters;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Traces by OpenTelemetry. The sender of a request decides whether it is recorded, by the flag of its {@code
 * traceparent}. Of those that bring none a share is, by a hash that is the id of the trace too: every owner of a request
 * decides alike, and the next one goes on in the same trace.
 */
public final class OpenTelemetryTracing implements Tracing {
    private static final Logger log = LoggerFactory.getLogger(OpenTelemetryTracing.class);
    /** {@link Outbox} says in our log what it would say of a collector in trouble. Held, for a level goes with its logger. */
    private static final java.util.logging.Logger LIBRARY = java.util.logging.Logger.getLogger("io.opentelemetry");

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);
    private static final Duration SEND_LIMIT = Duration.ofSeconds(5);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);
    private static final Duration LINGER = Duration.ofSeconds(1);
    private static final int BATCH = 512;

    private final Outbox outbox;
    private final Spans spans;
    private final int sampleRate;
    private final Meters meters;
    private final MessageDigest sha256 = sha256();

    OpenTelemetryTracing(Outbox outbox, Spans spans, int sampleRate, Meters meters) {
        this.outbox = outbox;
        this.spans = spans;
        this.sampleRate = sampleRate;
        this.meters = meters;
    }

    /**
     * As the settings have it. Takes a moment where something is traced: not for an event loop.
     *
     * @param random of ids
     */
    public static Tracing by(TracingConfig config, String instanceId, RandomGenerator random, Meters meters) {
        URI collector = config.endpoint();
        if (collector == null) {
            return OFF;
        }
        LIBRARY.setLevel(java.util.logging.Level.OFF);
        OtlpHttpSpanExporter exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(collector.toString())
                .setConnectTimeout(CONNECT_LIMIT)
                .setTimeout(SEND_LIMIT)
                .setMeterProvider(MeterProvider.noop())
                .build();
        Outbox outbox = new Outbox(exporter, meters, System::nanoTime);
        BatchSpanProcessor batches = BatchSpanProcessor.builder(outbox)
                .setMaxQueueSize(Outbox.ROOM)
                .setMaxExportBatchSize(BATCH)
                .setScheduleDelay(LINGER)
                .setExporterTimeout(SEND_LIMIT.multipliedBy(2))
                .build();
        OpenTelemetryTracing tracing =
                new OpenTelemetryTracing(outbox, new Spans(batches, instanceId, random), config.sampleRate(), meters);
        tracing.warmUp();
        log.info("traces go to {}", collector);
        return tracing;
    }

    /** Loads what would take the first requests tens of milliseconds of their event loop. Nothing of it is sent. */
    private void warmUp() {
        Source nowhere = new Source("warm-up", 0, 0);
        String sender = "00-00000000000000000000000000000001-0000000000000001-01";
        TraceContext below =
                begin("warm-up", nowhere, name -> name.equals("traceparent") ? sender : null, Instant.EPOCH);
        TraceContext first = first("warm-up", nowhere, Instant.EPOCH);
        for (TraceContext trace : Arrays.asList(below, first)) {
            Begun span = trace == null ? null : trace.span();
            if (trace != null && span != null) {
                spans.begin("warm-up", nowhere, trace, span);
            }
        }
    }

    @Override
    public @Nullable TraceContext begin(String requestId, Source source, Headers headers, Instant now) {
        try {
            SpanContext sender = W3c.read(headers);
            if (!sender.isValid()) {
                return first(requestId, source, now);
            }
            return sender.isSampled()
                    ? W3c.write(
                            spans.place(sender.getTraceId(), sender.getTraceFlags(), sender.getTraceState()),
                            new Begun(sender.getSpanId(), now))
                    : W3c.write(sender, null);
        } catch (RuntimeException stray) {
            tell(stray);
            return null;
        }
    }

    /** Of a request whose sender does not trace. */
    private @Nullable TraceContext first(String requestId, Source source, Instant now) {
        ByteBuffer hash = ByteBuffer.wrap(sha256.digest((requestId + ' ' + source).getBytes(UTF_8)));
        long high = hash.getLong();
        long low = hash.getLong();
        if (Long.remainderUnsigned(low, 100) >= sampleRate) {
            return null;
        }
        SpanContext place = spans.place(TraceId.fromLongs(high, low), TraceFlags.getSampled(), TraceState.getDefault());
        return W3c.write(place, new Begun(null, now));
    }

    @Override
    public void told(StatusEvent event) {
        TraceContext trace = event.trace();
        Begun span = trace == null ? null : trace.span();
        if (trace == null || span == null) {
            return;
        }
        AttemptReport attempt = event.attempt();
        if (attempt != null) {
            send(() -> spans.attempt(event, attempt, trace));
        }
        if (event.last()) {
            send(() -> spans.request(event, trace, span));
        }
    }

    @Override
    public void left(SendRequest request, Instant now) {
        TraceContext trace = request.trace();
        Begun span = trace == null ? null : trace.span();
        if (trace != null && span != null) {
            send(() -> spans.left(request, trace, span, now));
        }
    }

    private void send(Runnable span) {
        if (!outbox.hasRoom()) {
            return;
        }
        try {
            span.run();
            outbox.added();
        } catch (RuntimeException stray) {
            tell(stray);
        }
    }

    /** A span is not worth a code. */
    private void tell(RuntimeException stray) {
        meters.alert(Alert.STRAY_EXCEPTION);
        log.error(
                "A span is lost: unexpected {} at {}",
                stray.getClass().getName(),
                stray.getStackTrace().length == 0 ? "?" : stray.getStackTrace()[0]);
    }

    @Override
    public void close() {
        spans.close(CLOSE_LIMIT);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
