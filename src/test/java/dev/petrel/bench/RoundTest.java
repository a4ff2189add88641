package dev.petrel.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.petrel.bench.Cost.Spent;
import dev.petrel.bench.Cost.Used;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoundTest {
    @Test
    void tellsWhatWasUsedForEachRequestOfTheWindow() {
        Round round = round(1, 2_000, 200_000_000);

        assertThat(round.perSecond()).isEqualTo(100);
        assertThat(round.cpuMicros()).isEqualTo(100);
        assertThat(round.compilerMicros()).isEqualTo(20);
        assertThat(round.allocatedBytes()).isEqualTo(1_500);
        assertThat(round.cpuShare()).isCloseTo(0.01, within(1e-9));
        assertThat(round.byThread())
                .containsEntry("poll", new Round.Part(30, 500))
                .containsEntry("producer", new Round.Part(60, 1_000));
    }

    @Test
    void isHeldAgainstTheMeanOfOthers() {
        Round round = round(2, 1_000, 200_000_000)
                .beside(Variant.PIPE, List.of(round(2, 1_500, 150_000_000), round(3, 2_500, 250_000_000)))
                .beside(Variant.PLAIN, List.of(round(2, 500, 50_000_000)))
                .beside(Variant.PLAIN_WIDE, List.of());

        assertThat(round.beside())
                .containsOnly(Map.entry("pipe", new Round.Ratio(0.5, 2)), Map.entry("plain", new Round.Ratio(2, 2)));
        assertThat(round.round()).isEqualTo(2);
    }

    @Test
    void isMarkedWhereARequestEndedOtherwiseOrTwice() {
        Outcomes outcomes = new Outcomes("submitted", 0, 20_000);
        outcomes.add(OutcomesTest.submitted("a", 1));
        assertThat(round(1, outcomes, 1, 1).mark()).isEmpty();

        outcomes.add(OutcomesTest.submitted("a", 30_000));
        outcomes.add(OutcomesTest.failed("b", 30_000));
        outcomes.add(OutcomesTest.failed("c", 2));
        Round round = round(1, outcomes, 1, 1);

        assertThat(round.others()).isEqualTo(2);
        assertThat(round.repeated()).isEqualTo(1);
        assertThat(round.mark()).isEqualTo(" [2 ENDED OTHERWISE, 1 TWICE]");
        assertThat(round.beside(Variant.PIPE, List.of(round)).mark()).isEqualTo(round.mark());
    }

    @Test
    void isMarkedWhereNothingWasDone() {
        assertThat(round(1, 0, 1).mark()).isEqualTo(" [NONE IN ITS WINDOW]");
    }

    /** It allocates 3 MB in all. */
    static Round round(int number, int requests, long cpuNanos) {
        return round(number, requests, cpuNanos, 3_000_000);
    }

    static Round round(int number, int requests, long cpuNanos, long bytes) {
        Outcomes outcomes = new Outcomes("submitted", 0, 20_000);
        for (int i = 0; i < requests; i++) {
            outcomes.add(OutcomesTest.submitted("request-" + i, 1));
        }
        return round(number, outcomes, cpuNanos, bytes);
    }

    static Round round(int number, Outcomes outcomes, long cpuNanos, long bytes) {
        Spent spent = new Spent(
                0,
                20_000,
                cpuNanos,
                40_000_000,
                Map.of("poll", new Used(60_000_000, bytes / 3), "producer", new Used(120_000_000, bytes - bytes / 3)));
        return Round.of(number, spent, new Footprint(1, 2, 3), outcomes, null);
    }
}
