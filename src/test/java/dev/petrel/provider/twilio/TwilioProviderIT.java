package dev.petrel.provider.twilio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.config.Secret;
import dev.petrel.message.Msisdn;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.Submission;
import dev.petrel.message.SubmitResult;
import dev.petrel.provider.FakeVendor;
import dev.petrel.provider.SteadyTime;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Twilio sees of a submission. */
class TwilioProviderIT {
    private static final Instant NOW = Instant.parse("2026-11-24T04:05:00Z");
    private static final String ACCOUNT = "AC00000000000000000000000000000000";
    private static final String SERVICE = "MG00000000000000000000000000000000";

    private Vertx vertx;
    private FakeVendor fake;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        fake = new FakeVendor(vertx);
        fake.replies(FakeVendor.answer(201, "{\"sid\": \"SM00000000000000000000000000000001\"}"));
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void asksWithAllThatItWasTold() throws Exception {
        submit(
                null,
                "+15005550006",
                new Submission(
                        "a1",
                        2,
                        new Msisdn("+14155550132"),
                        "000000 ist dein Code, ü & € + %",
                        "Acme",
                        Duration.ofSeconds(20),
                        NOW.plusMillis(90_999),
                        URI.create("https://petrel.example/receipts/twilio/a1?x=1&y=2")));
        FakeVendor.Request request = fake.onlyRequest();
        assertThat(request.line()).isEqualTo("POST /2010-04-01/Accounts/" + ACCOUNT + "/Messages.json HTTP/1.1");
        assertThat(request.headers())
                .containsEntry("authorization", "Basic " + base64(ACCOUNT + ":hush"))
                .containsEntry("content-type", "application/x-www-form-urlencoded")
                .containsEntry("host", fake.uri().getAuthority());
        assertThat(request.form())
                .containsOnly(
                        Map.entry("To", "+14155550132"),
                        Map.entry("From", "Acme"),
                        Map.entry("Body", "000000 ist dein Code, ü & € + %"),
                        Map.entry("ValidityPeriod", "90"),
                        Map.entry("Attempt", "2"),
                        Map.entry("StatusCallback", "https://petrel.example/receipts/twilio/a1?x=1&y=2#rc=5&rp=all"));
    }

    @Test
    void usesItsOwnSenderWhereNoneIsNamed() throws Exception {
        submit(null, "+15005550006", submission(null, Duration.ofMinutes(2)));
        assertThat(fake.onlyRequest().form())
                .containsEntry("From", "+15005550006")
                .doesNotContainKeys("MessagingServiceSid", "StatusCallback", "Attempt");
    }

    @Test
    void leavesTheSenderToTheMessagingService() throws Exception {
        submit(SERVICE, null, submission(null, Duration.ofMinutes(2)));
        assertThat(fake.onlyRequest().form())
                .containsEntry("MessagingServiceSid", SERVICE)
                .doesNotContainKey("From");
    }

    @Test
    void namesTheSenderToTheMessagingService() throws Exception {
        submit(SERVICE, null, submission("Acme", Duration.ofMinutes(2)));
        assertThat(fake.onlyRequest().form())
                .containsEntry("MessagingServiceSid", SERVICE)
                .containsEntry("From", "Acme");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Ácme", "Acme Payments Ltd", "12", "+0123", "123456789"})
    void usesItsOwnWhereTheSenderCanNotBeTwilios(String sender) throws Exception {
        fake.replies(FakeVendor.answer(400, "{\"code\": 21212}"));
        SubmitResult result = submit(null, "+15005550006", submission(sender, Duration.ofMinutes(2)));
        assertThat(fake.onlyRequest().form()).containsEntry("From", "+15005550006");
        assertThat(Objects.requireNonNull(result.reason()).reasonClass()).isEqualTo(ReasonClass.PROVIDER_FAULT);
    }

    @ParameterizedTest
    @CsvSource({"PT0.5S, 1", "PT1.9S, 1", "PT2S, 2", "PT10H, 36000", "PT10H0.1S, 36000", "P30D, 36000"})
    void roundsTheValidityDownWithinTwiliosBounds(Duration life, String seconds) throws Exception {
        submit(SERVICE, null, submission(null, life));
        assertThat(fake.onlyRequest().form()).containsEntry("ValidityPeriod", seconds);
    }

    private static Submission submission(@Nullable String sender, Duration life) {
        return new Submission(
                "a1", 1, new Msisdn("+14155550132"), "000000", sender, Duration.ofSeconds(20), NOW.plus(life), null);
    }

    private SubmitResult submit(@Nullable String service, @Nullable String from, Submission submission)
            throws Exception {
        TwilioProvider provider = new TwilioProvider(
                vertx,
                new TwilioConfig(
                        "tw",
                        ACCOUNT,
                        new Secret("hush"),
                        service,
                        from,
                        fake.uri(),
                        10,
                        Duration.ofSeconds(20),
                        Map.of()),
                new SteadyTime(vertx, NOW));
        SubmitResult result = provider.submit(submission)
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
        assertThat(result.sent()).isTrue();
        provider.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        return result;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }
}
