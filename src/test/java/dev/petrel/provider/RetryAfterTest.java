package dev.petrel.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-11-24T04:05:00Z");

    @Test
    void readsSeconds() {
        assertThat(RetryAfter.parse("0", NOW)).isEqualTo(Duration.ZERO);
        assertThat(RetryAfter.parse(" 125 ", NOW)).isEqualTo(Duration.ofSeconds(125));
    }

    @Test
    void readsADate() {
        assertThat(RetryAfter.parse("Tue, 24 Nov 2026 04:05:30 GMT", NOW)).isEqualTo(Duration.ofSeconds(30));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "  ",
                "-1",
                "1.5",
                "soon",
                "9999999999",
                "99999999999999999999",
                "٣",
                "Tue, 24 Nov 2026 04:04:59 GMT",
                "Wed, 24 Nov 2026 04:05:30 GMT",
                "2026-11-24T04:05:30Z"
            })
    void readsNothingIntoTheRest(String header) {
        assertThat(RetryAfter.parse(header, NOW)).isNull();
    }
}
