package dev.petrel.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.petrel.bench.Cost.Spent;
import dev.petrel.bench.Cost.Used;
import dev.petrel.bench.VariantMain.Window;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoundTest {
    @Test
    void tellsWhatWasUsedForEachRequestOfTheWindow() {
        Round round = round(2_000, 200_000_000);

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
    void isHeldAgainstTheRoundsBeforeAndAfterIt() {
        Round round = round(1_000, 200_000_000).beside(round(1_500, 150_000_000), round(2_500, 250_000_000));

        assertThat(round.ofPipe()).isEqualTo(0.5);
        assertThat(round.cpuOfPipe()).isEqualTo(2);
    }

    private static Round round(int requests, long cpuNanos) {
        Outcomes outcomes = new Outcomes("submitted", 0, 20_000);
        for (int i = 0; i < requests; i++) {
            outcomes.add(OutcomesTest.submitted("request-" + i, 1));
        }
        Spent spent = new Spent(
                0,
                20_000,
                cpuNanos,
                40_000_000,
                Map.of("poll", new Used(60_000_000, 1_000_000), "producer", new Used(120_000_000, 2_000_000)));
        return Round.of(1, new Window(spent, new Footprint(1, 2, 3)), outcomes, null);
    }
}
