package dev.petrel.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.guarantees.Balance;
import dev.petrel.guarantees.RequestStream;
import dev.petrel.guarantees.Seen;
import dev.petrel.guarantees.StatusReader;
import dev.petrel.simulator.Behavior;
import dev.petrel.simulator.Latency;
import dev.petrel.testing.EmbeddedBroker;
import dev.petrel.testing.Platform;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Orders of operators, given at one gateway and obeyed by all. */
class OverruleIT {
    private static final String SECRET = "secret-of-nobody-000000-000000-000000";
    private static final String WITH_TOKEN = "  management: { port: 0, tokens: \"alice:" + SECRET + "\" }\n";
    private static final Duration LONG = Duration.ofSeconds(30);

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void anOrderGivenAtOneIsObeyedByTheOtherAndSurvivesARestartOfBoth() throws Exception {
        try (Platform platform = Platform.on(EmbeddedBroker.shared());
                RequestStream requests = platform.requests("overrule-");
                StatusReader statuses = platform.statuses(event -> {})) {
            Gateway one = platform.gateway(WITH_TOKEN);
            Gateway other = platform.gateway(WITH_TOKEN);

            long slowest = 0;
            for (int i = 0; i < 10; i++) {
                long before = System.nanoTime();
                give(one, "'kind':'drain','provider':'twilio-main'");
                long acknowledged = System.nanoTime();
                awaitDrains(other, 1);
                long obeyed = System.nanoTime();
                slowest = Math.max(slowest, obeyed - before);
                System.out.printf(
                        "order %d: acknowledged after %d ms, in force at the other after %d ms%n",
                        i,
                        TimeUnit.NANOSECONDS.toMillis(acknowledged - before),
                        TimeUnit.NANOSECONDS.toMillis(obeyed - before));
                lift(one, "drain/twilio-main");
                awaitDrains(other, 0);
            }
            System.out.printf("slowest %d ms%n", TimeUnit.NANOSECONDS.toMillis(slowest));

            give(other, "'kind':'drain','provider':'twilio-main'");
            give(one, "'kind':'stop-tenant','tenant':'web'");
            Platform.get(one.stop());
            Platform.get(other.stop());
            Gateway again = platform.gateway(WITH_TOKEN);
            platform.gateway(WITH_TOKEN);

            assertThat(keys(again)).containsExactly("drain/twilio-main", "stop-tenant/web");
            for (int i = 0; i < 40; i++) {
                requests.ask();
            }
            String stopped = requests.ask(300, fields -> fields.put("tenant", "web"));
            requests.flush();
            await().atMost(LONG).until(() -> statuses.finals() == 41);

            assertThat(platform.provider("twilio-main").calls()).isEmpty();
            assertThat(platform.provider("sns-eu").calls()).hasSize(40);
            assertThat(statuses.finalOf(stopped).orElseThrow().reasonClass()).isEqualTo("denied");
            assertThat(Platform.metrics(again)).contains("petrel_orders{kind=\"drain\"} 1.0");
        }
    }

    @Test
    void aDrainUnderLoadLosesNothing() throws Exception {
        try (Platform platform = Platform.on(EmbeddedBroker.shared());
                RequestStream requests = platform.requests("drain-");
                StatusReader statuses = platform.statuses(event -> {})) {
            Gateway one = platform.gateway(WITH_TOKEN);
            Gateway other = platform.gateway(WITH_TOKEN);
            Platform.get(
                    platform.provider("twilio-main").behave(Behavior.healthy().withLatency(Latency.of(100, 300))));
            requests.start(200);
            await().atMost(LONG).until(() -> statuses.finals() > 400);

            give(one, "'kind':'drain','provider':'twilio-main'");
            awaitDrains(one, 1);
            awaitDrains(other, 1);
            Instant read = Instant.now();
            int calls = platform.provider("twilio-main").calls().size();
            AtomicLong enough = new AtomicLong(statuses.finals() + 600);
            await().atMost(LONG).until(() -> statuses.finals() > enough.get());
            requests.pause();
            requests.flush();
            await().atMost(LONG)
                    .until(() -> requests.asked().stream().allMatch(asked -> statuses.isOver(asked.requestId())));

            List<Seen> late = platform.seen().stream()
                    .filter(seen ->
                            seen.provider().equals("twilio-main") && seen.at().isAfter(read.plusMillis(100)))
                    .toList();
            System.out.printf(
                    "drain under load: %d requests, %d calls of the drained provider before, %d after, %d finals%n",
                    requests.asked().size(),
                    calls,
                    platform.provider("twilio-main").calls().size() - calls,
                    statuses.finals());
            assertThat(late).isEmpty();
            assertThat(new Balance(requests.asked(), statuses.told(), platform.seen()).violations())
                    .isEmpty();
        }
    }

    /** By the page of metrics, which may be asked as often as one likes. */
    private static void awaitDrains(Gateway gateway, int count) {
        String line = "petrel_orders{kind=\"drain\"} " + count + ".0";
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .atMost(LONG)
                .until(() -> Platform.metrics(gateway).contains(line));
    }

    private void give(Gateway gateway, String fields) throws Exception {
        String body = "{" + fields.replace('\'', '"') + ",\"author\":\"alice\",\"reason\":\"drill\",\"confirm\":true}";
        HttpResponse<String> response = send(request(gateway, "")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }

    private void lift(Gateway gateway, String key) throws Exception {
        HttpResponse<String> response = send(request(gateway, "/" + key + "?author=bob&reason=over&confirm=true")
                .DELETE());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }

    private List<String> keys(Gateway gateway) throws Exception {
        return new JsonObject(send(request(gateway, "")).body())
                .getJsonArray("orders").stream()
                        .map(order -> ((JsonObject) order).getString("key"))
                        .toList();
    }

    private static HttpRequest.Builder request(Gateway gateway, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.managementPort() + "/v1/orders" + path))
                .header("Authorization", "Bearer " + SECRET);
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
