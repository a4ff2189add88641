package dev.petrel.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatusTimestampTest {
    private final StatusCodec.Millis millis = new StatusCodec.Millis();

    @Test
    void isWrittenAsAnInstantInMillisecondsIs() {
        for (String text : List.of(
                "2026-11-24T04:05:01.183999Z",
                "2026-11-24T04:05:01.007Z",
                "2026-11-24T04:05:01.070Z",
                "2026-11-24T04:05:01Z",
                "2026-11-24T04:05:00.999999999Z",
                "1969-12-31T23:59:59.5Z",
                "2026-11-24T04:05:00Z")) {
            Instant instant = Instant.parse(text);
            assertThat(millis.of(instant))
                    .isEqualTo(instant.truncatedTo(ChronoUnit.MILLIS).toString());
        }
    }
}
