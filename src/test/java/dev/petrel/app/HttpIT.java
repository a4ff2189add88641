package dev.petrel.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.petrel.guarantees.RequestStream;
import dev.petrel.guarantees.StatusReader;
import dev.petrel.guarantees.Told;
import dev.petrel.simulator.Behavior;
import dev.petrel.simulator.Mode;
import dev.petrel.testing.FreePorts;
import dev.petrel.testing.Platform;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** Requests by HTTP, from an auth service to a handset and back, on two instances at a real broker. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HttpIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String WEB = "token-of-web-000000-000000-000000";
    private static final String SHOP = "token-of-shop-000000-000000-000000";
    private static final String NUMBER = "+12025550142";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Lines LINES = new Lines();
    private static final Logger LOGGER = (Logger) LoggerFactory.getLogger("dev.petrel");

    private static Level level;

    private static Platform platform;
    private static StatusReader statuses;
    private static Gateway one;
    private static Gateway other;

    @BeforeAll
    static void start() throws Exception {
        level = LOGGER.getLevel();
        LOGGER.setLevel(Level.TRACE);
        LINES.setContext(LOGGER.getLoggerContext());
        LINES.start();
        LOGGER.addAppender(LINES);
        platform = Platform.start();
        statuses = platform.statuses(event -> {});
        one = gateway();
        other = gateway();
    }

    private static Gateway gateway() throws Exception {
        return platform.gateway("""
                  web: { port: %d, host: 127.0.0.1, tokens: "web:%s,shop:%s" }
                  tenants:
                    shop: { countries: [US], senders: [Acme], max-per-second: 2 }
                """.formatted(FreePorts.next(), WEB, SHOP));
    }

    @AfterAll
    static void stop() throws Exception {
        platform.close();
        LOGGER.detachAppender(LINES);
        LOGGER.setLevel(level);
        assertThat(LINES.lines)
                .as("P6")
                .isNotEmpty()
                .noneMatch(line -> line.contains(NUMBER.substring(1)) || line.contains("is your code"))
                .noneMatch(line -> line.contains(WEB) || line.contains(SHOP));
    }

    @Test
    @Order(1)
    void aRequestTakesTheWayOfAnyOther() throws Exception {
        HttpResponse<String> accepted = post(one, WEB, request("a-1"));
        assertThat(accepted.statusCode()).isEqualTo(202);
        String source = JSON.readTree(accepted.body()).path("source").asText();
        await().atMost(LONG).until(() -> statuses.isOver("a-1"));

        Told end = statuses.finalOf("a-1").orElseThrow();
        assertThat(end.status()).isEqualTo("submitted");
        assertThat(end.event().path("tenant").asText()).isEqualTo("web");
        assertThat(end.event().path("source").path("partition").asText() + ":"
                        + end.event().path("source").path("offset").asText())
                .isEqualTo(source);
        ConsumerRecord<byte[], byte[]> record =
                platform.broker().records(platform.requestTopic()).get(0);
        assertThat(record.key()).isEqualTo(NUMBER.getBytes(UTF_8));
        assertThat(record.partition())
                .as("where every other producer would put it")
                .isEqualTo(Utils.toPositive(Utils.murmur2(NUMBER.getBytes(UTF_8))) % Platform.PARTITIONS);

        for (Gateway any : List.of(one, other)) {
            for (String hint : List.of("", "?source=" + source)) {
                HttpResponse<String> told = get(any, WEB, "/v1/requests/a-1" + hint);
                assertThat(told.statusCode()).isEqualTo(200);
                assertThat(told.body()).doesNotContain(NUMBER.substring(1));
                JsonNode standing = JSON.readTree(told.body());
                assertThat(standing.path("status").asText()).isEqualTo("submitted");
                assertThat(standing.path("final").asBoolean()).isTrue();
                assertThat(standing.path("source").asText()).isEqualTo(source);
                assertThat(standing.path("events")).hasSize(1);
                assertThat(get(any, SHOP, "/v1/requests/a-1" + hint).statusCode())
                        .as("another tenant's")
                        .isEqualTo(404);
            }
        }
    }

    @Test
    @Order(2)
    void aRepeatIsSentOnceWhoeverTakesIt() throws Exception {
        String first = post(one, WEB, request("b-1")).body();
        assertThat(post(one, WEB, request("b-1")).body()).isEqualTo(first);
        assertThat(post(other, WEB, request("b-1")).statusCode())
                .as("who does not remember it writes it again")
                .isEqualTo(202);
        assertThat(post(one, WEB, request("b-1").replace("000000", "000001")).statusCode())
                .isEqualTo(409);
        assertThat(post(other, WEB, request("b-2")).statusCode()).isEqualTo(202);

        await().atMost(LONG).until(() -> statuses.isOver("b-1") && statuses.isOver("b-2"));
        assertThat(statuses.told("b-1")).hasSize(1);
    }

    @Test
    @Order(3)
    void aTenantSendsWhatItMayByHttpAndByKafka() throws Exception {
        HttpResponse<String> abroad = post(one, SHOP, request("c-x").replace(NUMBER, "+447700900142"));
        assertThat(abroad.statusCode()).isEqualTo(403);
        assertThat(abroad.body()).contains("\"field\":\"to\"");
        assertThat(post(one, SHOP, request("c-y").replace("{", "{\"sender\":\"Other\","))
                        .body())
                .contains("\"field\":\"sender\"");

        List<Integer> answers = new ArrayList<>();
        List<String> letIn = new ArrayList<>();
        await().atMost(LONG).pollInterval(Duration.ofMillis(20)).until(() -> {
            String id = "c-" + answers.size();
            int answer = post(answers.size() % 2 == 0 ? other : one, SHOP, request(id))
                    .statusCode();
            answers.add(answer);
            if (answer == 202) {
                letIn.add(id);
            }
            return letIn.size() == 8;
        });
        assertThat(answers).contains(202, 429).isSubsetOf(202, 429);
        await().atMost(LONG).until(() -> letIn.stream().allMatch(statuses::isOver));
        assertThat(letIn.stream().map(HttpIT::reason))
                .as("two instances let in more than their owner would, and it does not count them again")
                .containsOnly("submitted ");

        int asked = 50; // more than two in each second of both windows of ten that they may fall into
        RequestStream kafka = platform.requests("k-");
        for (int i = 0; i < asked; i++) {
            kafka.ask(300, fields -> fields.put("to", NUMBER).put("tenant", "shop"));
        }
        kafka.ask(300, fields -> fields.put("to", "+447700900142").put("tenant", "shop"));
        kafka.flush();
        await().atMost(LONG).until(() -> kafka.asked().stream().allMatch(each -> statuses.isOver(each.requestId())));
        assertThat(reason("k-" + asked)).isEqualTo("rejected denied");
        assertThat(kafka.asked().stream().limit(asked).map(each -> reason(each.requestId())))
                .contains("submitted ", "rejected limit");
    }

    @Test
    @Order(4)
    @Timeout(120) // the time limit of a request is over with its head
    void aStreamTellsAllUntilTheFinalOnAnyInstance() throws Exception {
        Platform.get(platform.provider("twilio-main").behave(Behavior.of(Mode.status(500))));
        String source = JSON.readTree(post(one, WEB, request("d-1")).body())
                .path("source")
                .asText();
        for (String path : List.of("/v1/requests/d-1/events?source=" + source, "/v1/requests/d-1/events")) {
            for (Gateway any : List.of(one, other)) {
                await().atMost(LONG).until(() -> get(any, WEB, path).statusCode() == 200);
                List<String> lines = get(any, WEB, path).body().lines().toList();
                assertThat(lines.stream().filter(line -> line.startsWith("data: ")))
                        .hasSize(2)
                        .anyMatch(line -> line.contains("\"status\":\"attempt_failed\""))
                        .last()
                        .asString()
                        .contains("\"status\":\"submitted\"");
            }
        }
        Platform.get(platform.provider("twilio-main").behave(Behavior.healthy()));
    }

    @Test
    @Order(5)
    void whatNobodyKnowsIs404AndSaysHowFarWasLooked() throws Exception {
        HttpResponse<String> unknown = get(one, WEB, "/v1/requests/nothing");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).contains("30 minutes").contains("source");
        assertThat(get(one, WEB, "/v1/requests/a-1?source=3:999999").statusCode())
                .isIn(200, 404);
        assertThat(get(one, WEB, "/v1/requests/nothing?source=77:1").statusCode())
                .isEqualTo(404);
        String source = JSON.readTree(post(one, WEB, request("e-1")).body())
                .path("source")
                .asText();
        await().atMost(LONG).until(() -> statuses.isOver("e-1"));
        assertThat(get(other, WEB, "/v1/requests/another?source=" + source).statusCode())
                .as("another's place")
                .isEqualTo(404);
    }

    @Test
    @Order(6)
    void availabilityIsToldOnEveryInstance() throws Exception {
        for (Gateway any : List.of(one, other)) {
            await().atMost(LONG)
                    .until(() -> get(any, WEB, "/v1/availability/US").body().contains("\"requests\":"));
            JsonNode us = JSON.readTree(get(any, WEB, "/v1/availability/US").body());
            assertThat(us.path("country").asText()).isEqualTo("US");
            assertThat(us.path("state").asText()).isIn("ok", "degraded", "down");
        }
    }

    @Test
    @Order(7)
    void withoutItsBrokerItSaysSoInTimeAndGoesOnAfterwards() throws Exception {
        platform.broker().stop();
        long begun = System.nanoTime();
        HttpResponse<String> answer = post(one, WEB, request("f-1"));

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("5");
        assertThat(JSON.readTree(answer.body()).path("advice").path("next").asText())
                .isIn("retry", "other_factor");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(30));

        platform.broker().startAgain();
        await().atMost(LONG).until(() -> post(one, WEB, request("f-1")).statusCode() == 202);
        await().atMost(LONG).until(() -> statuses.isOver("f-1"));
        assertThat(statuses.told("f-1").stream().filter(Told::isFinal)).hasSize(1);
    }

    @Test
    @Order(8)
    @Timeout(120) // the time limit of a request is over with its head
    void aStopEndsWhoFollows() throws Exception {
        Platform.get(platform.provider("twilio-main").behave(Behavior.of(Mode.status(500))));
        Platform.get(platform.provider("sns-eu").behave(Behavior.of(Mode.status(500))));
        await().atMost(LONG).until(() -> post(one, WEB, request("g-1")).statusCode() == 202);
        await().atMost(LONG).until(() -> get(one, WEB, "/v1/requests/g-1").statusCode() == 200); // it hears again
        HttpResponse<InputStream> stream =
                HTTP.send(ask(one, WEB, "/v1/requests/g-1/events").build(), BodyHandlers.ofInputStream());
        assertThat(stream.statusCode()).isEqualTo(200);
        BufferedReader reader = new BufferedReader(new InputStreamReader(stream.body(), UTF_8));
        while (!reader.readLine().contains("attempt_failed")) {
            // until something was told: it is followed now
        }

        Platform.get(one.stop());
        assertThat(reader.lines()).noneMatch(line -> line.contains("\"final\":true"));
    }

    private static String reason(String requestId) {
        Told end = statuses.finalOf(requestId).orElseThrow();
        return end.status() + " " + end.event().path("reason").path("class").asText("");
    }

    private static String request(String requestId) {
        return "{\"requestId\":\"%s\",\"to\":\"%s\",\"text\":\"000000 is your code.\"}".formatted(requestId, NUMBER);
    }

    private static HttpResponse<String> post(Gateway gateway, String token, String body)
            throws IOException, InterruptedException {
        return HTTP.send(
                ask(gateway, token, "/v1/requests")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(Gateway gateway, String token, String path)
            throws IOException, InterruptedException {
        return HTTP.send(ask(gateway, token, path).build(), BodyHandlers.ofString());
    }

    private static HttpRequest.Builder ask(Gateway gateway, String token, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.webPort() + path))
                .timeout(LONG)
                .header("Authorization", "Bearer " + token);
    }

    private static final class Lines extends AppenderBase<ILoggingEvent> {
        final Queue<String> lines = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getFormattedMessage()
                    + (event.getThrowableProxy() == null
                            ? ""
                            : event.getThrowableProxy().getMessage()));
        }
    }
}
