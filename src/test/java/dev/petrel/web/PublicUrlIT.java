package dev.petrel.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.metrics.Meters;
import dev.petrel.testing.Loop;
import dev.petrel.testing.Platform;
import dev.petrel.time.VertxTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.JksOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublicUrlIT {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @TempDir
    private Path folder;

    @Test
    void theCertificatesEndIsTold() throws Exception {
        JksOptions store = selfSigned();
        try (Loop loop = new Loop()) {
            HttpServer server =
                    server(loop, new HttpServerOptions().setSsl(true).setKeyCertOptions(store));
            URI url = URI.create("https://localhost:" + server.actualPort());
            PublicUrl trusting = loop.call(
                    () -> new PublicUrl(loop.context().owner(), url, new HttpClientOptions().setTrustOptions(store)));
            watch(loop, trusting);

            Awaitility.await().until(() -> gauge("petrel.public.url.reachable") == 1);
            Instant end = Instant.ofEpochSecond((long) gauge("petrel.public.url.certificate.end"));
            assertThat(end)
                    .isBetween(
                            Instant.now().plus(Duration.ofDays(29)),
                            Instant.now().plus(Duration.ofDays(31)));
        }
    }

    @Test
    void aCertificateThatNobodyTrustsIsNotReachable() throws Exception {
        JksOptions store = selfSigned();
        try (Loop loop = new Loop()) {
            HttpServer server =
                    server(loop, new HttpServerOptions().setSsl(true).setKeyCertOptions(store));
            URI url = URI.create("https://localhost:" + server.actualPort());
            watch(loop, loop.call(() -> new PublicUrl(loop.context().owner(), url)));

            Awaitility.await().until(() -> gauge("petrel.public.url.reachable") == 0);
            assertThat(gauge("petrel.public.url.certificate.end")).isNaN();
        }
    }

    @Test
    void withoutTlsThereIsNoCertificateToTellOf() throws Exception {
        try (Loop loop = new Loop()) {
            HttpServer server = server(loop, new HttpServerOptions());
            URI url = URI.create("http://localhost:" + server.actualPort());
            watch(loop, loop.call(() -> new PublicUrl(loop.context().owner(), url)));

            Awaitility.await().until(() -> gauge("petrel.public.url.reachable") == 1);
            assertThat(registry.find("petrel.public.url.certificate.end").gauge())
                    .isNull();
        }
    }

    private void watch(Loop loop, PublicUrl url) {
        Vertx vertx = loop.context().owner();
        loop.run(() -> new PublicUrlWatch(url, new VertxTime(vertx), new Meters(registry)).start());
    }

    private static HttpServer server(Loop loop, HttpServerOptions options) throws Exception {
        return Platform.get(loop.context()
                .owner()
                .createHttpServer(options)
                .requestHandler(request -> {
                    var unused = request.response().setStatusCode(204).end();
                })
                .listen(0, "localhost"));
    }

    private double gauge(String name) {
        return registry.get(name).gauge().value();
    }

    private JksOptions selfSigned() throws Exception {
        Path store = folder.resolve("store.jks");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keystore",
                        store.toString(),
                        "-storetype",
                        "JKS",
                        "-storepass",
                        "invented",
                        "-keypass",
                        "invented",
                        "-alias",
                        "petrel",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-validity",
                        "30")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.txt").toFile())
                .start();
        assertThat(keytool.waitFor()).isZero();
        return new JksOptions().setPath(store.toString()).setPassword("invented");
    }
}
