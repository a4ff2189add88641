package dev.petrel.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.petrel.metrics.Alert;
import dev.petrel.metrics.Meters;
import dev.petrel.metrics.ProcessMeters;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ManagementServerIT {
    private final Vertx vertx = Vertx.vertx();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<String, Boolean> checks = new ConcurrentHashMap<>(Map.of("group", true, "replay", true));
    private final ManagementServer server =
            new ManagementServer(vertx, new ManagementConfig(0, "127.0.0.1", Tokens.none()), registry, () -> checks);
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeEach
    void start() throws TimeoutException {
        server.start().await(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() throws TimeoutException {
        server.stop().await(10, TimeUnit.SECONDS);
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    @Test
    void isAliveAsLongAsItAnswers() throws IOException, InterruptedException {
        checks.put("replay", false);

        assertThat(get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void isReadyOnceNothingIsMissing() throws IOException, InterruptedException {
        HttpResponse<String> response = get("/health/ready");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("{\"ready\":true,\"missing\":[]}");
    }

    @Test
    void saysWhatIsMissing() throws IOException, InterruptedException {
        checks.put("replay", false);

        HttpResponse<String> response = get("/health/ready");

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("content-type")).contains("application/json");
        assertThat(response.body()).isEqualTo("{\"ready\":false,\"missing\":[\"replay\"]}");
    }

    @Test
    void showsWhatPetrelAndItsProcessCount() throws IOException, InterruptedException {
        Meters meters = new Meters(registry);
        meters.alert(Alert.GEO_BLOCKED);
        try (ProcessMeters process = new ProcessMeters(registry)) {
            HttpResponse<String> response = get("/metrics");

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("content-type"))
                    .contains("text/plain; version=0.0.4; charset=utf-8");
            assertThat(response.body())
                    .contains("petrel_alerts_total{kind=\"geo_blocked\"} 1.0")
                    .contains("jvm_memory_used_bytes{")
                    .contains("process_cpu_usage")
                    .contains("jvm_threads_live_threads");
            assertThat(process).isNotNull();
        }
    }

    @Test
    void answersJsonForWhatIsNotThere() throws IOException, InterruptedException {
        HttpResponse<String> response = get("/");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).isEqualTo("{\"error\":\"there is nothing here\"}");
        assertThat(response.headers().map().keySet()).containsExactlyInAnyOrder("content-length", "content-type");
    }

    @Test
    void answersGetOnly() throws IOException, InterruptedException {
        HttpResponse<String> response = send(HttpRequest.newBuilder(uri("/health/live"))
                .POST(HttpRequest.BodyPublishers.ofString("x"))
                .build());

        assertThat(response.statusCode()).isEqualTo(405);
    }

    @Test
    void aCheckThatThrowsIsNotToldOutside() throws IOException, InterruptedException, TimeoutException {
        ManagementServer broken =
                new ManagementServer(vertx, new ManagementConfig(0, "127.0.0.1", Tokens.none()), registry, () -> {
                    throw new IllegalStateException("inside");
                });
        broken.start().await(10, TimeUnit.SECONDS);

        HttpResponse<String> response =
                send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + broken.port() + "/health/ready"))
                        .build());

        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(response.body()).isEqualTo("{\"error\":\"this did not work; the log says why\"}");
    }

    @Test
    void saysWhichPortIsTaken() throws TimeoutException {
        // Within one Vert.x two servers would share the port.
        Vertx another = Vertx.vertx();
        ManagementServer second = new ManagementServer(
                another, new ManagementConfig(server.port(), "127.0.0.1", Tokens.none()), registry, () -> checks);

        assertThatThrownBy(() -> second.start().await(10, TimeUnit.SECONDS))
                .hasMessage(
                        "can't listen on 127.0.0.1:" + server.port()
                                + " (petrel.management.host, petrel.management.port): it is taken, or no address of this machine");
        second.stop().await(10, TimeUnit.SECONDS);
        another.close().await(10, TimeUnit.SECONDS);
    }

    @Test
    void stopsMoreThanOnce() throws TimeoutException {
        server.stop().await(10, TimeUnit.SECONDS);
        server.stop().await(10, TimeUnit.SECONDS);

        assertThatThrownBy(() -> get("/health/live")).isInstanceOf(IOException.class);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(path)).build());
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }
}
