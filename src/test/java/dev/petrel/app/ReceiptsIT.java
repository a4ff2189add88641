package dev.petrel.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.config.Secret;
import dev.petrel.guarantees.StatusReader;
import dev.petrel.guarantees.Told;
import dev.petrel.message.AttemptTicket;
import dev.petrel.message.Msisdn;
import dev.petrel.message.Submission;
import dev.petrel.message.SubmitResult;
import dev.petrel.provider.twilio.TwilioConfig;
import dev.petrel.provider.twilio.TwilioProvider;
import dev.petrel.receipt.CallbackKeys;
import dev.petrel.receipt.CallbackTokens;
import dev.petrel.receipt.CallbackUrls;
import dev.petrel.simulator.SimulatedProvider;
import dev.petrel.testing.FreePorts;
import dev.petrel.testing.Loop;
import dev.petrel.testing.Platform;
import dev.petrel.time.VertxTime;
import dev.petrel.web.PublicUrl;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReceiptsIT {
    private static final String KEYS = "k1:" + "0".repeat(32);

    @Test
    void aGatewayWithAPublicUrlTakesReceiptsFromItsStartToItsStop() throws Exception {
        int port = FreePorts.next();
        URI publicUrl = URI.create("http://127.0.0.1:" + port);
        try (Platform platform = Platform.start();
                Loop loop = new Loop();
                StatusReader statuses = platform.statuses(event -> {})) {
            PublicUrl self = new PublicUrl(loop.context().owner(), publicUrl);
            Gateway gateway = platform.gateway("""
                      web: { port: %d, host: 127.0.0.1, public-url: "%s" }
                      receipts: { keys: "%s" }
                    """.formatted(port, publicUrl, KEYS));
            assertThat(gateway.webPort()).isEqualTo(port);
            assertThat(Platform.get(self.reachable())).isTrue();

            SimulatedProvider twilio = platform.provider("twilio-main");
            submit(loop, twilio, publicUrl);
            assertThat(Platform.get(twilio.callback(twilio.calls().get(0), "undelivered", "30003")))
                    .isEqualTo(204);
            await().until(() -> statuses.told("request-1").stream()
                    .anyMatch(told -> told.event().path("receipt").asText().equals("undeliverable")));

            assertThat(statuses.told("request-1")).extracting(Told::status).containsOnly("receipt");
            assertThat(Platform.metrics(gateway)).contains("petrel_receipts_total{provider=\"twilio-main\"");

            Platform.get(gateway.stop());
            assertThat(Platform.get(self.reachable())).isFalse();
        }
    }

    /** As an attempt would. */
    private static void submit(Loop loop, SimulatedProvider twilio, URI publicUrl) throws Exception {
        Vertx vertx = loop.context().owner();
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        Instant expiresAt = now.plusSeconds(60);
        URI callback = new CallbackUrls(
                        publicUrl, new CallbackTokens(() -> CallbackKeys.parse(KEYS), Duration.ofMinutes(10)))
                .apply(new AttemptTicket(
                        "request-1", 0, 0, "a1", 1, 1, "twilio-main", "US", "+1•••••••32", now, expiresAt));
        TwilioProvider account = loop.call(() -> new TwilioProvider(
                vertx,
                new TwilioConfig(
                        "twilio-main",
                        "AC00000000000000000000000000000000",
                        new Secret(Platform.AUTH_TOKEN),
                        null,
                        "+15005550006",
                        URI.create(twilio.url()),
                        10,
                        Duration.ofSeconds(3),
                        Map.of()),
                new VertxTime(vertx)));
        SubmitResult result = Platform.get(loop.call(() -> account.submit(new Submission(
                "a1",
                1,
                new Msisdn("+14155550132"),
                "000000 is your test code.",
                null,
                Duration.ofSeconds(3),
                expiresAt,
                callback))));
        assertThat(result).isInstanceOf(SubmitResult.Accepted.class);
    }
}
