package dev.petrel.telemetry;

import dev.petrel.message.Reason;
import dev.petrel.message.Recipient;
import dev.petrel.message.SendRequest;
import dev.petrel.message.Source;
import dev.petrel.message.Status;
import dev.petrel.message.StatusEvent;
import dev.petrel.message.StatusEvent.AttemptReport;
import dev.petrel.message.SubmitResult;
import dev.petrel.message.TraceContext;
import dev.petrel.message.TraceContext.Begun;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.IdGenerator;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Makes spans, each whole and when it is over, with the id that was told to the world when it began: a span of the SDK
 * would have to live as long as its request, and half a million of those may wait for a receipt.
 *
 * <p>Nothing that a span shows is free text: ids, words of closed sets, numbers of ours; no number of a handset, no text, no
 * sender, no id that a vendor gave (P6). What is shown for messaging has the names of OpenTelemetry's conventions.
 */
final class Spans {
    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("messaging.system");
    private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("messaging.operation.name");
    private static final AttributeKey<String> OPERATION_TYPE = AttributeKey.stringKey("messaging.operation.type");
    private static final AttributeKey<String> TOPIC = AttributeKey.stringKey("messaging.destination.name");
    private static final AttributeKey<String> PARTITION = AttributeKey.stringKey("messaging.destination.partition.id");
    private static final AttributeKey<Long> OFFSET = AttributeKey.longKey("messaging.kafka.offset");
    private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");

    private static final AttributeKey<String> REQUEST_ID = AttributeKey.stringKey("petrel.request_id");
    private static final AttributeKey<String> COUNTRY = AttributeKey.stringKey("petrel.country");
    private static final AttributeKey<String> STATUS = AttributeKey.stringKey("petrel.status");
    private static final AttributeKey<String> REASON = AttributeKey.stringKey("petrel.reason");
    private static final AttributeKey<List<String>> SKIPPED = AttributeKey.stringArrayKey("petrel.skipped");
    private static final AttributeKey<String> PROVIDER = AttributeKey.stringKey("petrel.provider");
    private static final AttributeKey<Long> NUMBER = AttributeKey.longKey("petrel.attempt.number");
    private static final AttributeKey<Long> ROUND = AttributeKey.longKey("petrel.attempt.round");
    private static final AttributeKey<String> RESULT = AttributeKey.stringKey("petrel.attempt.result");

    private static final String PROCESS = "process";
    private static final Set<Status> WITHOUT_A_CODE = EnumSet.of(Status.FAILED, Status.EXPIRED, Status.REJECTED);

    private final GivenIds ids = new GivenIds();
    private final SdkTracerProvider provider;
    private final Tracer tracer;
    private final RandomGenerator random;

    /** @param over takes each span */
    Spans(SpanProcessor over, String instanceId, RandomGenerator random) {
        Resource petrel = Resource.create(Attributes.of(
                AttributeKey.stringKey("service.name"),
                "petrel",
                AttributeKey.stringKey("service.instance.id"),
                instanceId));
        this.provider = SdkTracerProvider.builder()
                .setResource(Resource.getDefault().merge(petrel))
                .setSampler(Sampler.alwaysOn()) // what is not to be recorded does not come so far
                .setIdGenerator(ids)
                .addSpanProcessor(over)
                .build();
        this.tracer = provider.get("dev.petrel");
        this.random = random;
    }

    /** Of a new span. */
    SpanContext place(String traceId, TraceFlags flags, TraceState state) {
        long id = random.nextLong();
        return SpanContext.create(traceId, SpanId.fromLong(id == 0 ? 1 : id), flags, state);
    }

    void attempt(StatusEvent event, AttemptReport attempt, TraceContext trace) {
        SpanContext told = W3c.read(trace);
        String traceId = told.getTraceId();
        TraceFlags flags = told.getTraceFlags();
        TraceState state = told.getTraceState();
        SpanContext request = SpanContext.create(traceId, told.getSpanId(), flags, state); // of this process
        SpanBuilder span = span("attempt " + attempt.provider(), SpanKind.CLIENT, place(traceId, flags, state), request)
                .setStartTimestamp(event.at().minus(attempt.duration()))
                .setAttribute(PROVIDER, attempt.provider())
                .setAttribute(NUMBER, (long) attempt.number())
                .setAttribute(ROUND, (long) attempt.round())
                .setAttribute(RESULT, attempt.result().wire());
        end(span, event, attempt.result() != SubmitResult.Kind.ACCEPTED);
    }

    /** @param last its final */
    void request(StatusEvent last, TraceContext trace, Begun begun) {
        SpanBuilder span = request(last.requestId(), last.source(), trace, begun)
                .setAttribute(STATUS, last.status().wire());
        end(span, last, WITHOUT_A_CODE.contains(last.status()));
    }

    void left(SendRequest request, TraceContext trace, Begun begun, Instant now) {
        request(request.requestId(), request.source(), trace, begun)
                .setAttribute(COUNTRY, request.to().country())
                .setAttribute(STATUS, "left")
                .startSpan()
                .end(now);
    }

    /** One that never ends. */
    void begin(String requestId, Source source, TraceContext trace, Begun begun) {
        request(requestId, source, trace, begun).startSpan();
    }

    private SpanBuilder request(String requestId, Source source, TraceContext trace, Begun begun) {
        SpanContext place = W3c.read(trace);
        String parentId = begun.parentId();
        SpanContext sender = parentId == null
                ? SpanContext.getInvalid()
                : SpanContext.createFromRemoteParent(
                        place.getTraceId(), parentId, place.getTraceFlags(), place.getTraceState());
        return span(PROCESS + " " + source.topic(), SpanKind.CONSUMER, place, sender)
                .setStartTimestamp(begun.at())
                .setAttribute(SYSTEM, "kafka")
                .setAttribute(OPERATION, PROCESS)
                .setAttribute(OPERATION_TYPE, PROCESS)
                .setAttribute(TOPIC, source.topic())
                .setAttribute(PARTITION, Integer.toString(source.partition()))
                .setAttribute(OFFSET, source.offset())
                .setAttribute(REQUEST_ID, requestId);
    }

    private SpanBuilder span(String name, SpanKind kind, SpanContext place, SpanContext parent) {
        ids.next(place);
        return tracer.spanBuilder(name)
                .setSpanKind(kind)
                .setParent(Context.root().with(Span.wrap(parent)));
    }

    private static void end(SpanBuilder builder, StatusEvent event, boolean bad) {
        Recipient recipient = event.recipient();
        if (recipient != null) {
            builder.setAttribute(COUNTRY, recipient.country());
        }
        if (!event.skipped().isEmpty()) {
            builder.setAttribute(
                    SKIPPED,
                    event.skipped().stream()
                            .map(skip -> skip.provider() + ":" + skip.reason().wire())
                            .toList());
        }
        Reason reason = event.reason();
        if (reason != null) {
            builder.setAttribute(REASON, reason.reasonClass().wire());
        }
        Span span = builder.startSpan();
        if (bad) {
            span.setStatus(StatusCode.ERROR);
            if (reason != null) {
                span.setAttribute(ERROR_TYPE, reason.reasonClass().wire());
            }
        }
        span.end(event.at());
    }

    /** Sends what is left; blocks for so long at the most. */
    void close(Duration limit) {
        provider.shutdown().join(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The SDK asks for ids when a span begins; ours have long been told by then. */
    private static final class GivenIds implements IdGenerator {
        private String traceId = TraceId.getInvalid();
        private String spanId = SpanId.getInvalid();

        void next(SpanContext place) {
            traceId = place.getTraceId();
            spanId = place.getSpanId();
        }

        @Override
        public String generateTraceId() {
            return traceId;
        }

        @Override
        public String generateSpanId() {
            return spanId;
        }
    }
}
