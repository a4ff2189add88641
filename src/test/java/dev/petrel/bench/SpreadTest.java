package dev.petrel.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {
    @Test
    void tellsTheMiddleAndTheEnds() {
        assertThat(Spread.of(List.of(3.0, 1.0, 2.0))).isEqualTo(new Spread(2, 1, 3));
        assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 3.0))).isEqualTo(new Spread(2.5, 1, 4));
        assertThat(Spread.of(List.of(7.0))).isEqualTo(new Spread(7, 7, 7));
        assertThat(new Spread(0.5, 0.44, 0.611).tell("%.2f")).isEqualTo("0.50 (0.44 to 0.61)");
    }

    @Test
    void tellsByHowMuchTheLastThirdIsAboveTheFirst() {
        assertThat(Spread.rise(100, 100, 50, 110, 110)).isCloseTo(0.1, within(1e-9));
        assertThat(Spread.rise(100, 80, 50, 40)).isCloseTo(-0.5, within(1e-9));
        assertThat(Spread.rise(100)).isZero();
    }
}
