package dev.petrel.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.guarantees.StatusReader;
import dev.petrel.guarantees.Told;
import dev.petrel.message.AttemptTicket;
import dev.petrel.receipt.CallbackKeys;
import dev.petrel.receipt.CallbackTokens;
import dev.petrel.receipt.CallbackUrls;
import dev.petrel.testing.FreePorts;
import dev.petrel.testing.Platform;
import dev.petrel.web.PublicUrl;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class ReceiptsIT {
    private static final String KEYS = "k1:" + "0".repeat(32);

    @Test
    void aGatewayWithAPublicUrlTakesReceiptsFromItsStartToItsStop() throws Exception {
        int port = FreePorts.next();
        URI publicUrl = URI.create("http://127.0.0.1:" + port);
        Vertx vertx = Vertx.vertx();
        PublicUrl self = new PublicUrl(vertx, publicUrl);
        try (Platform platform = Platform.start();
                StatusReader statuses = platform.statuses(event -> {})) {
            Gateway gateway = platform.gateway("""
                      web: { port: %d, host: 127.0.0.1, public-url: "%s" }
                      receipts: { keys: "%s" }
                    """.formatted(port, publicUrl, KEYS));
            assertThat(gateway.webhookPort()).isEqualTo(port);
            assertThat(Platform.get(self.reachable())).isTrue();

            Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
            URI url = new CallbackUrls(publicUrl, new CallbackTokens(CallbackKeys.parse(KEYS), Duration.ofMinutes(10)))
                    .apply(new AttemptTicket(
                            "request-1",
                            0,
                            0,
                            "a1",
                            1,
                            1,
                            "twilio-main",
                            "US",
                            "+1•••••••32",
                            now,
                            now.plusSeconds(60)));
            assertThat(post(url)).isEqualTo(204);
            await().until(() -> !statuses.told("request-1").isEmpty());

            Told receipt = statuses.told("request-1").get(0);
            assertThat(receipt.status()).isEqualTo("receipt");
            assertThat(receipt.event().path("receipt").asText()).isEqualTo("delivered");
            assertThat(Platform.metrics(gateway)).contains("petrel_receipts_total{provider=\"twilio-main\"");

            Platform.get(gateway.stop());
            assertThat(Platform.get(self.reachable())).isFalse();
        } finally {
            Platform.get(vertx.close());
        }
    }

    private static int post(URI url) throws Exception {
        Map<String, String> fields = new TreeMap<>(Map.of(
                "AccountSid",
                "AC00000000000000000000000000000000",
                "MessageSid",
                "SM00000000000000000000000000000001",
                "MessageStatus",
                "delivered"));
        StringBuilder signed = new StringBuilder(url.toString());
        fields.forEach((name, value) -> signed.append(name).append(value));
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(Platform.AUTH_TOKEN.getBytes(UTF_8), "HmacSHA1"));
        HttpRequest request = HttpRequest.newBuilder(url)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header(
                        "X-Twilio-Signature",
                        Base64.getEncoder()
                                .encodeToString(mac.doFinal(signed.toString().getBytes(UTF_8))))
                .POST(HttpRequest.BodyPublishers.ofString(fields.entrySet().stream()
                        .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
                        .collect(Collectors.joining("&"))))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
