package dev.petrel.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.delivery.Explanation;
import dev.petrel.message.NumberPlan;
import dev.petrel.metrics.Meters;
import dev.petrel.testing.DeliveryStage;
import dev.petrel.testing.Platform;
import dev.petrel.web.AdminTokens;
import dev.petrel.web.ExplainApi;
import dev.petrel.web.ManagementConfig;
import dev.petrel.web.ManagementServer;
import dev.petrel.web.Tokens;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a delivery is asked on its own event loop, by a server on another. */
class OperatorDeskIT {
    private static final String SECRET = "secret-of-nobody-000000-000000-000000";

    @TempDir
    private Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Meters meters = new Meters(registry);
    private final DeliveryStage stage = DeliveryStage.ab();
    /** Whether each answer came back on the context that had asked. */
    private final Queue<Boolean> atHome = new ConcurrentLinkedQueue<>();

    private ManagementServer server;

    @BeforeEach
    void start() throws Exception {
        Settings settings =
                Settings.read(Files.writeString(directory.resolve("petrel.yaml"), """
                        petrel:
                          kafka: { bootstrap-servers: "kafka.invalid:9092" }
                          providers: { a: { type: sns, region: eu-west-1 }, b: { type: sns, region: eu-west-1 } }
                          routes: [ { providers: [a, b] } ]
                        """), Map.of("HOSTNAME", "one"));
        Tokens tokens = Tokens.parse("alice:" + SECRET);
        server = new ManagementServer(vertx, new ManagementConfig(0, "127.0.0.1", tokens), registry, Map::of);
        AdminTokens admins = new AdminTokens(() -> tokens, meters);
        OperatorDesk desk = new OperatorDesk(settings, () -> settings, vertx, server, admins, meters, stop -> {});
        Context loop = vertx.getOrCreateContext();
        server.mount(new ExplainApi(
                admins,
                new NumberPlan(),
                question -> {
                    Context asking = Vertx.currentContext();
                    Future<Explanation> answer = desk.explained(question, stage.delivery, loop, stage.time);
                    return answer.andThen((explanation, stray) -> atHome.add(Vertx.currentContext() == asking));
                },
                meters));
        Platform.get(server.start());
    }

    @AfterEach
    void stop() throws Exception {
        Platform.get(server.stop());
        Platform.get(vertx.close());
    }

    @Test
    void anExplanationComesBackToWhoeverAsked() throws Exception {
        HttpResponse<String> response = explain();

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("\"first\":\"a\"");
        assertThat(atHome).containsExactly(true);
    }

    @Test
    void anExplanationThatFailsIsAnsweredToo() throws Exception {
        stage.config.clear(); // a provider without limits throws

        HttpResponse<String> response = explain();

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).isEqualTo("{\"error\":\"this did not work; the log says why\"}");
        assertThat(atHome).containsExactly(true);
        assertThat(registry.scrape()).contains("petrel_admin_calls_total{answer=\"failed\"} 1.0");
    }

    private HttpResponse<String> explain() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/v1/explain"))
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", "Bearer " + SECRET)
                .POST(HttpRequest.BodyPublishers.ofString("{\"to\":\"+12025550142\"}"))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }
}
