package dev.petrel.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.message.ReasonClass;
import dev.petrel.message.SendRequest;
import dev.petrel.message.SkipReason;
import dev.petrel.message.Source;
import dev.petrel.message.StatusEvent;
import dev.petrel.message.TraceContext;
import dev.petrel.metrics.Meters;
import dev.petrel.testing.DeliveryStage;
import dev.petrel.testing.ManualTime;
import dev.petrel.testing.Requests;
import dev.petrel.testing.Results;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is traced of the real delivery, on virtual time. */
class OpenTelemetryTracingTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SENDER = "b7ad6b7169203331";
    private static final String TRACEPARENT = "00-" + TRACE + "-" + SENDER + "-01";
    private static final Source SOURCE = new Source("sms.requests", 3, 1182);
    private static final Instant NOW = ManualTime.START;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Meters meters = new Meters(registry);
    private final Taken over = new Taken();
    private final DeliveryStage stage = DeliveryStage.ab();

    @Test
    void aFailoverIsASpanOfTheRequestAndOneForEachAttempt() {
        stage.provider("a").then(Results.refused(), Duration.ofMillis(200));
        stage.provider("b").then(Results.accepted("SM0001"), Duration.ofMillis(300));
        Tracing tracing = tracing(0);
        SendRequest request = stage.request("r", Duration.ofMinutes(5))
                .withTrace(tracing.begin("r", SOURCE, Map.of("traceparent", TRACEPARENT)::get, NOW));
        stage.deliver(request);
        stage.advance(Duration.ofSeconds(1));
        stage.sink.events().forEach(tracing::told);

        assertThat(over.spans)
                .extracting(SpanData::getName)
                .containsExactly("attempt a", "attempt b", "process sms.requests");
        assertThat(over.spans).extracting(SpanData::getTraceId).containsOnly(TRACE);
        SpanData whole = over.spans.get(2);
        assertThat(whole.getKind()).isEqualTo(SpanKind.CONSUMER);
        assertThat(whole.getParentSpanId()).isEqualTo(SENDER);
        assertThat(whole.getParentSpanContext().isRemote()).isTrue();
        assertThat(whole.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        assertThat(times(whole)).containsExactly(0L, 500L);
        SpanData first = over.spans.get(0);
        assertThat(first.getKind()).isEqualTo(SpanKind.CLIENT);
        assertThat(first.getParentSpanId()).isEqualTo(whole.getSpanId());
        assertThat(first.getParentSpanContext().isRemote()).isFalse();
        assertThat(first.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(times(first)).containsExactly(0L, 200L);
        SpanData second = over.spans.get(1);
        assertThat(second.getParentSpanId()).isEqualTo(whole.getSpanId());
        assertThat(second.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        assertThat(times(second)).containsExactly(200L, 500L);
    }

    /** All that it shows: neither the number nor the text, nor the vendor's id of the message, nor what the vendor says. */
    @Test
    void showsIdsAndWordsOfClosedSetsAlone() {
        stage.provider("a").then(Results.refused());
        Tracing tracing = tracing(0);
        SendRequest request = stage.request("r", Duration.ofMinutes(5))
                .withTrace(tracing.begin("r", SOURCE, Map.of("traceparent", TRACEPARENT)::get, NOW));
        stage.deliver(request);
        stage.sink.events().forEach(tracing::told);

        assertThat(shown(over.spans.get(0)))
                .isEqualTo(Map.of(
                        "petrel.provider", "a",
                        "petrel.attempt.number", 1L,
                        "petrel.attempt.round", 1L,
                        "petrel.attempt.result", "unavailable",
                        "petrel.country", "US",
                        "petrel.reason", "unavailable",
                        "error.type", "unavailable"));
        assertThat(shown(over.spans.get(2)))
                .isEqualTo(Map.of(
                        "messaging.system", "kafka",
                        "messaging.operation.name", "process",
                        "messaging.operation.type", "process",
                        "messaging.destination.name", "sms.requests",
                        "messaging.destination.partition.id", "0",
                        "messaging.kafka.offset", request.source().offset(),
                        "petrel.request_id", "r",
                        "petrel.country", "US",
                        "petrel.status", "submitted"));
        assertThat(over.spans).allSatisfy(span -> {
            assertThat(span.getEvents()).isEmpty();
            assertThat(span.getStatus().getDescription()).isEmpty();
        });
        assertThat(over.spans.get(0).getResource().getAttributes().asMap())
                .containsEntry(AttributeKey.stringKey("service.name"), "petrel")
                .containsEntry(AttributeKey.stringKey("service.instance.id"), "petrel-7f");
    }

    @Test
    void showsWhoWasPassedOverAndWhyNoCodeCame() {
        stage.guarded.get("a").holdOpen();
        stage.provider("b").then(Results.rejected(ReasonClass.OPTED_OUT));
        Tracing tracing = tracing(100);
        stage.deliver(
                stage.request("r", Duration.ofMinutes(5)).withTrace(tracing.begin("r", SOURCE, name -> null, NOW)));
        stage.sink.events().forEach(tracing::told);

        assertThat(over.spans).hasSize(2);
        assertThat(shown(over.spans.get(0)))
                .containsEntry("petrel.skipped", List.of("a:" + SkipReason.HELD_OPEN.wire()));
        assertThat(over.spans.get(1).getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
        assertThat(shown(over.spans.get(1)))
                .containsEntry("petrel.status", "failed")
                .containsEntry("petrel.reason", "opted_out")
                .containsEntry("error.type", "opted_out");
    }

    @Test
    void everyEventCarriesTheSpanOfItsRequest() {
        stage.provider("a").then(Results.refused());
        stage.provider("b").then(Results.rejected(ReasonClass.OPTED_OUT));
        Tracing tracing = tracing(0);
        TraceContext trace = tracing.begin(
                "r", SOURCE, Map.of("traceparent", TRACEPARENT, "tracestate", "acme=1,other=a:b")::get, NOW);
        stage.deliver(stage.request("r", Duration.ofMinutes(5)).withTrace(trace));
        stage.sink.events().forEach(tracing::told);

        assertThat(stage.story("r")).hasSize(3);
        assertThat(stage.sink.events()).extracting(StatusEvent::trace).containsOnly(trace);
        assertThat(trace.traceparent())
                .isEqualTo("00-" + TRACE + "-" + over.spans.get(2).getSpanId() + "-01");
        assertThat(trace.tracestate()).isEqualTo("acme=1,other=a:b");
        assertThat(over.spans).extracting(span -> span.getTraceId()).containsOnly(TRACE);
    }

    @Test
    void whatItsSenderDoesNotRecordIsPassedOnAsItCame() {
        String unsampled = "00-" + TRACE + "-" + SENDER + "-00";
        Tracing tracing = tracing(100);
        TraceContext trace =
                tracing.begin("r", SOURCE, Map.of("traceparent", unsampled, "tracestate", "acme=1")::get, NOW);

        assertThat(trace).isEqualTo(new TraceContext(unsampled, "acme=1", null));
        stage.deliver(stage.request("r", Duration.ofMinutes(5)).withTrace(trace));
        stage.sink.events().forEach(tracing::told);
        tracing.left(stage.request("r", Duration.ofMinutes(5)).withTrace(trace), NOW);
        assertThat(over.spans).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "00-" + TRACE + "-" + SENDER,
                "00-" + TRACE + "-" + SENDER + "-1",
                "00-" + TRACE + "-" + SENDER + "-01-more",
                "00-" + TRACE + "-" + SENDER + "-zz",
                "ff-" + TRACE + "-" + SENDER + "-01",
                "00-00000000000000000000000000000000-" + SENDER + "-01",
                "00-" + TRACE + "-0000000000000000-01",
                "00-0AF7651916CD43DD8448EB211C80319C-" + SENDER + "-01",
                "00_" + TRACE + "_" + SENDER + "_01",
                "00-0af7651916cd43dd8448eb211c80319é-" + SENDER + "-01"
            })
    void aMalformedTraceparentIsAsGoodAsNone(String traceparent) {
        Map<String, String> headers = Map.of("traceparent", traceparent, "tracestate", "acme=1");

        assertThat(tracing(0).begin("r", SOURCE, headers::get, NOW)).isNull();
        TraceContext begun = tracing(100).begin("r", SOURCE, headers::get, NOW);
        assertThat(begun).isNotNull();
        assertThat(begun.traceparent()).doesNotContain(TRACE);
        assertThat(begun.tracestate()).isNull();
    }

    @Test
    void aTraceparentOfALaterVersionIsRead() {
        TraceContext trace = tracing(0)
                .begin("r", SOURCE, Map.of("traceparent", "cc-" + TRACE + "-" + SENDER + "-01-more")::get, NOW);

        assertThat(trace.traceparent()).startsWith("00-" + TRACE).endsWith("-01");
    }

    @Test
    void aMalformedTracestateCostsTheTracestateAlone() {
        TraceContext trace = tracing(0)
                .begin("r", SOURCE, Map.of("traceparent", TRACEPARENT, "tracestate", "no list, at all")::get, NOW);

        assertThat(trace.traceparent()).startsWith("00-" + TRACE);
        assertThat(trace.tracestate()).isNull();
    }

    @Test
    void noBytesWhateverMakeItFail() {
        Random random = new Random(7);
        Tracing tracing = tracing(50);
        for (int i = 0; i < 20_000; i++) {
            String parent = i % 2 == 0 ? spoiled(TRACEPARENT, random) : TRACEPARENT;
            String state = spoiled("acme=1,other=a:b,x@y=z", random);
            TraceContext trace =
                    tracing.begin("r" + i, SOURCE, name -> name.equals("traceparent") ? parent : state, NOW);
            if (trace != null) {
                tracing.left(
                        Requests.request("r" + i, NOW, Duration.ofMinutes(5)).withTrace(trace), NOW);
            }
        }
        assertThat(strays()).isZero();
        assertThat(over.spans).hasSizeGreaterThan(5000);
    }

    private static String spoiled(String text, Random random) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = random.nextInt(4); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return new String(
                bytes, 0, random.nextInt(8) == 0 ? random.nextInt(bytes.length) : bytes.length, StandardCharsets.UTF_8);
    }

    @Test
    void ofRequestsWithoutATraceparentSoManyOfAHundredAreTraced() {
        Tracing tracing = tracing(10);
        int traced = 0;
        for (int i = 0; i < 10_000; i++) {
            traced += tracing.begin("r" + i, SOURCE, name -> null, NOW) == null ? 0 : 1;
        }
        assertThat(traced).isBetween(900, 1100);
        assertThat(tracing(0).begin("r", SOURCE, name -> null, NOW)).isNull();
    }

    @Test
    void theNextOwnerGoesOnInTheSameTrace() {
        for (int i = 0; i < 100; i++) {
            TraceContext one = new Instance(50, 1).tracing.begin("r" + i, SOURCE, name -> null, NOW);
            TraceContext next = new Instance(50, 2).tracing.begin("r" + i, SOURCE, name -> null, NOW.plusSeconds(9));
            if (one == null) {
                assertThat(next).isNull();
            } else {
                assertThat(next.traceparent().substring(0, 36))
                        .isEqualTo(one.traceparent().substring(0, 36));
                assertThat(next.traceparent()).isNotEqualTo(one.traceparent());
            }
        }
    }

    @Test
    void aRequestThatIsLeftEndsItsSpanAndIsNoError() {
        Tracing tracing = tracing(0);
        TraceContext trace = tracing.begin("r", SOURCE, Map.of("traceparent", TRACEPARENT)::get, NOW);
        tracing.left(Requests.request("r", NOW, Duration.ofMinutes(5)).withTrace(trace), NOW.plusSeconds(4));

        assertThat(over.spans).singleElement().satisfies(span -> {
            assertThat(span.getParentSpanId()).isEqualTo(SENDER);
            assertThat(times(span)).containsExactly(0L, 4000L);
            assertThat(shown(span)).containsEntry("petrel.status", "left").containsEntry("petrel.country", "US");
            assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
        });
    }

    /** An attempt that was in flight when its request was left, or ended, is told afterwards. */
    @Test
    void aLateAttemptIsBelowItsRequestAllTheSame() {
        stage.provider("a").then(Results.accepted("SM0001"), Duration.ofSeconds(2));
        Tracing tracing = tracing(0);
        SendRequest request = stage.request("r", Duration.ofMinutes(5))
                .withTrace(tracing.begin("r", SOURCE, Map.of("traceparent", TRACEPARENT)::get, NOW));
        stage.deliver(request);
        tracing.left(request, NOW);
        stage.term.lose();
        stage.advance(Duration.ofSeconds(3));
        stage.sink.events().forEach(tracing::told);

        assertThat(over.spans).hasSize(2);
        assertThat(over.spans.get(1).getParentSpanId())
                .isEqualTo(over.spans.get(0).getSpanId());
    }

    @Test
    void whatGoesWrongCostsSpansAndNothingElse() {
        Tracing tracing = new OpenTelemetryTracing(
                new Outbox(over, meters, System::nanoTime),
                new Spans(new Broken(), "petrel-7f", new SplittableRandom(1)),
                100,
                meters);
        stage.deliver(
                stage.request("r", Duration.ofMinutes(5)).withTrace(tracing.begin("r", SOURCE, name -> null, NOW)));
        stage.sink.events().forEach(tracing::told);
        assertThat(strays()).isEqualTo(2);

        TraceContext none = tracing.begin(
                "r",
                SOURCE,
                name -> {
                    throw new IllegalStateException("on purpose");
                },
                NOW);
        assertThat(none).isNull();
        assertThat(strays()).isEqualTo(3);
    }

    @Test
    void offItReadsAndKeepsNothing() {
        assertThat(Tracing.OFF.begin(
                        "r",
                        SOURCE,
                        name -> {
                            throw new AssertionError("read");
                        },
                        NOW))
                .isNull();
    }

    private Tracing tracing(int sampleRate) {
        return new Instance(sampleRate, 1).tracing;
    }

    private double strays() {
        return registry.get("petrel.alerts")
                .tag("kind", "stray_exception")
                .counter()
                .count();
    }

    /** Start and end, in milliseconds. */
    private static List<Long> times(SpanData span) {
        long start = TimeUnit.SECONDS.toNanos(NOW.getEpochSecond());
        return List.of((span.getStartEpochNanos() - start) / 1_000_000, (span.getEndEpochNanos() - start) / 1_000_000);
    }

    private static Map<String, Object> shown(SpanData span) {
        return span.getAttributes().asMap().entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getKey().getKey(), Map.Entry::getValue));
    }

    /** One of several that may own a request. */
    private final class Instance {
        final Tracing tracing;

        Instance(int sampleRate, long seed) {
            Outbox outbox = new Outbox(over, meters, System::nanoTime);
            Spans spans = new Spans(SimpleSpanProcessor.create(outbox), "petrel-7f", new SplittableRandom(seed));
            tracing = new OpenTelemetryTracing(outbox, spans, sampleRate, meters);
        }
    }

    /** A collector that takes everything. */
    private static final class Taken implements SpanExporter {
        final List<SpanData> spans = new ArrayList<>();

        @Override
        public CompletableResultCode export(Collection<SpanData> more) {
            spans.addAll(more);
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }

    private static final class Broken implements SpanProcessor {
        @Override
        public void onStart(Context parent, ReadWriteSpan span) {}

        @Override
        public boolean isStartRequired() {
            return false;
        }

        @Override
        public void onEnd(ReadableSpan span) {
            throw new IllegalStateException("on purpose");
        }

        @Override
        public boolean isEndRequired() {
            return true;
        }
    }
}
