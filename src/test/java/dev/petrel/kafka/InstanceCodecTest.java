package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.console.InstanceLine;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstanceCodecTest {
    private static final InstanceLine LINE = new InstanceLine(
            "petrel-7f",
            Instant.parse("2026-11-24T04:05:00.123Z"),
            true,
            List.of(0, 3),
            Duration.ofMillis(420),
            12,
            40,
            3100,
            2,
            Map.of(
                    "twilio-main",
                            new InstanceLine.Provider(
                                    "open",
                                    Instant.parse("2026-11-24T04:04:11Z"),
                                    54,
                                    "resting",
                                    Instant.parse("2026-11-24T04:05:30Z"),
                                    0),
                    "sns-eu", new InstanceLine.Provider("closed", null, 1, null, null, 7)));

    @Test
    void readsWhatItWrites() {
        assertThat(InstanceCodec.decode(InstanceCodec.encode(LINE))).isEqualTo(LINE);
    }

    @Test
    void isTheJsonOfTheContract() {
        assertThat(new String(InstanceCodec.encode(LINE), UTF_8))
                .isEqualTo(
                        "{\"version\":1,\"instance\":\"petrel-7f\",\"at\":\"2026-11-24T04:05:00.123Z\",\"ready\":true,"
                                + "\"partitions\":[0,3],\"leaseAgeMs\":420,\"inFlight\":12,\"held\":40,\"waiting\":3100,\"lag\":2,\"providers\":{"
                                + "\"sns-eu\":{\"breaker\":\"closed\",\"since\":null,\"failureRate\":1,\"shut\":null,\"restingUntil\":null,\"inFlight\":7},"
                                + "\"twilio-main\":{\"breaker\":\"open\",\"since\":\"2026-11-24T04:04:11Z\",\"failureRate\":54,\"shut\":\"resting\",\"restingUntil\":\"2026-11-24T04:05:30Z\",\"inFlight\":0}}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "[]", "{}", "{\"instance\":\"a\"}", "{\"instance\":\"a\",\"at\":\"now\"}"})
    void whatIsNoSuchLineIsPassedOver(String value) {
        assertThat(InstanceCodec.decode(value.getBytes(UTF_8))).isNull();
    }
}
