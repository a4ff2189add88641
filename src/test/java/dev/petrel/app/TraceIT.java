package dev.petrel.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.petrel.guarantees.Asked;
import dev.petrel.guarantees.RequestStream;
import dev.petrel.guarantees.StatusReader;
import dev.petrel.simulator.Behavior;
import dev.petrel.simulator.Mode;
import dev.petrel.testing.EmbeddedBroker;
import dev.petrel.testing.FreePorts;
import dev.petrel.testing.Platform;
import dev.petrel.trace.Hint;
import dev.petrel.web.TraceApi;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code petrel trace} and {@code petrel dlq}, as an operator types them, beside a gateway that fails over. */
class TraceIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final List<String> IDS = List.of("login-1", "login-12", "login-123", "login");
    private static final String NUMBER = "+12025550142";
    private static final String SECRET = "secret-of-nobody-000000-000000-000000";
    private static final ObjectMapper JSON = new ObjectMapper();

    private static Platform platform;
    private static StatusReader statuses;
    private static RequestStream requests;
    private static Path config;
    private static Gateway gateway;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeAll
    static void tellSomeStories() throws Exception {
        platform = Platform.on(EmbeddedBroker.shared());
        config = platform.settingsFile("operator", "");
        statuses = platform.statuses(event -> {});
        requests = platform.requests("t-");
        gateway = platform.gateway("  management: { port: 0, tokens: \"alice:" + SECRET + "\" }\n");
        Platform.get(platform.provider("twilio-main").behave(Behavior.of(Mode.status(500))));
        for (String id : IDS) {
            String asked =
                    requests.ask(300, fields -> fields.put("requestId", id).put("tenant", "web"));
            assertThat(asked).isEqualTo(id);
        }
        requests.flush();
        await().atMost(LONG).until(() -> IDS.stream().allMatch(statuses::isOver));
    }

    @AfterAll
    static void stop() throws Exception {
        Files.deleteIfExists(config);
        platform.close();
    }

    /** P6, whatever was asked. */
    @AfterEach
    void noNumberWasShown() {
        noNumberWasShown(text(out) + text(err));
    }

    private static void noNumberWasShown(String all) {
        assertThat(all).doesNotContain(NUMBER, NUMBER.substring(1), "is your test code", "000042");
        for (Asked asked : requests.asked()) {
            assertThat(all).doesNotContain(asked.to().substring(1), asked.to().substring(4));
        }
    }

    @Test
    void tellsTheWholeStoryOfAFailover() {
        assertThat(run("trace", "login-12")).isEqualTo(Main.OK);

        List<String> lines = text(out).lines().toList();
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0)).matches("to \\+1•••••••\\d\\d \\(US\\), requested .*, tenant web, purpose login, .*");
        assertThat(lines.get(1))
                .contains(
                        "attempt_failed  attempt 1, twilio-main: not taken after ",
                        " ms; server_error: the provider failed inside");
        assertThat(lines.get(2))
                .contains("submitted (final)  attempt 2, sns-eu: taken after ")
                .contains("advice: wait");
        assertThat(lines.get(3))
                .matches("taken \\d+\\.\\d s after the request by sns-eu, second provider;"
                        + " it gives no receipts, so nobody knows whether it arrived");
        assertThat(text(err)).isEmpty();
    }

    @Test
    void findsTheSameWithEachHint() {
        Asked asked = asked("login-123");
        String partition = Integer.toString(asked.partition());
        assertThat(run("trace", "login-123")).isEqualTo(Main.OK);
        String story = text(out);

        assertTold(story, "trace", "login-123", "--partition", partition);
        assertTold(story, "trace", "login-123", "--at", asked.recordedAt().toString());
        assertTold(
                story,
                "trace",
                "login-123",
                "--partition",
                partition,
                "--at",
                asked.recordedAt().toString());
        assertTold(story, "trace", "login-123", "--source", partition + ":" + asked.offset());
    }

    @Test
    void anIdThatBeginsLikeAnotherIsAnother() throws Exception {
        for (String id : IDS) {
            out.reset();
            assertThat(run("trace", id, "--json")).isEqualTo(Main.OK);
            List<String> events = text(out).lines().toList();
            assertThat(events).hasSize(statuses.told(id).size());
            for (String event : events) {
                assertThat(JSON.readTree(event).path("requestId").asText()).isEqualTo(id);
            }
        }
    }

    @Test
    void theEventsAreTheOnesOnTheTopic() {
        assertThat(run("trace", "login", "--json")).isEqualTo(Main.OK);

        assertThat(text(out).lines().toList())
                .isEqualTo(statuses.told("login").stream()
                        .map(told -> told.value())
                        .toList());
    }

    @Test
    void theManagementPortTellsTheSame() throws Exception {
        assertThat(run("trace", "login-12")).isEqualTo(Main.OK);
        Asked asked = asked("login-12");
        for (String hint :
                List.of("", "?at=" + asked.recordedAt(), "?source=" + asked.partition() + ":" + asked.offset())) {
            HttpResponse<String> response = overHttp("login-12" + hint);

            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            JsonNode body = JSON.readTree(response.body());
            assertThat(JSON.convertValue(body.path("lines"), String[].class))
                    .isEqualTo(text(out).lines().toArray());
            assertThat(body.path("remarks")).isEmpty();
            assertThat(body.path("events"))
                    .map(JsonNode::toString)
                    .isEqualTo(statuses.told("login-12").stream()
                            .map(told -> told.value())
                            .toList());
            noNumberWasShown(response.body());
        }
        HttpResponse<String> nothing = overHttp(NUMBER.substring(1));
        assertThat(nothing.statusCode()).isEqualTo(404);
        assertThat(nothing.body()).contains("records on all 4 partitions of " + platform.statusTopic() + " since ");
        noNumberWasShown(nothing.body());
        HttpResponse<String> astray = overHttp("login-12?source=9:1");
        assertThat(astray.statusCode()).isEqualTo(400);
        assertThat(astray.body()).contains("\"field\":\"source\"");
    }

    /** Nothing but the trace waits for it. */
    @Test
    void aBrokerThatIsAwayKeepsNoEventLoopFromItsWork() throws Exception {
        String servers = "127.0.0.1:" + FreePorts.next();
        Settings settings = Settings.read(
                config, Map.of("TWILIO_AUTH_TOKEN", Platform.AUTH_TOKEN, "PETREL_KAFKA_BOOTSTRAP_SERVERS", servers));
        Vertx vertx = Vertx.vertx();
        TraceDesk desk = new TraceDesk(vertx, settings.kafka(), InstantSource.system(), "petrel-trace", TraceDesk.PAGE);
        try {
            Context loop = vertx.getOrCreateContext();
            Promise<TraceApi.Answer> answered = Promise.promise();
            Queue<String> order = new ConcurrentLinkedQueue<>();
            loop.runOnContext(now -> {
                desk.read(new TraceApi.Question("login", Hint.none()))
                        .andThen((answer, stray) -> order.add(Vertx.currentContext() == loop ? "answer" : "elsewhere"))
                        .onComplete(answered);
                loop.runOnContext(next -> order.add("other work"));
            });

            assertThat(Platform.get(answered.future()))
                    .isInstanceOfSatisfying(
                            TraceApi.Answer.Unanswered.class,
                            unanswered -> assertThat(unanswered.why())
                                    .startsWith("kafka at " + servers + ": no answer within 5 s"));
            assertThat(order).containsExactly("other work", "answer");
        } finally {
            Platform.get(desk.close());
            Platform.get(vertx.close());
        }
    }

    @Test
    void saysWhereItLookedInVain() {
        assertThat(run("trace", "login-2")).isEqualTo(Main.FAILED);

        assertThat(text(out)).isEmpty();
        assertThat(text(err).lines().findFirst().orElseThrow())
                .matches("nothing found: \\d+ records on all 4 partitions of " + platform.statusTopic()
                        + " since \\S+Z were looked at in \\S+ s, to the end");
    }

    @Test
    void nothingIsFoundWhereAHintLeadsAstray() {
        Asked asked = asked("login");
        int other = (asked.partition() + 1) % Platform.PARTITIONS;

        assertThat(run("trace", "login", "--partition", Integer.toString(other)))
                .isEqualTo(Main.FAILED);
        assertThat(text(err)).contains("on partition " + other + " of");
        String later = Instant.now().plusSeconds(120).toString();
        assertThat(run("trace", "login", "--at", later)).isEqualTo(Main.FAILED);
        assertThat(text(err)).contains("nothing found: 0 records on all 4 partitions");
    }

    @Test
    void aHintBeyondTheTopicIsToldInALine() {
        assertThat(run("trace", "login", "--partition", "9")).isEqualTo(Main.FAILED);
        assertThat(run("trace", "login", "--source", asked("login").partition() + ":1000000"))
                .isEqualTo(Main.FAILED);

        assertThat(text(err).lines())
                .satisfiesExactly(
                        line -> assertThat(line).endsWith(": has no partition 9, only 0 to 3"),
                        line -> assertThat(line).endsWith("there is no 1000000 yet"));
    }

    @Test
    void theMarkOfAnOwnerIsNoRequest() {
        assertThat(run("trace", "_owner")).isEqualTo(Main.FAILED);
        assertThat(text(err)).startsWith("nothing found: ");
    }

    @Test
    void aNumberInPlaceOfAnIdIsNotRepeated() {
        assertThat(run("trace", NUMBER.substring(1))).isEqualTo(Main.FAILED);
        assertThat(run("trace", NUMBER)).isEqualTo(Main.WRONG);
    }

    @Test
    void deadLettersAreListedAndShownMasked() throws Exception {
        Map<String, String> bad = Map.of(
                "text", "{\"requestId\": \"no-text\", \"to\": \"" + NUMBER + "\", \"code\": 100042}",
                "to",
                        "{\"requestId\": \"bad-to\", \"to\": \"" + NUMBER.substring(1)
                                + "\", \"text\": \"000042 is a code\"}",
                "value", "{\"requestId\": \"cut-off\", \"to\": \"" + NUMBER);
        for (String value : bad.values()) {
            requests.put(
                    new ProducerRecord<>(platform.requestTopic(), 1, NUMBER.getBytes(UTF_8), value.getBytes(UTF_8)));
        }
        await().atMost(LONG).until(() -> {
            out.reset();
            return run("dlq", "list", "--since", "1h") == Main.OK
                    && text(out).lines().count() == bad.size();
        });
        List<String> listed = text(out).lines().toList();
        assertThat(listed).allMatch(line -> line.contains("bytes  from " + platform.requestTopic() + " 1:"));
        assertThat(listed).anyMatch(line -> line.endsWith("text: is required"));
        noNumberWasShown();

        out.reset();
        for (String line : listed) {
            assertThat(run("dlq", "show", line.substring(0, line.indexOf(' ')))).isEqualTo(Main.OK);
        }
        assertThat(text(out))
                .contains("field        text", "reason       is required", "requestId: (a text of 7 characters)")
                .contains("to: +1•••••••42 (US)", "code: (a number of 6 characters)")
                .contains("to: (a text of 11 characters, no possible number with +)")
                .contains("field        value", "begins like JSON that is cut off or broken");
        noNumberWasShown();

        out.reset();
        err.reset();
        assertThat(run("dlq", "list", "--last", "1")).isEqualTo(Main.OK);
        assertThat(text(out).lines()).singleElement().isIn(listed);
        assertThat(text(err).lines()).containsExactly("and 2 older ones; --last N shows more");
        assertThat(run("dlq", "show", "0:4711")).isEqualTo(Main.FAILED);
        assertThat(text(err)).contains("no dead letter at 0:4711");
    }

    @Test
    void aBrokerThatIsAwayIsToldInALine() throws Exception {
        String servers = "127.0.0.1:" + FreePorts.next();
        Path elsewhere = Files.writeString(
                Files.createTempFile("petrel", ".yaml"),
                Files.readString(config).replace(platform.bootstrapServers(), servers));
        try {
            for (List<String> words : List.of(List.of("trace", "login"), List.of("dlq", "list"))) {
                err.reset();
                assertThat(run(elsewhere, words.toArray(String[]::new))).isEqualTo(Main.FAILED);
                assertThat(text(err).lines())
                        .singleElement()
                        .asString()
                        .startsWith("kafka at " + servers + ": no answer within 5 s");
            }
            assertThat(text(out)).isEmpty();
        } finally {
            Files.delete(elsewhere);
        }
    }

    private void assertTold(String story, String... words) {
        out.reset();
        assertThat(run(words)).isEqualTo(Main.OK);
        assertThat(text(out)).isEqualTo(story);
    }

    private static Asked asked(String id) {
        return requests.asked().stream()
                .filter(each -> each.requestId().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static HttpResponse<String> overHttp(String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + gateway.managementPort() + "/v1/trace/" + path);
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(uri)
                                .header("Authorization", "Bearer " + SECRET)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    private int run(String... words) {
        return run(config, words);
    }

    private int run(Path file, String... words) {
        Main main = new Main(
                Map.of("TWILIO_AUTH_TOKEN", Platform.AUTH_TOKEN),
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8));
        return main.run(Stream.concat(Stream.of(words), Stream.of("--config", file.toString()))
                .toList());
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(UTF_8);
    }
}
