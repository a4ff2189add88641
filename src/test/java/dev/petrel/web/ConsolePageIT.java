package dev.petrel.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConsolePageIT {
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private ManagementServer server;

    @BeforeEach
    void serve() throws Exception {
        server = new ManagementServer(
                vertx,
                new ManagementConfig(0, "127.0.0.1", Tokens.none()),
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                Map::of);
        server.mount(ConsolePage.read());
        server.start().await(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    @Test
    void everyFileOfThePageIsServedAndNothingElseIsLoaded() throws Exception {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/dev/petrel/web/console"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(ConsolePage.FILES);
        }
        for (String name : ConsolePage.FILES.subList(1, ConsolePage.FILES.size())) {
            assertThat(get("/" + name, List.of()).statusCode()).as(name).isEqualTo(200);
        }
        String page = get("/", List.of()).body();
        Matcher loaded = Pattern.compile("(?:src|href)=\"(?!data:)([^#\"]+)\"").matcher(page);
        while (loaded.find()) {
            assertThat(ConsolePage.FILES).contains(loaded.group(1).replaceFirst("^/", ""));
        }
    }

    @Test
    void browsersAreToldToCallNobodyElse() throws Exception {
        HttpResponse<String> page = get("/", List.of());

        assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
        assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .startsWith("default-src 'none';")
                .contains("script-src 'self';", "connect-src 'self';", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
    }

    @Test
    void whatHasNotChangedIsNotSentAgain() throws Exception {
        String tag = get("/console.css", List.of()).headers().firstValue("ETag").orElseThrow();

        HttpResponse<String> again = get("/console.css", List.of("If-None-Match", tag));

        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
    }

    private HttpResponse<String> get(String path, List<String> headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
        for (int each = 0; each < headers.size(); each += 2) {
            request.header(headers.get(each), headers.get(each + 1));
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
