package dev.petrel.guarantees;

import static dev.petrel.guarantees.Trial.LONG;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.app.Gateway;
import dev.petrel.simulator.Mode;
import dev.petrel.testing.Platform;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;

/** Records that are no request, or a strange one, among good ones. */
class BadInputIT {
    private static final String NUMBER = "+12025550142";
    private static final String GOOD_REST = "\"to\": \"" + NUMBER + "\", \"text\": \"000042 is a code\"}";

    /**
     * @param field that is named
     * @param requestId that is told as rejected; null: none is
     */
    private record Bad(byte[] value, String field, String requestId) {
        static Bad of(String json, String field, String requestId) {
            return new Bad(json.getBytes(UTF_8), field, requestId);
        }
    }

    private static List<Bad> bad() {
        byte[] garbage = new byte[300];
        new Random(17).nextBytes(garbage);
        return List.of(
                new Bad(null, "value", null),
                new Bad(new byte[0], "value", null),
                new Bad(garbage, "value", null),
                new Bad(new byte[] {0, 0, 0, 0, 42, 6, 'r', '-', 'x'}, "value", null), // a schema registry's framing
                Bad.of("{\"requestId\": \"cut-off\", \"to\": \"" + NUMBER, "value", null),
                Bad.of("[]", "value", null),
                Bad.of("{}", "requestId", null),
                Bad.of("{\"requestId\": \"no-to\", \"text\": \"000042 is a code\"}", "to", "no-to"),
                Bad.of("{\"requestId\": \"no-text\", \"to\": \"" + NUMBER + "\"}", "text", "no-text"),
                Bad.of("{\"requestId\": \"bad-to\", \"to\": \"+1202\", \"text\": \"t\"}", "to", "bad-to"),
                Bad.of("{\"requestId\": \"two words\", " + GOOD_REST, "requestId", null),
                Bad.of("{\"requestId\": \"login-12025550142\", " + GOOD_REST, "requestId", null),
                Bad.of("{\"requestId\": \"login-1202.555.0142\", " + GOOD_REST, "requestId", null),
                Bad.of("{\"requestId\": \"life\", \"lifetimeSeconds\": -1, " + GOOD_REST, "lifetimeSeconds", "life"),
                Bad.of("{\"requestId\": \"when\", \"expiresAt\": \"soon\", " + GOOD_REST, "expiresAt", "when"),
                Bad.of("{\"requestId\": \"who\", \"tenant\": \"Über\", " + GOOD_REST, "tenant", "who"),
                Bad.of("{\"requestId\": \"via\", \"providers\": \"sns-eu\", " + GOOD_REST, "providers", "via"));
    }

    @Test
    void setsAsideWhatIsNoRequestAndGoesOnWithWhatIs() throws Exception {
        try (Trial trial = Trial.begin();
                TopicTail letters = new TopicTail(
                        trial.platform().broker().bootstrapServers(),
                        trial.platform().deadLetterTopic(),
                        letter -> {})) {
            trial.platform().gateway();
            Map<RecordMetadata, Bad> written = new LinkedHashMap<>();
            for (Bad bad : bad()) {
                ProducerRecord<byte[], byte[]> record =
                        new ProducerRecord<>(trial.platform().requestTopic(), 1, NUMBER.getBytes(UTF_8), bad.value());
                record.headers().add("trace", "abc".getBytes(UTF_8)).add("dlq.reason", "forged".getBytes(UTF_8));
                written.put(trial.requests().put(record), bad);
                trial.ask();
            }
            trial.settle();
            await().atMost(LONG).until(() -> letters.records().size() == written.size());

            for (Map.Entry<RecordMetadata, Bad> entry : written.entrySet()) {
                Bad bad = entry.getValue();
                String offset = Long.toString(entry.getKey().offset());
                ConsumerRecord<byte[], byte[]> letter = letters.records().stream()
                        .filter(each -> headers(each).get("dlq.offset").equals(offset))
                        .findFirst()
                        .orElseThrow();
                assertThat(letter.key()).isEqualTo(NUMBER.getBytes(UTF_8));
                assertThat(letter.value()).isEqualTo(bad.value());
                Map<String, String> headers = headers(letter);
                assertThat(headers)
                        .containsOnlyKeys("trace", "dlq.reason", "dlq.topic", "dlq.partition", "dlq.offset", "dlq.at")
                        .containsEntry("trace", "abc")
                        .containsEntry("dlq.topic", trial.platform().requestTopic())
                        .containsEntry("dlq.partition", "1");
                assertThat(Instant.parse(headers.get("dlq.at"))).isBefore(Instant.now());
                assertThat(headers.get("dlq.reason"))
                        .startsWith(bad.field() + ": ")
                        .doesNotContain("2025550142", "000042", "soon", "Über");
                if (bad.requestId() != null) {
                    assertThat(trial.story(bad.requestId())).singleElement().satisfies(told -> {
                        assertThat(told.status()).isEqualTo("rejected");
                        assertThat(told.reasonClass()).isEqualTo("invalid");
                        assertThat(told.detail()).isEqualTo(headers.get("dlq.reason"));
                        assertThat(told.advice()).isEqualTo("other_factor");
                        assertThat(told.possiblySent()).isFalse();
                        assertThat(told.offset()).isNotNegative();
                    });
                }
            }
            Balance balance = trial.promisesHold();
            assertThat(balance.finals())
                    .containsEntry("submitted", (long) written.size())
                    .containsEntry(
                            "rejected",
                            bad().stream()
                                    .filter(each -> each.requestId() != null)
                                    .count());
            assertThat(trial.seenBy("twilio-main")).isEqualTo(written.size());
        }
    }

    @Test
    void leavesOutOfADeadLetterWhatIsTooLargeForIt() throws Exception {
        try (Trial trial = Trial.begin();
                TopicTail letters = new TopicTail(
                        trial.platform().broker().bootstrapServers(),
                        trial.platform().deadLetterTopic(),
                        letter -> {})) {
            set(trial, trial.platform().requestTopic(), "max.message.bytes", "4000000");
            trial.platform().gateway();
            byte[] huge = new byte[2 << 20];
            Arrays.fill(huge, (byte) '7');
            trial.requests()
                    .put(new ProducerRecord<>(trial.platform().requestTopic(), 2, NUMBER.getBytes(UTF_8), huge));
            trial.story();
            await().atMost(LONG).until(() -> !letters.records().isEmpty());
            ConsumerRecord<byte[], byte[]> letter = letters.records().get(0);
            assertThat(letter.value()).isNull();
            assertThat(letter.key()).isEqualTo(NUMBER.getBytes(UTF_8));
            assertThat(headers(letter)).containsEntry("dlq.truncated", "true").containsEntry("dlq.offset", "0");
            trial.promisesHold();
        }
    }

    @Test
    void sendsTheSameRequestIdOnce() throws Exception {
        try (Trial trial = Trial.begin()) {
            Gateway gateway = trial.platform().gateway();
            String id = trial.ask(fields -> fields.put("to", NUMBER));
            trial.story(id);
            int partition = trial.requests().asked().get(0).partition();
            for (int i = 0; i < 3; i++) {
                trial.requests()
                        .put(new ProducerRecord<>(
                                trial.platform().requestTopic(),
                                partition,
                                NUMBER.getBytes(UTF_8),
                                ("{\"requestId\": \"" + id + "\", " + GOOD_REST).getBytes(UTF_8)));
            }
            // a record that breaks a rule does not overrule what was told of its id
            trial.requests()
                    .put(new ProducerRecord<>(
                            trial.platform().requestTopic(),
                            partition,
                            NUMBER.getBytes(UTF_8),
                            ("{\"requestId\": \"" + id + "\"}").getBytes(UTF_8)));
            trial.story();
            Balance balance = trial.promisesHold();
            assertThat(trial.statuses().told(id)).hasSize(1);
            assertThat(balance.finals()).containsOnlyKeys("submitted");
            assertThat(trial.seenBy("twilio-main")).isEqualTo(2);
            assertThat(Platform.metrics(gateway)).contains("petrel_duplicates_total 3.0");
        }
    }

    @Test
    void countsTheLifeOfACodeFromItsRecord() throws Exception {
        try (Trial trial = Trial.begin()) {
            set(trial, trial.platform().requestTopic(), "message.timestamp.type", "CreateTime");
            trial.platform().gateway();
            Instant now = Instant.now();
            List<String> late = new ArrayList<>();
            late.add(put(trial, "old", now.minusSeconds(301), ""));
            late.add(put(trial, "older", now.minusSeconds(3600), "\"lifetimeSeconds\": 30, "));
            late.add(put(trial, "named", now, "\"expiresAt\": \"" + now.minusSeconds(1) + "\", "));
            late.add(put(trial, "close", now, "\"expiresAt\": \"" + now.plusSeconds(3) + "\", "));
            String ahead = put(trial, "ahead", now.plusSeconds(1800), "\"lifetimeSeconds\": 60, ");
            for (String id : late) {
                List<Told> story = trial.story(id);
                assertThat(story).as(id).singleElement().satisfies(told -> {
                    assertThat(told.status()).isEqualTo("expired");
                    assertThat(told.reasonClass()).isEqualTo("expired");
                    assertThat(told.possiblySent()).isFalse();
                    assertThat(told.advice()).isEqualTo("retry after 30");
                });
            }
            List<Told> story = trial.story(ahead);
            assertThat(story).extracting(Told::status).containsExactly("submitted");
            assertThat(Instant.parse(story.get(0).event().path("expiresAt").asText()))
                    .isBefore(Instant.now().plusSeconds(61));
            assertThat(trial.seenBy("twilio-main")).isEqualTo(1);
            assertThat(trial.seenBy("sns-eu")).isZero();
        }
    }

    @Test
    void goesByTheProvidersThatTheRequestNames() throws Exception {
        try (Trial trial = Trial.begin()) {
            trial.platform().gateway();
            String other = trial.ask(fields -> {
                fields.putArray("providers").add("nobody").add("sns-eu");
                return fields;
            });
            assertThat(trial.story(other)).extracting(Told::provider).containsExactly("sns-eu");
            trial.behave("sns-eu", Mode.empty503());
            String both = trial.ask(fields -> {
                fields.putArray("providers").add("sns-eu").add("twilio-main");
                return fields;
            });
            assertThat(trial.story(both)).extracting(Told::provider).containsExactly("sns-eu", "twilio-main");
            String none = trial.ask(fields -> {
                fields.putArray("providers").add("nobody");
                return fields;
            });
            assertThat(trial.story(none)).singleElement().satisfies(told -> {
                assertThat(told.status()).isEqualTo("rejected");
                assertThat(told.reasonClass()).isEqualTo("invalid");
                assertThat(told.detail()).startsWith("providers").doesNotContain("nobody");
                assertThat(told.advice()).isEqualTo("other_factor");
                assertThat(told.possiblySent()).isFalse();
            });
            trial.promisesHold();
        }
    }

    private static String put(Trial trial, String id, Instant at, String fields) throws Exception {
        trial.requests()
                .put(new ProducerRecord<>(
                        trial.platform().requestTopic(),
                        null,
                        at.toEpochMilli(),
                        NUMBER.getBytes(UTF_8),
                        ("{\"requestId\": \"" + id + "\", " + fields + GOOD_REST).getBytes(UTF_8)));
        return id;
    }

    private static void set(Trial trial, String topic, String key, String value) throws Exception {
        try (Admin admin = trial.platform().broker().admin()) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, topic),
                            List.of(new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }

    private static Map<String, String> headers(ConsumerRecord<byte[], byte[]> record) {
        Map<String, String> headers = new TreeMap<>();
        for (Header header : record.headers()) {
            headers.put(header.key(), new String(header.value(), UTF_8));
        }
        return headers;
    }
}
