package dev.petrel.telemetry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.app.Gateway;
import dev.petrel.guarantees.RequestStream;
import dev.petrel.guarantees.StatusReader;
import dev.petrel.guarantees.Trial;
import dev.petrel.simulator.Behavior;
import dev.petrel.simulator.Call;
import dev.petrel.simulator.Mode;
import dev.petrel.telemetry.Collector.Mood;
import dev.petrel.testing.EmbeddedBroker;
import dev.petrel.testing.FreePorts;
import dev.petrel.testing.Platform;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From the headers of a request's record to what a collector gets, and to the headers of its status events. */
class OpenTelemetryIT {
    private static final Duration LONG = Trial.LONG;
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String SENDER = "b7ad6b7169203331";
    private static final String TRACEPARENT = "00-" + TRACE + "-" + SENDER + "-01";
    private static final String NATIONAL = "2025550187";
    private static final String NUMBER = "+1" + NATIONAL;
    private static final String CODE = "918273";
    private static final String TEXT = CODE + " is what nobody may see";

    private Platform platform;
    private Collector collector;
    private StatusReader statuses;
    private RequestStream requests;

    @BeforeEach
    void begin() throws Exception {
        platform = Platform.on(EmbeddedBroker.shared());
        collector = new Collector();
        statuses = platform.statuses(event -> {});
        requests = platform.requests("o-");
    }

    @AfterEach
    void end() throws Exception {
        platform.close();
        collector.close();
    }

    @Test
    void aFailoverIsOneTraceFromItsSenderToItsStatusEvents() throws Exception {
        platform.gateway(collector.settings());
        behave("twilio-main", Mode.status(500));
        ask("failover", Map.of("traceparent", TRACEPARENT, "tracestate", "acme=1"));
        await().atMost(LONG).until(() -> collector.spans().size() == 3);

        Span whole = span("process");
        List<Span> attempts = spans("attempt");
        assertThat(collector.spans()).allSatisfy(span -> {
            assertThat(hex(span.getTraceId().toByteArray())).isEqualTo(TRACE);
            assertThat(span.getTraceState()).isEqualTo("acme=1");
        });
        assertThat(hex(whole.getParentSpanId().toByteArray())).isEqualTo(SENDER);
        assertThat(attempts).extracting(Span::getParentSpanId).containsOnly(whole.getSpanId());
        assertThat(attempts).extracting(Span::getName).containsExactly("attempt twilio-main", "attempt sns-eu");
        assertThat(attempts).extracting(Span::getKind).containsOnly(Span.SpanKind.SPAN_KIND_CLIENT);
        assertThat(attempts)
                .extracting(span -> span.getStatus().getCode())
                .containsExactly(Status.StatusCode.STATUS_CODE_ERROR, Status.StatusCode.STATUS_CODE_UNSET);
        assertThat(shown(attempts.get(0)))
                .containsEntry("petrel.attempt.number", "1")
                .containsEntry("petrel.attempt.result", "unavailable")
                .containsEntry("petrel.reason", "server_error")
                .containsEntry("petrel.country", "US");
        assertThat(whole.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CONSUMER);
        assertThat(whole.getName()).isEqualTo("process " + platform.requestTopic());
        assertThat(shown(whole))
                .containsEntry("petrel.request_id", "failover")
                .containsEntry("petrel.status", "submitted")
                .containsEntry("messaging.destination.name", platform.requestTopic());
        for (Span attempt : attempts) {
            assertThat(attempt.getStartTimeUnixNano()).isGreaterThanOrEqualTo(whole.getStartTimeUnixNano());
            assertThat(attempt.getEndTimeUnixNano())
                    .isBetween(attempt.getStartTimeUnixNano(), whole.getEndTimeUnixNano());
        }
        assertThat(collector.resources())
                .allSatisfy(resource -> assertThat(shown(resource.getResource().getAttributesList()))
                        .containsEntry("service.name", "petrel")
                        .containsEntry("service.instance.id", "petrel-0"));

        String told = "00-" + TRACE + "-" + hex(whole.getSpanId().toByteArray()) + "-01";
        assertThat(events("failover")).hasSize(2);
        assertThat(headers("failover", "traceparent")).containsExactly(told, told);
        assertThat(headers("failover", "tracestate")).containsExactly("acme=1", "acme=1");
    }

    /** The first owner can't get it sent and stops; the second reads the record again, and its headers with it. */
    @Test
    void theNextOwnerGoesOnInTheTraceOfTheFirst() throws Exception {
        Gateway first = platform.gateway(collector.settings());
        behave("twilio-main", Mode.status(500));
        behave("sns-eu", Mode.status(500));
        put("with", Map.of("traceparent", TRACEPARENT));
        put("without", Map.of());
        await().atMost(LONG)
                .until(() -> statuses.told("with").size() >= 2
                        && statuses.told("without").size() >= 2);
        Platform.get(first.stop());
        behave("twilio-main", Mode.healthy());
        behave("sns-eu", Mode.healthy());
        platform.gateway(collector.settings());
        await().atMost(LONG).until(() -> statuses.isOver("with") && statuses.isOver("without"));
        await().atMost(LONG).until(() -> spans("process").size() == 4);

        for (String id : List.of("with", "without")) {
            List<Span> owners = spans("process").stream()
                    .filter(span -> id.equals(shown(span).get("petrel.request_id")))
                    .toList();
            assertThat(owners)
                    .extracting(span -> shown(span).get("petrel.status"))
                    .containsExactly("left", "submitted");
            assertThat(owners)
                    .extracting(Span::getTraceId)
                    .containsOnly(owners.get(0).getTraceId());
            assertThat(owners).extracting(Span::getSpanId).doesNotHaveDuplicates();
            assertThat(owners)
                    .extracting(span -> hex(span.getParentSpanId().toByteArray()))
                    .containsOnly(id.equals("with") ? SENDER : "");
            List<String> told = headers(id, "traceparent");
            assertThat(told).hasSameSizeAs(events(id));
            assertThat(told.get(0)).contains(hex(owners.get(0).getSpanId().toByteArray()));
            assertThat(told.get(told.size() - 1))
                    .contains(hex(owners.get(1).getSpanId().toByteArray()));
        }
        assertThat(spans("process").get(0).getTraceId())
                .isNotEqualTo(spans("process").get(1).getTraceId());
    }

    @Test
    void unlessACollectorIsNamedNothingIsPassedOn() throws Exception {
        Gateway gateway = platform.gateway();
        ask("off", Map.of("traceparent", TRACEPARENT, "tracestate", "acme=1"));

        assertThat(headers("off", "traceparent")).containsExactly((String) null);
        assertThat(headers("off", "tracestate")).containsExactly((String) null);
        assertThat(Platform.metrics(gateway)).doesNotContain("petrel_spans");
    }

    @Test
    void neitherAMalformedRecordNorAMalformedHeaderIsInTheWay() throws Exception {
        platform.gateway(collector.settings());
        put("odd", NUMBER, "{\"requestId\": \"odd\", \"to\": \"nobody\"}", Map.of("traceparent", TRACEPARENT));
        List<String> odd = List.of("", "00", "00-" + TRACE + "-" + SENDER + "-0", "é", "\0\0\0", "0".repeat(600));
        for (int i = 0; i < odd.size(); i++) {
            put("odd-" + i, Map.of("traceparent", odd.get(i), "tracestate", odd.get(i)));
        }
        await().atMost(LONG).until(() -> statuses.finals() == 1 + odd.size());
        await().atMost(LONG).until(() -> spans("process").size() == 1 + odd.size());

        Span rejected = spans("process").stream()
                .filter(span -> shown(span).get("petrel.request_id").equals("odd"))
                .findFirst()
                .orElseThrow();
        assertThat(hex(rejected.getParentSpanId().toByteArray())).isEqualTo(SENDER);
        assertThat(shown(rejected))
                .containsEntry("petrel.status", "rejected")
                .containsEntry("petrel.reason", "invalid");
        assertThat(headers("odd", "traceparent"))
                .containsExactly("00-" + TRACE + "-" + hex(rejected.getSpanId().toByteArray()) + "-01");
        for (int i = 0; i < odd.size(); i++) {
            String id = "odd-" + i;
            assertThat(statuses.finalOf(id).orElseThrow().status()).isEqualTo("submitted");
            assertThat(headers(id, "traceparent").get(0)).startsWith("00-").doesNotContain(TRACE);
            assertThat(headers(id, "tracestate")).containsExactly((String) null);
        }
    }

    /** Vendors that quote it all in their errors, receipts with tokens in their URLs: a collector gets none of it. */
    @Test
    void nothingPersonalAndNoSecretIsSent() throws Exception {
        int port = FreePorts.next();
        String keys = "0".repeat(32);
        platform.gateway(collector.settings() + """
                  web: { port: %d, host: 127.0.0.1, public-url: "http://127.0.0.1:%d" }
                  receipts: { keys: "k1:%s" }
                """.formatted(port, port, keys));
        List<Mode> modes = List.of(
                Mode.healthy(),
                Mode.error("21211"),
                Mode.error("99999"),
                Mode.error("InvalidParameter"),
                Mode.html502(),
                Mode.throttle(),
                Mode.resetAfterReading());
        int asked = 0;
        for (String provider : List.of("twilio-main", "sns-eu")) {
            for (Mode mode : modes) {
                behave(provider, mode);
                String id = "secret-" + asked++;
                put(
                        id,
                        NUMBER,
                        request(id).replace("}", ", \"providers\": [\"" + provider + "\"]}"),
                        Map.of("traceparent", TRACEPARENT, "baggage", "number=" + NUMBER));
                await().atMost(LONG).until(() -> !statuses.told(id).isEmpty());
                behave(provider, Mode.healthy());
            }
        }
        int all = asked;
        await().atMost(LONG).until(() -> spans("process").size() == all);

        String everything = collector.everything();
        assertThat(everything)
                .contains("secret-0")
                .doesNotContain(
                        NATIONAL,
                        CODE,
                        "nobody may see",
                        "AcmeCodes",
                        Platform.AUTH_TOKEN,
                        Platform.SECRET_KEY,
                        "AC00000000000000000000000000000000",
                        keys,
                        "http://");
        for (String provider : List.of("twilio-main", "sns-eu")) {
            assertThat(platform.provider(provider).calls()).isNotEmpty();
            for (Call call : platform.provider(provider).calls()) {
                if (call.messageId() != null) {
                    assertThat(everything).doesNotContain(call.messageId());
                }
            }
        }
    }

    @Test
    void aCollectorInTroubleCostsNoCode() throws Exception {
        Gateway gateway = platform.gateway(collector.settings());

        collector.mood = Mood.HANGS;
        assertCodesGoOn();
        await().atMost(LONG).until(() -> collector.asked.get() > 0);
        int hung = collector.asked.get();
        collector.mood = Mood.REFUSES;
        assertCodesGoOn();
        await().atMost(LONG).until(() -> collector.asked.get() > hung);
        collector.goAway();
        assertCodesGoOn();
        await().atMost(LONG)
                .until(() ->
                        Platform.metrics(gateway).matches("(?s).*petrel_spans_total\\{result=\"failed\"} [1-9].*"));
        assertThat(Platform.metrics(gateway)).contains("petrel_spans_total{result=\"sent\"} 0.0");

        collector.mood = Mood.TAKES;
        collector.comeBack();
        await().atMost(LONG).until(() -> {
            requests.ask();
            return !collector.spans().isEmpty();
        });
        String last = requests.ask(300, fields -> fields);
        await().atMost(LONG).until(() -> statuses.isOver(last));
        Platform.get(gateway.stop());
        assertThat(spans("process"))
                .anySatisfy(span -> assertThat(shown(span)).containsEntry("petrel.request_id", last));
    }

    private void assertCodesGoOn() {
        for (int i = 0; i < 200; i++) {
            requests.ask();
        }
        requests.flush();
        await().atMost(LONG)
                .until(() -> requests.asked().stream().allMatch(asked -> statuses.isOver(asked.requestId())));
        assertThat(statuses.told()).allMatch(told -> told.status().equals("submitted"));
    }

    private void behave(String provider, Mode mode) throws Exception {
        Platform.get(platform.provider(provider).behave(Behavior.of(mode)));
    }

    /** Asks, and waits for the final. */
    private void ask(String id, Map<String, String> headers) throws Exception {
        put(id, headers);
        await().atMost(LONG).until(() -> statuses.isOver(id));
    }

    private void put(String id, Map<String, String> headers) throws Exception {
        put(id, NUMBER, request(id), headers);
    }

    private static String request(String id) {
        return "{\"requestId\": \"%s\", \"to\": \"%s\", \"text\": \"%s\", \"sender\": \"AcmeCodes\"}"
                .formatted(id, NUMBER, TEXT);
    }

    private void put(String id, String key, String value, Map<String, String> headers) throws Exception {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(platform.requestTopic(), key.getBytes(UTF_8), value.getBytes(UTF_8));
        headers.forEach((name, text) -> record.headers().add(name, text.getBytes(UTF_8)));
        var unused = requests.put(record);
    }

    /** Of each event of a request in their order; null where it has none. */
    private List<String> headers(String requestId, String name) {
        return events(requestId).stream()
                .map(record -> {
                    Header header = record.headers().lastHeader(name);
                    return header == null ? null : new String(header.value(), UTF_8);
                })
                .collect(Collectors.toList());
    }

    private List<ConsumerRecord<byte[], byte[]>> events(String requestId) {
        return statuses.records().stream()
                .filter(record -> new String(record.key(), UTF_8).equals(requestId))
                .toList();
    }

    private Span span(String name) {
        List<Span> all = spans(name);
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    /** In the order in which they began. */
    private List<Span> spans(String name) {
        return collector.spans().stream()
                .filter(span -> span.getName().startsWith(name + " "))
                .sorted(Comparator.comparingLong(Span::getStartTimeUnixNano))
                .toList();
    }

    private static Map<String, String> shown(Span span) {
        return shown(span.getAttributesList());
    }

    private static Map<String, String> shown(List<KeyValue> attributes) {
        Map<String, String> shown = new TreeMap<>();
        for (KeyValue attribute : attributes) {
            AnyValue value = attribute.getValue();
            shown.put(
                    attribute.getKey(),
                    value.hasIntValue() ? Long.toString(value.getIntValue()) : value.getStringValue());
        }
        return shown;
    }

    private static String hex(byte[] id) {
        return HexFormat.of().formatHex(id);
    }
}
