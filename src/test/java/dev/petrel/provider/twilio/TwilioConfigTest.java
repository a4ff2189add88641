package dev.petrel.provider.twilio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.petrel.config.InvalidSettings;
import dev.petrel.config.Secret;
import dev.petrel.message.ReasonClass;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TwilioConfigTest {
    private static final String ACCOUNT = "AC00000000000000000000000000000000";
    private static final String SERVICE = "MG00000000000000000000000000000000";

    @ParameterizedTest
    @ValueSource(strings = {"+15005550006", "12345", "Acme", "Acme Bank 1"})
    void takesASender(String from) {
        assertThat(config(ACCOUNT, null, from, "https://api.twilio.com").from()).isEqualTo(from);
    }

    @Test
    void takesAMessagingService() {
        assertThat(config(ACCOUNT, SERVICE, null, "http://localhost:9000/twilio")
                        .messagingServiceSid())
                .isEqualTo(SERVICE);
    }

    @Test
    void wantsExactlyOneOfServiceAndSender() {
        assertThatThrownBy(() -> config(ACCOUNT, null, null, "https://a"))
                .hasMessageContaining("messaging-service-sid: is absent, and from too");
        assertThatThrownBy(() -> config(ACCOUNT, SERVICE, "Acme", "https://a"))
                .hasMessageContaining("messaging-service-sid: is there, and from too");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://a", "https:///x", "https://a?b=c", "https://a#b", "https://u:p@a", "a.example"})
    void refusesABaseUrlThatIsNone(String url) {
        assertThatThrownBy(() -> config(ACCOUNT, SERVICE, null, url)).hasMessageContaining("base-url: is " + url);
    }

    @Test
    void tellsEveryMistakeAtOnceAndNeverTheToken() {
        assertThatThrownBy(() -> new TwilioConfig(
                        "tw",
                        "nope",
                        new Secret(" "),
                        "MG 1",
                        null,
                        URI.create("x:y"),
                        0,
                        Duration.ofMillis(1),
                        Map.of("1", ReasonClass.EXPIRED)))
                .isInstanceOfSatisfying(
                        InvalidSettings.class,
                        invalid -> assertThat(invalid.mistakes())
                                .hasSize(5)
                                .allSatisfy(mistake -> assertThat(mistake).startsWith("petrel.providers.tw.")));
        assertThat(config(ACCOUNT, SERVICE, null, "https://a").toString()).doesNotContain("hush");
    }

    private static TwilioConfig config(
            String account, @Nullable String service, @Nullable String from, String baseUrl) {
        return new TwilioConfig(
                "tw",
                account,
                new Secret("hush"),
                service,
                from,
                URI.create(baseUrl),
                10,
                Duration.ofSeconds(3),
                Map.of());
    }
}
