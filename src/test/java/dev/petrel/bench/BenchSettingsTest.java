package dev.petrel.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BenchSettingsTest {
    @Test
    void reckonsLessThanFortyMinutesForAWholeRun() {
        BenchSettings whole = BenchSettings.ofProperties();

        assertThat(whole.brief()).isFalse();
        assertThat(whole.reckonedSeconds()).isBetween(30 * 60, 40 * 60);
    }

    @Test
    void reckonsWithOnlyWhatIsRun() {
        BenchSettings settings = settings(List.of(0, 50), List.of(Variant.PIPE, Variant.TWILIO));

        // at 0 ms one to warm up, two rounds and a pipe behind them; at 50 ms two rounds without pipe
        int turns = 2 + 2 * 2 + 1 + 2;
        assertThat(settings.reckonedSeconds()).isEqualTo(20 + turns * (3 + 10 + 6));
    }

    @Test
    void startsNobodyWhoHasNoTurn() {
        List<Variant> all = List.of(Variant.PIPE, Variant.TWILIO, Variant.PLAIN_WIDE);

        assertThat(settings(List.of(0), all).variantsWithTurns()).containsExactly(Variant.PIPE, Variant.TWILIO);
        assertThat(settings(List.of(50), all).variantsWithTurns()).containsExactly(Variant.TWILIO, Variant.PLAIN_WIDE);
    }

    private static BenchSettings settings(List<Integer> latencies, List<Variant> variants) {
        return new BenchSettings(10, 3, 2, 1, true, "256m", Petrel.HELD, latencies, variants, false);
    }
}
