package dev.petrel.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampsTest {

    @ParameterizedTest
    @CsvSource({
        "2026-11-24T04:10:00Z, 2026-11-24T04:10:00Z",
        "2026-11-24t04:10:00z, 2026-11-24T04:10:00Z",
        "2026-11-24T04:10:00.5Z, 2026-11-24T04:10:00.5Z",
        "2026-11-24T04:10:00.1234567891234Z, 2026-11-24T04:10:00.123456789Z",
        "2026-11-24T05:40:00+01:30, 2026-11-24T04:10:00Z",
        "2026-11-23T20:10:00-08:00, 2026-11-24T04:10:00Z",
        "2026-11-24T04:10:00-00:00, 2026-11-24T04:10:00Z",
        "1510-03-11T12:14:38+19:07, 1510-03-10T17:07:38Z",
        "2026-11-23T04:11:00-23:59, 2026-11-24T04:10:00Z",
        "2016-12-31T23:59:60Z, 2017-01-01T00:00:00Z",
        "2024-02-29T00:00:00Z, 2024-02-29T00:00:00Z"
    })
    void readsWhatTheStandardAllows(String text, Instant instant) {
        assertThat(Timestamps.parse(text)).isEqualTo(instant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "now",
                "1732421100",
                "2026-11-24",
                "2026-11-24T04:10Z",
                "2026-11-24T04:10:00",
                "2026-11-24 04:10:00Z",
                "2026-11-24T04:10:00.Z",
                "2026-11-24T04:10:00123Z",
                "2026-11-24T04:10:00+01",
                "2026-11-24T04:10:00+99:00",
                "2026-11-24T04:10:00+24:00",
                "2026-11-24T04:10:00+01:60",
                "2026-02-30T04:10:00Z",
                "2026-13-01T04:10:00Z",
                "2026-11-24T25:10:00Z",
                "2026-11-24T04:10:61Z",
                "+12026-11-24T04:10:00Z"
            })
    void refusesEverythingElse(String text) {
        assertThat(Timestamps.parse(text)).isNull();
    }
}
