package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.petrel.delivery.Term;
import dev.petrel.message.Advice;
import dev.petrel.message.AttemptTicket;
import dev.petrel.message.DeliveryReceipt;
import dev.petrel.message.Reason;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.ReceiptEvent;
import dev.petrel.message.ReceiptState;
import dev.petrel.message.Recipient;
import dev.petrel.message.Skip;
import dev.petrel.message.SkipReason;
import dev.petrel.message.Source;
import dev.petrel.message.Status;
import dev.petrel.message.StatusEvent;
import dev.petrel.message.StatusEvent.AttemptRef;
import dev.petrel.message.StatusEvent.AttemptReport;
import dev.petrel.message.SubmitResult;
import dev.petrel.message.TraceContext;
import dev.petrel.testing.Requests;
import dev.petrel.testing.WireSamples;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatusCodecTest {
    private static final Instant AT = Instant.parse("2026-11-24T04:05:01.183999Z");
    private static final Source SOURCE = new Source("sms.requests", 3, 1182);
    private static final Recipient TO =
            Requests.NUMBERS.recipient("+12025550123").orElseThrow();

    private final StatusCodec codec = new StatusCodec("sms.status", "sms.requests", new Writer("petrel-7f", "1s4kx9"));
    private final Term term = new Term(3, 5, () -> true);

    @ParameterizedTest
    @ValueSource(strings = {"submitted", "attempt_failed", "failed", "rejected", "undelivered", "delivered"})
    void writesTheSamples(String name) throws IOException {
        ProducerRecord<byte[], byte[]> record = codec.encode(event(name), term);
        JsonNode expected = WireSamples.JSON.readTree(WireSamples.sample("status." + name));
        JsonNode written = WireSamples.JSON.readTree(record.value());
        assertThat(written).isEqualTo(expected);
        assertThat(names(written)).isEqualTo(names(expected)); // in the same order too
        assertThat(record.topic()).isEqualTo("sms.status");
        assertThat(record.partition()).isEqualTo(3);
        assertThat(record.key()).isEqualTo("01JDG7W3V9K6Q2T8".getBytes(UTF_8));
    }

    @Test
    void writesAReceiptOfWhateverInstance() throws IOException {
        ProducerRecord<byte[], byte[]> record = codec.encode(receipt());
        assertThat(WireSamples.JSON.readTree(record.value()))
                .isEqualTo(WireSamples.JSON.readTree(WireSamples.sample("status.receipt")));
        assertThat(record.partition()).isEqualTo(3);
        assertThat(headers(record))
                .isEqualTo(Map.of(
                        "status", "receipt",
                        "final", "false",
                        "country", "US",
                        "source", "3:1182",
                        "receipt", "2/1/twilio-main/undeliverable",
                        "attempt-id", "a8Xk2",
                        "requested", Long.toString(AT.minusMillis(1204).toEpochMilli()),
                        "reason", "recipient_unreachable",
                        "writer", "petrel-7f/1s4kx9/0"));
    }

    private static ReceiptEvent receipt() {
        AttemptTicket attempt = new AttemptTicket(
                "01JDG7W3V9K6Q2T8",
                3,
                1182,
                "a8Xk2",
                2,
                1,
                "twilio-main",
                "US",
                TO.masked(),
                AT.minusMillis(1204),
                Instant.parse("2026-11-24T04:10:00Z"));
        Reason reason = new Reason(ReasonClass.RECIPIENT_UNREACHABLE, "30003", "the number can't be reached now");
        return new ReceiptEvent(
                attempt,
                new DeliveryReceipt(ReceiptState.UNDELIVERABLE, reason),
                "SM00000000000000000000000000000001",
                AT);
    }

    @ParameterizedTest
    @MethodSource
    void theSamplesFollowTheSchema(String name) {
        assertThat(WireSamples.faultsOfStatus(new String(WireSamples.sample(name), UTF_8)))
                .isEmpty();
    }

    static List<String> theSamplesFollowTheSchema() {
        return WireSamples.names("status.");
    }

    @ParameterizedTest
    @EnumSource(ReasonClass.class)
    void everyClassOfReasonAndItsAdviceFollowTheSchema(ReasonClass reasonClass) {
        StatusEvent event =
                event(Status.FAILED, true, null, Reason.of(reasonClass, "why"), Advice.when(reasonClass), TO, "web");
        assertThat(WireSamples.faultsOfStatus(
                        new String(codec.encode(event, term).value(), UTF_8)))
                .isEmpty();
    }

    @Test
    void tellsInHeadersWhatReadersFilterByAndTheJournalNeeds() {
        assertThat(headers(codec.encode(event("submitted"), term)))
                .isEqualTo(Map.of(
                        "status", "submitted",
                        "final", "true",
                        "country", "US",
                        "source", "3:1182",
                        "attempt", "2/1/sns-eu/accepted",
                        "attempt-id", "a8Xk2",
                        "requested", Long.toString(AT.minusMillis(1204).toEpochMilli()),
                        "writer", "petrel-7f/1s4kx9/5"));
        assertThat(headers(codec.encode(event("attempt_failed"), term)))
                .isEqualTo(Map.of(
                        "status", "attempt_failed",
                        "final", "false",
                        "country", "US",
                        "source", "3:1182",
                        "attempt", "1/1/twilio-main/throttled",
                        "attempt-id", "a8Xk2",
                        "requested", Long.toString(AT.minusMillis(1204).toEpochMilli()),
                        "reason", "throttled",
                        "writer", "petrel-7f/1s4kx9/5"));
        assertThat(headers(codec.encode(event("rejected"), term)))
                .isEqualTo(Map.of(
                        "status", "rejected",
                        "final", "true",
                        "source", "3:1182",
                        "requested", Long.toString(AT.toEpochMilli()),
                        "reason", "invalid",
                        "writer", "petrel-7f/1s4kx9/5"));
    }

    @Test
    void passesTheTraceOnInHeadersAndNowhereElse() {
        TraceContext trace = new TraceContext("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "a=1", null);
        ProducerRecord<byte[], byte[]> record = codec.encode(about(Status.UNDELIVERED, null, trace), term);

        assertThat(headers(record))
                .containsEntry("traceparent", trace.traceparent())
                .containsEntry("tracestate", "a=1");
        assertThat(new String(record.value(), UTF_8)).doesNotContain("0af7651916cd43dd8448eb211c80319c", "a=1");
    }

    @Test
    void neverGivesTwoEventsOneId() throws IOException {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ids.add(WireSamples.JSON
                    .readTree(codec.encode(event("submitted"), term).value())
                    .get("eventId")
                    .asText());
        }
        assertThat(ids)
                .containsExactly(
                        "01JDG7W3V9K6Q2T8/petrel-7f.1s4kx9/1",
                        "01JDG7W3V9K6Q2T8/petrel-7f.1s4kx9/2",
                        "01JDG7W3V9K6Q2T8/petrel-7f.1s4kx9/3");
    }

    @Test
    void marksATakeOverWithoutAValue() {
        ProducerRecord<byte[], byte[]> mark = codec.mark(term);
        assertThat(mark.partition()).isEqualTo(3);
        assertThat(mark.key()).isEqualTo("_owner".getBytes(UTF_8));
        assertThat(mark.value()).isNull();
        assertThat(headers(mark)).isEqualTo(Map.of("writer", "petrel-7f/1s4kx9/5"));
    }

    @Test
    void neverWritesTheWholeNumber() {
        for (String name : List.of("submitted", "attempt_failed", "failed", "rejected")) {
            assertThat(new String(codec.encode(event(name), term).value(), UTF_8))
                    .doesNotContain("2025550123");
        }
    }

    private static StatusEvent event(String name) {
        return switch (name) {
            case "submitted" ->
                new StatusEvent(
                        "01JDG7W3V9K6Q2T8",
                        Status.SUBMITTED,
                        true,
                        AT,
                        new AttemptReport(
                                "a8Xk2",
                                2,
                                1,
                                "sns-eu",
                                SubmitResult.Kind.ACCEPTED,
                                true,
                                "b1c2",
                                Duration.ofNanos(83_999_999)),
                        null,
                        null,
                        List.of(new Skip("twilio-main", SkipReason.BREAKER_OPEN)),
                        true,
                        Advice.toWait(),
                        Instant.parse("2026-11-24T04:10:00Z"),
                        TO,
                        1,
                        Duration.ofMillis(1204),
                        false,
                        "web",
                        "login",
                        null,
                        SOURCE,
                        null);
            case "attempt_failed" ->
                event(
                        Status.ATTEMPT_FAILED,
                        false,
                        new AttemptReport(
                                "a8Xk2", 1, 1, "twilio-main", SubmitResult.Kind.THROTTLED, true, null, Duration.ZERO),
                        new Reason(ReasonClass.THROTTLED, "20429", "over the account's rate"),
                        null,
                        TO,
                        null);
            case "undelivered" -> about(Status.UNDELIVERED, Reason.of(ReasonClass.AMBIGUOUS, "no receipt in time"));
            case "delivered" -> about(Status.DELIVERED, null);
            case "failed" ->
                event(
                        Status.FAILED,
                        true,
                        null,
                        Reason.of(ReasonClass.UNAVAILABLE, "no provider is left"),
                        Advice.when(ReasonClass.UNAVAILABLE),
                        TO,
                        "web");
            default ->
                event(
                        Status.REJECTED,
                        true,
                        null,
                        Reason.of(ReasonClass.INVALID, "to: must be E.164 with +"),
                        Advice.when(ReasonClass.INVALID),
                        null,
                        null);
        };
    }

    private static StatusEvent about(Status status, Reason reason) {
        return about(status, reason, null);
    }

    private static StatusEvent about(Status status, Reason reason, TraceContext trace) {
        return new StatusEvent(
                "01JDG7W3V9K6Q2T8",
                status,
                status == Status.DELIVERED,
                AT,
                null,
                new AttemptRef("a8Xk2", 2, 1, "twilio-main"),
                reason,
                List.of(),
                true,
                null,
                Instant.parse("2026-11-24T04:10:00Z"),
                TO,
                1,
                Duration.ofMillis(1204),
                status == Status.DELIVERED,
                "web",
                "login",
                null,
                SOURCE,
                trace);
    }

    private static StatusEvent event(
            Status status,
            boolean last,
            AttemptReport attempt,
            Reason reason,
            Advice advice,
            Recipient to,
            String tenant) {
        return new StatusEvent(
                "01JDG7W3V9K6Q2T8",
                status,
                last,
                AT,
                attempt,
                null,
                reason,
                List.of(),
                false,
                advice,
                to == null ? null : Instant.parse("2026-11-24T04:10:00Z"),
                to,
                to == null ? null : 1,
                to == null ? Duration.ZERO : Duration.ofMillis(1204),
                false,
                tenant,
                tenant == null ? null : "login",
                null,
                SOURCE,
                null);
    }

    private static List<String> names(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(name -> {
            names.add(name);
            names.addAll(names(node.get(name)));
        });
        return names;
    }

    private static Map<String, String> headers(ProducerRecord<byte[], byte[]> record) {
        Map<String, String> headers = new LinkedHashMap<>();
        record.headers().forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));
        return headers;
    }
}
