package dev.petrel.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.bench.InFlight.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AimTest {
    @Test
    void isMetByTheMedianOfTheRounds() {
        List<Aim> aims = Aim.all(List.of(comparison(640, 660, 700)), null);

        assertThat(aims.get(0).found()).isEqualTo(new Spread(0.66, 0.64, 0.7));
        assertThat(aims.get(0).met()).isTrue();
        assertThat(aims.get(0).line()).contains(">= 0.65").endsWith("0.66 (0.64 to 0.70)  met");
    }

    @Test
    void isToldAsMissed() {
        List<Aim> aims = Aim.all(List.of(comparison(640, 640, 700)), null);

        assertThat(aims.get(0).met()).isFalse();
        assertThat(aims.get(0).line()).endsWith("0.64 (0.64 to 0.70)  MISSED");
    }

    @Test
    void isALimitOfWhatARequestCosts() {
        List<Aim> aims = Aim.all(List.of(comparison(640)), null);

        assertThat(aims.get(2).line()).contains("CPU", "<= 60").endsWith("60.0 (60.0 to 60.0)  met");
        assertThat(aims.get(3).line()).contains("kB", "<= 25").endsWith("MISSED");
    }

    @Test
    void isNotMetByWhatWasNotRun() {
        Comparison slow = new Comparison(50, 2000, comparison(900).variants());

        assertThat(Aim.all(List.of(slow), null)).allSatisfy(aim -> {
            assertThat(aim.found()).isNull();
            assertThat(aim.met()).isFalse();
            assertThat(aim.line()).endsWith("not shown");
        });
    }

    @Test
    void holdsManyInFlightAgainstFewBeforeAndAfterThem() {
        Aim flat = flat(level(100, 97, 30), level(10_000, 9_700, 140), level(100, 97, 10));

        assertThat(flat.found()).isEqualTo(new Spread(120, 110, 130));
        assertThat(flat.met()).isFalse();
        assertThat(flat(level(100, 97, 50), level(10_000, 9_700, 140), level(100, 97, 40))
                        .met())
                .isTrue();
    }

    @Test
    void isNotShownByALevelThatWasNotAtItsAim() {
        assertThat(flat(level(100, 97, 10), level(10_000, 8_999, 10), level(100, 97, 10))
                        .line())
                .endsWith("not shown");
        assertThat(level(10_000, 8_999, 10).line()).endsWith("[NOT AT ITS AIM]");
        assertThat(level(10_000, 9_000, 10).line()).doesNotContain("NOT");
        assertThat(level(100, 2_587, 10).line()).endsWith("[NOT AT ITS AIM]");
    }

    private static Aim flat(Level... levels) {
        List<Aim> aims = Aim.all(List.of(), new InFlight.Result(3000, "256m", 20, List.of(levels)));
        return aims.get(aims.size() - 1);
    }

    private static Level level(int aim, int waiting, long p95Millis) {
        return new Level(aim, waiting, aim / 3.0, 10, 10, 5, p95Millis, 200, 300, 60, 1, 2, 3);
    }

    /** At 0 ms; each request costs 60 us and 30 kB of Twilio's variant, and the pipe manages 1000 in a window. */
    private static Comparison comparison(int... requests) {
        List<Round> pipe = new ArrayList<>();
        List<Round> twilio = new ArrayList<>();
        for (int each : requests) {
            pipe.add(RoundTest.round(pipe.size() + 1, 1000, 1_000_000));
            twilio.add(RoundTest.round(twilio.size() + 1, each, each * 60_000L, each * 30_000L));
        }
        Map<Variant, List<Round>> compared = Turns.beside(Map.of(Variant.PIPE, pipe, Variant.TWILIO, twilio));
        return new Comparison(
                0, 500, List.of(Series.of(Variant.TWILIO, 500, compared.getOrDefault(Variant.TWILIO, List.of()))));
    }
}
