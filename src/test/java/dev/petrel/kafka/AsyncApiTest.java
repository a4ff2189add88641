package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.petrel.client.Topics;
import dev.petrel.console.InstanceLine;
import dev.petrel.control.Order;
import dev.petrel.control.Warrant;
import dev.petrel.testing.Manifests;
import dev.petrel.testing.WireSamples;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** docs/asyncapi.yaml says of the topics what the code does. That it is AsyncAPI is checked by .ci/asyncapi. */
class AsyncApiTest {
    private static final Instant NOW = Instant.parse("2026-11-24T04:05:00.123Z");
    private static final Warrant WARRANT = Warrant.of("alice", "27 of 50 timed out", NOW, NOW.plusSeconds(3600));
    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private JsonNode api;

    @BeforeEach
    void read() throws IOException {
        api = Manifests.read(Path.of("docs/asyncapi.yaml")).get(0);
    }

    @Test
    void theChannelsAreTheTopics() throws IOException {
        Map<String, String> policies = new HashMap<>();
        for (JsonNode topic : Manifests.read(Manifests.FOLDER.resolve("topics/topics.yaml"))) {
            policies.put(
                    topic.at("/metadata/name").asText(),
                    topic.at("/spec/config")
                            .path(TopicConfig.CLEANUP_POLICY_CONFIG)
                            .asText());
        }
        Map<String, String> told = new HashMap<>();
        for (JsonNode channel : api.path("channels")) {
            JsonNode binding = channel.at("/bindings/kafka");
            assertThat(binding.path("topic")).isEqualTo(channel.path("address"));
            told.put(
                    channel.path("address").asText(),
                    binding.at("/topicConfiguration/cleanup.policy/0").asText());
        }
        assertThat(told).isEqualTo(policies);
        Topics usual = Topics.usual();
        assertThat(told).containsKeys(usual.requests(), usual.status(), usual.feedback(), usual.availability());
    }

    @Test
    void theSchemasAreTheContracts() {
        assertThat(payload("sendRequest").path("$ref").asText()).isEqualTo("./send-request.schema.json");
        assertThat(payload("statusEvent").path("$ref").asText()).isEqualTo("./status-event.schema.json");
        assertThat(payload("availability").path("$ref").asText()).isEqualTo("./availability.schema.json");
    }

    @Test
    void theExamplesAreGood() {
        assertThat(WireSamples.faultsOfRequest(example("sendRequest"))).isEmpty();
        assertThat(WireSamples.faultsOfStatus(example("statusEvent"))).isEmpty();
        assertThat(WireSamples.faultsOfAvailability(example("availability"))).isEmpty();
        for (String message : List.of("verified", "order", "instance")) {
            assertThat(faults(message, example(message))).as(message).isEmpty();
        }
    }

    @Test
    void whatIsWrittenIsAsItSays() {
        InstanceLine.Provider shut = new InstanceLine.Provider("open", NOW, 54, "resting", NOW, 0);
        InstanceLine.Provider well = new InstanceLine.Provider("closed", null, 1, null, null, 7);
        InstanceLine line = new InstanceLine(
                "petrel-7f",
                NOW,
                true,
                List.of(0, 3),
                Duration.ofMillis(420),
                12,
                40,
                3100,
                2,
                Map.of("twilio-main", shut, "sns-eu", well));
        assertWritten("instance", InstanceCodec.encode(line));
        Stream.of(
                        new Order.Drain("twilio-main", null, WARRANT),
                        new Order.Drain("twilio-main", "IN", WARRANT),
                        new Order.HoldBreaker("twilio-main", Order.Hold.CLOSED, WARRANT),
                        new Order.Weights("CA,US", Map.of("sns-eu", 70, "twilio-main", 0), WARRANT),
                        new Order.StopCountry("IN", WARRANT),
                        new Order.StopTenant("web", WARRANT))
                .flatMap(order -> Stream.of(order, order.lifted(new Warrant.Lifting("bob", "works again", NOW))))
                .forEach(order -> assertWritten("order", OrderCodec.encode(order)));
    }

    @Test
    void whatIsReadIsAsItSays() {
        byte[] example = example("verified").getBytes(UTF_8);
        assertThat(new FeedbackCodec().verified(example)).isNotNull();
        assertThat(OrderCodec.decode(
                        "drain/twilio-main/IN".getBytes(UTF_8), example("order").getBytes(UTF_8), NOW))
                .isPresent();
    }

    @Test
    void theHeadersAreTheOnesOfTheCode() {
        assertThat(headers("statusEvent"))
                .containsExactlyInAnyOrder(
                        StatusCodec.STATUS,
                        StatusCodec.FINAL,
                        StatusCodec.COUNTRY,
                        StatusCodec.SOURCE,
                        StatusCodec.REQUESTED,
                        StatusCodec.ATTEMPT,
                        StatusCodec.ATTEMPT_ID,
                        StatusCodec.RECEIPT,
                        StatusCodec.REASON,
                        StatusCodec.SUPERSEDES,
                        StatusCodec.TENANT,
                        StatusCodec.WRITER,
                        "traceparent",
                        "tracestate");
        assertThat(headers("deadLetter"))
                .containsExactlyInAnyOrder(
                        DeadLetters.REASON,
                        DeadLetters.TOPIC,
                        DeadLetters.PARTITION,
                        DeadLetters.OFFSET,
                        DeadLetters.AT,
                        DeadLetters.TRUNCATED);
        assertThat(headers("sendRequest")).containsExactlyInAnyOrder("traceparent", "tracestate", "via");
    }

    @Test
    void whatIsBroughtByHttpIsKnownByItsHeader() {
        String via = message("sendRequest").at("/headers/properties/via/const").asText();
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>("sms.requests", 0, 0, new byte[0], new byte[0]);
        assertThat(KafkaRequestSink.wrote(record)).isFalse();
        record.headers().add("via", via.getBytes(UTF_8));
        assertThat(KafkaRequestSink.wrote(record)).isTrue();
    }

    /** Nothing that it does not tell of, and nothing otherwise than it tells. */
    private void assertWritten(String message, byte[] value) {
        String json = new String(value, UTF_8);
        assertThat(faults(message, json)).as(json).isEmpty();
        JsonNode told = payload(message).path("properties");
        try {
            WireSamples.JSON
                    .readTree(value)
                    .fieldNames()
                    .forEachRemaining(
                            field -> assertThat(told.has(field)).as(field).isTrue());
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private List<String> faults(String message, String json) {
        Schema schema = REGISTRY.getSchema(payload(message).toString(), InputFormat.JSON);
        return schema
                .validate(
                        json,
                        InputFormat.JSON,
                        context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)))
                .stream()
                .map(Object::toString)
                .toList();
    }

    private JsonNode message(String name) {
        JsonNode message = api.at("/components/messages").path(name);
        assertThat(message.isObject()).as(name).isTrue();
        return message;
    }

    private JsonNode payload(String message) {
        return message(message).path("payload");
    }

    private String example(String message) {
        return message(message).at("/examples/0/payload").toString();
    }

    private List<String> headers(String message) {
        return message(message).at("/headers/properties").properties().stream()
                .map(Map.Entry::getKey)
                .toList();
    }
}
