package dev.petrel.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.testing.EmbeddedBroker;
import dev.petrel.testing.Platform;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Where a code would go, asked of a gateway that runs. */
class ExplainIT {
    private static final String SECRET = "secret-of-nobody-000000-000000-000000";
    private static final String NUMBER = "+12025550142";
    private static final Duration LONG = Duration.ofSeconds(30);

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void saysWhichWayACodeWouldGoAndSendsNothing() throws Exception {
        try (Platform platform = Platform.on(EmbeddedBroker.shared())) {
            Gateway gateway = platform.gateway("  management: { port: 0, tokens: \"alice:" + SECRET + "\" }\n");

            JsonObject calm = explained(gateway, "{\"to\":\"" + NUMBER + "\"}");
            assertThat(calm.getString("to")).isEqualTo("+1•••••••42");
            assertThat(calm.getString("country")).isEqualTo("US");
            assertThat(calm.getString("route")).isEqualTo("*");
            assertThat(calm.getString("first")).isEqualTo("twilio-main");
            assertThat(calm.getJsonArray("ways").encode())
                    .isEqualTo("[{\"provider\":\"twilio-main\"},{\"provider\":\"sns-eu\"}]");

            order(gateway, "{\"kind\":\"drain\",\"provider\":\"twilio-main\",\"country\":\"US\"");
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(explained(gateway, "{\"to\":\"" + NUMBER + "\"}")
                                    .encode())
                            .contains("\"passedOver\":\"drained\",\"why\":\"an operator has it drained\"")
                            .contains("\"first\":\"sns-eu\""));
            assertThat(typed(gateway))
                    .containsExactly(
                            "to +1•••••••42 (US), route *",
                            "1. twilio-main: passed over: an operator has it drained (drained)",
                            "2. sns-eu: tried first",
                            "would go to sns-eu first");
            assertThat(explained(gateway, "{\"to\":\"" + NUMBER + "\",\"providers\":[\"twilio-main\"]}")
                            .encode())
                    .contains("\"route\":null", "\"first\":null", "nobody may be tried now");
            order(gateway, "{\"kind\":\"stop-country\",\"country\":\"US\"");
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(explained(gateway, "{\"to\":\"" + NUMBER + "\"}")
                                    .encode())
                            .contains("\"refused\":{\"status\":\"rejected\",\"class\":\"denied\""));
            assertThat(typed(gateway)).last().asString().startsWith("would not be sent: rejected, denied: ");

            assertThat(platform.provider("twilio-main").calls()).isEmpty();
            assertThat(platform.provider("sns-eu").calls()).isEmpty();
        }
    }

    @Test
    void refusesWhatItCannotReadWithoutRepeatingIt() throws Exception {
        try (Platform platform = Platform.on(EmbeddedBroker.shared())) {
            Gateway gateway = platform.gateway("  management: { port: 0, tokens: \"alice:" + SECRET + "\" }\n");

            assertRefused(gateway, "{\"to\":\"2025550142\"}", 400, "to");
            assertRefused(gateway, "{\"to\":17}", 400, "to");
            assertRefused(gateway, "{}", 400, "to");
            assertRefused(gateway, "{\"to\":\"" + NUMBER + "\",\"tenant\":\"No Such\"}", 400, "tenant");
            assertRefused(gateway, "{\"to\":\"" + NUMBER + "\",\"providers\":[]}", 400, "providers");
            assertRefused(gateway, "{\"to\":\"" + NUMBER + "\",\"" + NUMBER + "\":1}", 400, "body");
            assertRefused(gateway, "2025550142", 400, "body");
            assertRefused(gateway, "{\"to\":\"" + "x".repeat(5000) + "\"}", 413, null);
            assertThat(call(gateway, "/v1/explain", "{}", "wrong").statusCode()).isEqualTo(401);
        }
    }

    /** What the command prints. */
    private static List<String> typed(Gateway gateway) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream lines = new PrintStream(out, true, UTF_8);
        String url = "http://127.0.0.1:" + gateway.managementPort();
        int exit = new Main(Map.of("PETREL_TOKEN", SECRET), lines, lines)
                .run(List.of("explain", "--to", NUMBER, "--url", url));
        assertThat(exit).as(out.toString(UTF_8)).isEqualTo(Main.OK);
        return out.toString(UTF_8).lines().toList();
    }

    private void assertRefused(Gateway gateway, String body, int status, String field) throws Exception {
        HttpResponse<String> answer = call(gateway, "/v1/explain", body, SECRET);
        assertThat(answer.statusCode()).as(body).isEqualTo(status);
        assertThat(answer.body()).doesNotContain("2025550142", "No Such");
        assertThat(new JsonObject(answer.body()).getString("field")).as(body).isEqualTo(field);
    }

    private JsonObject explained(Gateway gateway, String body) throws Exception {
        HttpResponse<String> answer = call(gateway, "/v1/explain", body, SECRET);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).doesNotContain(NUMBER.substring(1));
        return new JsonObject(answer.body());
    }

    private void order(Gateway gateway, String order) throws Exception {
        String body = order + ",\"author\":\"alice\",\"reason\":\"a drill\",\"confirm\":true}";
        assertThat(call(gateway, "/v1/orders", body, SECRET).statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> call(Gateway gateway, String path, String body, String secret) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.managementPort() + path))
                        .timeout(LONG)
                        .header("Authorization", "Bearer " + secret)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
