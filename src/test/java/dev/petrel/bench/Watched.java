package dev.petrel.bench;

import dev.petrel.app.Settings;
import dev.petrel.kafka.ConsoleTail;
import dev.petrel.kafka.KafkaClients;
import dev.petrel.metrics.Meters;
import dev.petrel.testing.Platform;
import dev.petrel.time.VertxTime;
import dev.petrel.web.AdminTokens;
import dev.petrel.web.ConsoleApi;
import dev.petrel.web.ManagementConfig;
import dev.petrel.web.ManagementServer;
import dev.petrel.web.Tokens;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The gateway, and somebody who looks at the console in the same process. What was before the round is read before it
 * begins: the round shows what it costs to go on looking.
 */
final class Watched implements Variant {
    private static final String SECRET = "0".repeat(32);

    private final Petrel petrel;
    private Vertx vertx;
    private ConsoleApi console;

    Watched(Place place) {
        this.petrel = Petrel.plain(place);
    }

    @Override
    public String name() {
        return "watched";
    }

    @Override
    public String outcome() {
        return petrel.outcome();
    }

    @Override
    public void start(String requestTopic) throws Exception {
        vertx = Vertx.vertx();
        look(petrel.settings(requestTopic));
        petrel.start(requestTopic);
    }

    private void look(Settings settings) throws Exception {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        Meters meters = new Meters(registry);
        Tokens tokens = Tokens.parse("bench:" + SECRET);
        ManagementServer server =
                new ManagementServer(vertx, new ManagementConfig(0, "127.0.0.1", tokens), registry, Map::of);
        console = new ConsoleApi(
                vertx,
                new AdminTokens(() -> tokens, meters),
                "bench",
                boards -> {
                    ConsoleTail tail = new ConsoleTail(
                            new KafkaClients(settings.kafka()),
                            settings.kafka().topics(),
                            List::of,
                            vertx.getOrCreateContext(),
                            new VertxTime(vertx),
                            boards,
                            Throwable::printStackTrace);
                    return tail::close;
                },
                JsonArray::new,
                meters);
        server.mount(console);
        Platform.get(server.start());
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.port() + "/v1/console/stream"))
                .header("Authorization", "Bearer " + SECRET)
                .build();
        InputStream stream = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .send(request, HttpResponse.BodyHandlers.ofInputStream())
                .body();
        BufferedReader lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
        while (!lines.readLine().contains("\"reading\":null")) {
            // what was before
        }
        Thread reader = new Thread(() -> readOn(lines), "bench-viewer");
        reader.setDaemon(true);
        reader.start();
    }

    private static void readOn(BufferedReader lines) {
        try {
            while (lines.readLine() != null) {
                // as a browser does
            }
        } catch (IOException ended) {
            // the round is over
        }
    }

    @Override
    public void stop() throws Exception {
        petrel.stop();
        Platform.get(console.close());
        Platform.get(vertx.close());
    }
}
