package dev.petrel.web;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.metrics.Meters;
import dev.petrel.trace.Hint;
import dev.petrel.trace.Traced;
import dev.petrel.trace.TracedEvent;
import dev.petrel.web.TraceApi.Answer;
import dev.petrel.web.TraceApi.Question;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may ask for a trace, how many at once, and what each hears; what is read is scripted. */
class TraceApiIT {
    private static final Instant NOW = Instant.parse("2026-11-24T04:05:10Z");
    private static final String SECRET = "secret-of-nobody-000000-000000-000000";
    private static final String NUMBER = "12025550142";
    private static final String EVENT = "{\"requestId\":\"r-1\",\"status\":\"submitted\",\"final\":true}";

    private final Vertx vertx = Vertx.vertx();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Meters meters = new Meters(registry);
    private final Tokens tokens = Tokens.parse("alice:" + SECRET);
    private final ManagementServer server =
            new ManagementServer(vertx, new ManagementConfig(0, "127.0.0.1", tokens), registry, () -> Map.of());
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Queue<Question> asked = new ConcurrentLinkedQueue<>();
    private volatile Function<Question, Future<Answer>> reader = question -> Future.succeededFuture(found(null));

    @BeforeEach
    void start() throws TimeoutException {
        server.mount(new TraceApi(
                new AdminTokens(() -> tokens, meters),
                question -> {
                    asked.add(question);
                    return reader.apply(question);
                },
                () -> NOW,
                meters));
        server.start().await(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() throws TimeoutException {
        server.stop().await(10, TimeUnit.SECONDS);
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    @Test
    void tellsTheStoryAndTheEvents() throws Exception {
        HttpResponse<String> response = get("r-1");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
        JsonObject body = new JsonObject(response.body());
        assertThat(body.getJsonArray("lines")).hasSize(3).last().asString().startsWith("taken 1.2 s after the request");
        assertThat(body.getJsonArray("remarks")).isEmpty();
        assertThat(body.getJsonArray("events")).containsExactly(new JsonObject(EVENT));
        assertThat(counted("traced")).isEqualTo(1);
    }

    @Test
    void saysWhatIsMissingOfIt() throws Exception {
        reader = question -> Future.succeededFuture(found("it took longer than 30 s"));

        JsonObject body = new JsonObject(get("r-1").body());

        assertThat(body.getJsonArray("events")).hasSize(1);
        assertThat(body.getJsonArray("remarks"))
                .singleElement()
                .asString()
                .startsWith("not all of it: ")
                .endsWith("not to the end: it took longer than 30 s");
    }

    @ParameterizedTest
    @CsvSource({
        "r-1,r-1,,",
        "r-1?at=2026-11-24T04:05:00Z,r-1,2026-11-24T04:05:00Z,",
        "a.b:c_d?at=2026-11-24T05:05:00%2B01:00,a.b:c_d,2026-11-24T04:05:00Z,",
        "r-1?at=2026-11-24T05:05:00+01:00,r-1,2026-11-24T04:05:00Z,",
        "r%2D1?source=3:1182,r-1,,1182"
    })
    void readsWhatIsKnownOfTheRequest(String path, String id, @Nullable Instant at, @Nullable Long offset)
            throws Exception {
        assertThat(get(path).statusCode()).isEqualTo(200);

        Integer partition = offset == null ? null : (Integer) 3;
        assertThat(asked).containsExactly(new Question(id, new Hint(partition, at, offset)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "+12025550142|id",
                "a%20b|id",
                "a%2Fb|id",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa|id",
                "r-1?at=12025550142|at",
                "r-1?at=14:02|at",
                "r-1?at=2026-11-24T04:05:00Z&at=2026-11-24T04:05:00Z|at",
                "r-1?source=12025550142|source",
                "r-1?source=3|source",
                "r-1?source=3:1&at=2026-11-24T04:05:00Z|source",
                "r-1?12025550142=1|query",
                "r-1?partition=3|query"
            })
    void namesTheFieldThatIsWrongAndNeverItsValue(String path, String field) throws Exception {
        HttpResponse<String> response = get(path);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(new JsonObject(response.body()).getString("field")).isEqualTo(field);
        assertThat(response.body()).contains(field + ": must be ").doesNotContain(NUMBER, "partition=", "14:02");
        assertThat(asked).isEmpty();
        assertThat(counted("invalid")).isEqualTo(1);
    }

    @Test
    void aPlaceThatIsNotThereIsAMistakeInSource() throws Exception {
        reader = question -> Future.succeededFuture(new Answer.NoSuchPlace());

        HttpResponse<String> response = get("r-1?source=3:" + NUMBER);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(new JsonObject(response.body()).getString("field")).isEqualTo("source");
        assertThat(response.body()).doesNotContain(NUMBER);
    }

    @Test
    void saysWhatWasSearchedInVainAndDoesNotRepeatTheId() throws Exception {
        reader = question -> Future.succeededFuture(new Answer.Read(traced(List.of(), null)));

        HttpResponse<String> response = get(NUMBER);

        assertThat(response.statusCode()).isEqualTo(404);
        JsonObject body = new JsonObject(response.body());
        assertThat(body.getString("error")).isEqualTo("nothing was found of this id");
        assertThat(body.getJsonArray("remarks").getString(0))
                .startsWith("nothing found: 17 records on all 4 partitions of sms.status since ");
        assertThat(response.body()).doesNotContain(NUMBER);
        assertThat(counted("not_found")).isEqualTo(1);
    }

    @Test
    void saysSoWhereKafkaDoesNotAnswer() throws Exception {
        reader = question -> Future.succeededFuture(new Answer.Unanswered("kafka at a:1: no answer within 5 s"));

        HttpResponse<String> response = get("r-1");

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).isEqualTo("{\"error\":\"kafka at a:1: no answer within 5 s\"}");
        assertThat(counted("unanswered")).isEqualTo(1);
    }

    @Test
    void aMistakeOfOursIsNotToldAndKeepsNoPlace() throws Exception {
        reader = question -> {
            throw new IllegalStateException(question.requestId());
        };
        for (int i = 0; i <= TraceApi.AT_ONCE; i++) {
            HttpResponse<String> response = get("r-1");
            assertThat(response.statusCode()).isEqualTo(500);
            assertThat(response.body()).isEqualTo("{\"error\":\"this did not work; the log says why\"}");
        }
        assertThat(counted("failed")).isEqualTo(TraceApi.AT_ONCE + 1);
    }

    @Test
    void onlyTwoAreReadAtOnce() throws Exception {
        Queue<Promise<Answer>> readings = holdReadings();
        CompletableFuture<HttpResponse<String>> first = send("r-1");
        await().until(() -> readings.size() == 1);
        CompletableFuture<HttpResponse<String>> second = send("r-2");
        await().until(() -> readings.size() == TraceApi.AT_ONCE);

        HttpResponse<String> third = get("r-3");

        assertThat(third.statusCode()).isEqualTo(429);
        assertThat(third.headers().firstValue("Retry-After")).contains("5");
        assertThat(asked).hasSize(2);
        assertThat(counted("busy")).isEqualTo(1);

        readings.remove().complete(found(null));
        assertThat(first.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        CompletableFuture<HttpResponse<String>> fourth = send("r-4");
        await().until(() -> readings.size() == TraceApi.AT_ONCE);
        readings.forEach(reading -> reading.complete(found(null)));
        assertThat(second.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        assertThat(fourth.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }

    @Test
    void whoeverHangsUpGivesHisPlaceBack() throws Exception {
        Queue<Promise<Answer>> readings = holdReadings();
        for (int i = 1; i <= TraceApi.AT_ONCE; i++) {
            int open = i;
            try (Socket caller = new Socket("127.0.0.1", server.port())) {
                caller.getOutputStream()
                        .write(("GET /v1/trace/r-1 HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + SECRET + "\r\n\r\n")
                                .getBytes(US_ASCII));
                await().until(() -> readings.size() == open);
            }
        }
        assertThat(get("r-2").statusCode()).isEqualTo(429);

        readings.forEach(reading -> reading.complete(found(null)));
        reader = question -> Future.succeededFuture(found(null));

        await().pollInterval(Duration.ofMillis(500))
                .until(() -> get("r-2").statusCode() == 200); // the tokens allow five calls a second
    }

    @Test
    void nobodyIsAnsweredWithoutAToken() throws Exception {
        HttpResponse<String> response =
                client.send(HttpRequest.newBuilder(uri(NUMBER)).build(), HttpResponse.BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.body()).doesNotContain(NUMBER);
        assertThat(asked).isEmpty();
    }

    @Test
    void whatIsCountedBeginsWithZero() {
        assertThat(registry.scrape())
                .contains(
                        "petrel_admin_calls_total{answer=\"traced\"} 0.0",
                        "petrel_admin_calls_total{answer=\"busy\"} 0.0",
                        "petrel_admin_calls_total{answer=\"unanswered\"} 0.0");
    }

    private Queue<Promise<Answer>> holdReadings() {
        Queue<Promise<Answer>> readings = new ConcurrentLinkedQueue<>();
        reader = question -> {
            Promise<Answer> reading = Promise.promise();
            readings.add(reading);
            return reading.future();
        };
        return readings;
    }

    private static Answer found(@Nullable String brokenOff) {
        TracedEvent event = new TracedEvent(
                3,
                "submitted",
                true,
                NOW,
                new TracedEvent.Attempt(1, 1, "sns-eu", "accepted", true, 80),
                null,
                null,
                List.of(),
                null,
                null,
                "+1•••••••42",
                "US",
                1200,
                false,
                null,
                null,
                "sms.requests 3:1182",
                EVENT);
        return new Answer.Read(traced(List.of(event), brokenOff));
    }

    private static Traced traced(List<TracedEvent> events, @Nullable String brokenOff) {
        return new Traced(
                events,
                0,
                new Traced.Searched(
                        "sms.status", 4, null, NOW.minusSeconds(1800), 17, Duration.ofMillis(40), brokenOff));
    }

    private double counted(String answer) {
        return registry.get("petrel.admin.calls")
                .tag("answer", answer)
                .counter()
                .count();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(request(path), HttpResponse.BodyHandlers.ofString());
    }

    private CompletableFuture<HttpResponse<String>> send(String path) {
        return client.sendAsync(request(path), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(uri(path))
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", "Bearer " + SECRET)
                .build();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + "/v1/trace/" + path);
    }
}
