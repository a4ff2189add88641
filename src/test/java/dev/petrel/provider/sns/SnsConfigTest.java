package dev.petrel.provider.sns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.petrel.config.InvalidSettings;
import dev.petrel.message.ReasonClass;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnsConfigTest {
    @ParameterizedTest
    @ValueSource(strings = {"eu-west-1", "us-gov-west-1", "ap-southeast-2", "me-central-1"})
    void takesARegion(String region) {
        assertThat(config(region, null, null).region()).isEqualTo(region);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Ireland", "eu-west", "eu-west-1a", "eu west-1"})
    void refusesARegionThatIsNone(String region) {
        assertThatThrownBy(() -> config(region, null, null)).hasMessageContaining("region: is " + region);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "12345", "twelve-chars", "with space", "+15005550006"})
    void refusesASenderIdThatSnsWouldRefuse(String senderId) {
        assertThatThrownBy(() -> config("eu-west-1", null, senderId)).hasMessageContaining("sender-id: is " + senderId);
    }

    @Test
    void tellsEveryMistakeAtOnce() {
        assertThatThrownBy(() -> new SnsConfig(
                        "sns",
                        "x",
                        URI.create("http://a/path"),
                        "-",
                        0,
                        Duration.ofHours(1),
                        Map.of("Code", ReasonClass.SATURATED)))
                .isInstanceOfSatisfying(
                        InvalidSettings.class,
                        invalid -> assertThat(invalid.mistakes())
                                .hasSize(4)
                                .allSatisfy(mistake -> assertThat(mistake).startsWith("petrel.providers.sns.")));
    }

    private static SnsConfig config(String region, @Nullable URI endpoint, @Nullable String senderId) {
        return new SnsConfig("sns", region, endpoint, senderId, 10, Duration.ofSeconds(3), Map.of());
    }
}
