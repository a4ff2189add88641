package dev.petrel.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.petrel.guarantees.StatusReader;
import dev.petrel.simulator.Behavior;
import dev.petrel.simulator.Latency;
import dev.petrel.simulator.Mode;
import dev.petrel.testing.FreePorts;
import dev.petrel.testing.Platform;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** What instances tell of requests that others took, and what they tell when they hear nothing. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HttpFeedIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration LONGER_THAN_A_QUESTION_WAITS = Duration.ofSeconds(3);
    private static final String WEB = "token-of-web-000000-000000-000000";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static Platform platform;
    private static StatusReader statuses;
    private static Gateway one;
    private static Gateway other;

    @BeforeAll
    static void start() throws Exception {
        platform = Platform.start();
        statuses = platform.statuses(event -> {});
        one = gateway();
        other = gateway();
    }

    /** A second tenant, so that this one may take half of all places. */
    private static Gateway gateway() throws Exception {
        return platform.gateway("""
                  web: { port: %d, host: 127.0.0.1, tokens: "web:%s,shop:token-of-shop-000000-000000-000000" }
                """.formatted(FreePorts.next(), WEB));
    }

    @AfterAll
    static void stop() throws Exception {
        platform.close();
    }

    @Test
    @Order(1)
    void manyAreFollowedElsewhereRightAfterTheir202AndNobodyLooksAtKafka() throws Exception {
        for (String provider : List.of("twilio-main", "sns-eu")) {
            Platform.get(platform.provider(provider)
                    .behave(Behavior.healthy().withLatency(Latency.fixed(LONGER_THAN_A_QUESTION_WAITS))));
        }
        List<CompletableFuture<HttpResponse<String>>> standings = new ArrayList<>();
        List<CompletableFuture<HttpResponse<String>>> streams = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            String id = "many-" + i;
            CompletableFuture<HttpResponse<String>> accepted =
                    HTTP.sendAsync(post(one, id, i), BodyHandlers.ofString());
            String path = "/v1/requests/" + id;
            standings.add(accepted.thenCompose(
                    answer -> HTTP.sendAsync(get(other, path + source(answer)), BodyHandlers.ofString())));
            streams.add(accepted.thenCompose(
                    answer -> HTTP.sendAsync(get(other, path + "/events" + source(answer)), BodyHandlers.ofString())));
        }

        for (CompletableFuture<HttpResponse<String>> each : standings) {
            HttpResponse<String> told = each.get(60, TimeUnit.SECONDS);
            assertThat(told.statusCode()).as(told.body()).isEqualTo(200);
            assertThat(field(told, "status")).isIn("accepted", "submitted");
        }
        assertThat(standings)
                .as("some before anything was told")
                .anyMatch(each -> field(each.join(), "status").equals("accepted"));
        for (CompletableFuture<HttpResponse<String>> each : streams) {
            HttpResponse<String> events = each.get(60, TimeUnit.SECONDS);
            assertThat(events.statusCode()).as(events.body()).isEqualTo(200);
            assertThat(events.body()).contains("\"final\":true");
        }
        assertThat(whoLooksAtKafka()).isEmpty();
    }

    /** Each of its threads is made when first there is something to look for. */
    private static List<String> whoLooksAtKafka() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.matches("petrel-http-\\d+"))
                .toList();
    }

    @Test
    @Order(2)
    void aRepeatIsToldAsTheFirstByWhoHasJustStarted() throws Exception {
        String first = source(HTTP.send(post(one, "again", 1), BodyHandlers.ofString()));
        await().atMost(LONG).until(() -> statuses.isOver("again"));
        Gateway late = gateway();
        HttpResponse<String> accepted = HTTP.send(post(late, "again", 1), BodyHandlers.ofString());
        assertThat(accepted.statusCode()).isEqualTo(202);
        assertThat(source(accepted)).as("it does not know the first").isNotEqualTo(first);

        for (Gateway any : List.of(late, other)) {
            for (String hint : List.of("", source(accepted))) {
                HttpResponse<String> told = HTTP.send(get(any, "/v1/requests/again" + hint), BodyHandlers.ofString());
                assertThat(told.statusCode()).isEqualTo(200);
                assertThat(told.body()).contains("\"submitted\"");
                assertThat(source(told)).isEqualTo(first);
            }
        }
        assertThat(whoLooksAtKafka()).as("now somebody did").isNotEmpty();
        Platform.get(late.stop());
    }

    @Test
    @Order(3)
    @Timeout(240) // the time limit of a request is over with its head
    void whoHearsNothingFromKafkaTellsNoOldNews() throws Exception {
        String over = "/v1/requests/over" + source(HTTP.send(post(one, "over", 1), BodyHandlers.ofString()));
        await().atMost(LONG).until(() -> statuses.isOver("over"));
        for (String provider : List.of("twilio-main", "sns-eu")) {
            Platform.get(platform.provider(provider).behave(Behavior.of(Mode.status(500))));
        }
        String open = "/v1/requests/open";
        assertThat(HTTP.send(post(one, "open", 1), BodyHandlers.ofString()).statusCode())
                .isEqualTo(202);
        await().atMost(LONG).until(() -> told(other, open).body().contains("attempt_failed"));
        HttpResponse<InputStream> stream = HTTP.send(get(other, open + "/events"), BodyHandlers.ofInputStream());
        BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), UTF_8));
        while (!lines.readLine().contains("attempt_failed")) {
            // until something was told: it is followed now
        }

        platform.broker().stop();
        await().atMost(LONG).until(() -> told(other, open).statusCode() == 503);
        assertThat(told(other, open).body()).contains("\"advice\"");
        assertThat(told(other, over).body()).contains("\"final\":true");
        List<String> rest =
                CompletableFuture.supplyAsync(() -> lines.lines().toList()).get(60, TimeUnit.SECONDS);
        assertThat(rest).as("ends with its next beat").noneMatch(line -> line.contains("\"final\":true"));

        platform.broker().startAgain();
        await().atMost(LONG).until(() -> told(other, open).statusCode() == 200);
    }

    private static HttpResponse<String> told(Gateway gateway, String path) throws IOException, InterruptedException {
        return HTTP.send(get(gateway, path), BodyHandlers.ofString());
    }

    /** Of a 202, as one asks for it. */
    private static String source(HttpResponse<String> answer) {
        return "?source=" + field(answer, "source");
    }

    private static String field(HttpResponse<String> answer, String name) {
        try {
            return JSON.readTree(answer.body()).path(name).asText();
        } catch (IOException noJson) {
            throw new UncheckedIOException(noJson);
        }
    }

    private static HttpRequest post(Gateway gateway, String requestId, int number) {
        String to = "+1202555%04d".formatted(100 + number % 100);
        return ask(gateway, "/v1/requests")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"requestId\":\"%s\",\"to\":\"%s\",\"text\":\"000000 is your code.\"}"
                        .formatted(requestId, to)))
                .build();
    }

    private static HttpRequest get(Gateway gateway, String path) {
        return ask(gateway, path).build();
    }

    private static HttpRequest.Builder ask(Gateway gateway, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.webPort() + path))
                .timeout(LONG)
                .header("Authorization", "Bearer " + WEB);
    }
}
