package dev.petrel.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LatenciesTest {
    private final Latencies latencies = new Latencies();

    @ParameterizedTest
    @ValueSource(longs = {1, 7, 8, 15, 16, 99, 250, 1000, 3001, 20_000, 599_999, 1_500_000})
    void whatComesOutIsCloseToWhatWentIn(long millis) {
        latencies.add(millis);

        assertThat(Objects.requireNonNull(latencies.seconds(0.5)) * 1000).isCloseTo(millis, withinPercentage(13));
    }

    @Test
    void percentilesAreOfAllOfThem() {
        for (int each = 0; each < 94; each++) {
            latencies.add(100);
        }
        for (int each = 0; each < 6; each++) {
            latencies.add(5000);
        }

        assertThat(Objects.requireNonNull(latencies.seconds(0.5))).isCloseTo(0.1, withinPercentage(13));
        assertThat(Objects.requireNonNull(latencies.seconds(0.95))).isCloseTo(5, withinPercentage(13));
    }

    @Test
    void whatIsBeyondAllBucketsIsInTheLast() {
        latencies.add(Long.MAX_VALUE);

        assertThat(Objects.requireNonNull(latencies.seconds(1))).isGreaterThan(1000);
    }

    @Test
    void nothingIsNotZero() {
        assertThat(latencies.seconds(0.5)).isNull();
        latencies.add(3);
        latencies.clear();
        assertThat(latencies.seconds(0.5)).isNull();
    }
}
