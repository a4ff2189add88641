package dev.petrel.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.guarantees.RequestStream;
import dev.petrel.guarantees.StatusReader;
import dev.petrel.simulator.Behavior;
import dev.petrel.simulator.Mode;
import dev.petrel.testing.EmbeddedBroker;
import dev.petrel.testing.Platform;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What an operator sees of two gateways, asked at one of them. */
class ConsoleIT {
    private static final String SECRET = "secret-of-nobody-000000-000000-000000";
    private static final String WITH_TOKEN = "  management: { port: 0, tokens: \"alice:" + SECRET + "\" }\n";
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final List<String> RECIPIENTS = List.of("+12025550199", "+447400123456");

    private final HttpClient client = HttpClient.newHttpClient();
    private Gateway asked;
    private int turn;

    @Test
    void showsWhoFailsWhereSinceWhenAndWhatWasDoneForTheWholeCluster() throws Exception {
        try (Platform platform = Platform.on(EmbeddedBroker.shared());
                RequestStream requests = platform.requests("console-");
                StatusReader statuses = platform.statuses(event -> {})) {
            asked = platform.gateway(WITH_TOKEN);
            Gateway other = platform.gateway(WITH_TOKEN);
            requests.start(50, fields -> fields.put("to", RECIPIENTS.get(turn++ % 2)));
            await().atMost(LONG).until(() -> statuses.finals() > 200);

            await().atMost(LONG).untilAsserted(() -> {
                JsonObject board = board();
                assertThat(board.getJsonObject("verdict").getString("level")).isEqualTo("ok");
                assertThat(ids(board, "instances", "instance")).containsExactly("petrel-0", "petrel-1");
                assertThat(board.getJsonArray("unowned")).isEmpty();
                assertThat(cell(board, "GB").getString("health")).isEqualTo("ok");
                assertThat(cell(board, "US").getInteger("attempts"))
                        .isEqualTo(cell(board, "US").getInteger("taken"));
            });

            Instant died = Instant.now();
            long nanos = System.nanoTime();
            Platform.get(platform.provider("twilio-main").behave(Behavior.of(Mode.blackHole())));
            await().atMost(LONG).until(() -> !board().getJsonArray("findings").isEmpty());
            System.out.printf(
                    "seconds from a provider's death to the board: %.1f%n",
                    (System.nanoTime() - nanos) / (double) TimeUnit.SECONDS.toNanos(1));
            await().atMost(LONG).untilAsserted(() -> {
                JsonObject board = board();
                JsonObject finding = finding(board, "provider/twilio-main");
                assertThat(finding.getString("title")).isEqualTo("twilio-main fails in GB, US");
                assertThat(finding.getInstant("since")).isBetween(died.minusSeconds(1), Instant.now());
                assertThat(finding.getString("what")).matches("[0-9]+ of [0-9]+: no answer in time");
                assertThat(finding.getString("done"))
                        .matches("its breaker is open at [12] of 2 instances; codes go to sns-eu instead .*");
                assertThat(finding.getJsonObject("order").getString("provider")).isEqualTo("twilio-main");
                assertThat(decisions(board))
                        .anyMatch(words -> words.matches(
                                "US: twilio-main → sns-eu, breaker open: [0-9]+ of [0-9]+: no answer in time"));
            });

            Platform.get(platform.provider("twilio-main").behave(Behavior.healthy()));
            await().atMost(LONG).untilAsserted(() -> {
                assertThat(board().getJsonArray("findings")).isEmpty();
                assertThat(cell(board(), "US").getString("health")).isEqualTo("ok");
            });

            Platform.get(other.stop());
            await().atMost(LONG).untilAsserted(() -> {
                assertThat(ids(board(), "instances", "instance")).containsExactly("petrel-0");
                assertThat(board().getJsonArray("unowned")).isEmpty();
            });
            requests.pause();
            requests.flush();
            assertThat(board().encode()).doesNotContain("2025550199", "7400123456");
        }
    }

    private JsonObject board() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + asked.managementPort() + "/v1/console"))
                .header("Authorization", "Bearer " + SECRET)
                .build();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        return answer.statusCode() == 429 // the poll of a test is too quick for an operator
                ? board()
                : new JsonObject(answer.body());
    }

    private static List<String> ids(JsonObject board, String part, String field) {
        return objects(board, part).map(each -> each.getString(field)).toList();
    }

    private static JsonObject cell(JsonObject board, String country) {
        return objects(board, "cells")
                .filter(cell -> cell.getString("provider").equals("twilio-main")
                        && cell.getString("country").equals(country))
                .findFirst()
                .orElseThrow();
    }

    private static JsonObject finding(JsonObject board, String key) {
        return objects(board, "findings")
                .filter(finding -> finding.getString("key").equals(key))
                .findFirst()
                .orElseThrow();
    }

    private static Stream<String> decisions(JsonObject board) {
        return objects(board, "decisions")
                .map(each -> each.getString("country") + ": " + each.getString("from") + " → " + each.getString("to")
                        + ", " + each.getString("words"));
    }

    private static Stream<JsonObject> objects(JsonObject board, String part) {
        return board.getJsonArray(part, new JsonArray()).stream().map(JsonObject.class::cast);
    }
}
