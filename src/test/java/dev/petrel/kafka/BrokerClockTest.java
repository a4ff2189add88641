package dev.petrel.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class BrokerClockTest {
    private static final Instant NOW = Instant.parse("2026-11-24T04:05:00Z");

    private final BrokerClock clock = new BrokerClock();

    @Test
    void isOursWhileNothingWasHeard() {
        assertThat(clock.at(NOW)).isEqualTo(NOW);
    }

    @Test
    void theQuickestRecordTellsHowFarWeAreAhead() {
        clock.heard(NOW.minusMillis(7_300).toEpochMilli(), NOW);
        clock.heard(NOW.minusMillis(7_010).toEpochMilli(), NOW);

        assertThat(clock.at(NOW)).isEqualTo(NOW.minusMillis(7_010));
    }

    @Test
    void weMayBeBehind() {
        clock.heard(NOW.plusMillis(500).toEpochMilli(), NOW);

        assertThat(clock.at(NOW)).isEqualTo(NOW.plusMillis(500));
    }

    @Test
    void whatWasHeardLongAgoIsForgotten() {
        clock.heard(NOW.toEpochMilli(), NOW);
        Instant next = NOW.plusSeconds(61);
        clock.heard(next.minusMillis(900).toEpochMilli(), next);
        assertThat(clock.at(next)).isEqualTo(next);

        Instant later = NOW.plusSeconds(122);
        clock.heard(later.minusMillis(950).toEpochMilli(), later);
        assertThat(clock.at(later)).isEqualTo(later.minusMillis(900));
    }
}
