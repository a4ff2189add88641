package dev.petrel.guarantees.storm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.guarantees.storm.Fault.Kind;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final Duration HALF_AN_HOUR = Duration.ofMinutes(30);

    @Test
    void theSeedSaysItAll() {
        assertThat(Schedule.of(7, HALF_AN_HOUR, 3))
                .isEqualTo(Schedule.of(7, HALF_AN_HOUR, 3))
                .isNotEqualTo(Schedule.of(8, HALF_AN_HOUR, 3));
    }

    @Test
    void halfAnHourHoldsTwentyKillsAndOfEverythingElseSome() {
        for (long seed = 0; seed < 200; seed++) {
            List<Fault> faults = Schedule.of(seed, HALF_AN_HOUR, 3);
            assertThat(faults)
                    .as("seed %d", seed)
                    .filteredOn(fault -> fault.kind() == Kind.KILL)
                    .hasSizeGreaterThanOrEqualTo(20);
            assertThat(faults.stream().map(Fault::kind).collect(Collectors.toSet()))
                    .containsAll(EnumSet.allOf(Kind.class));
        }
    }

    @Test
    void aMinuteAndAHalfHoldsAKillAndAFreeze() {
        for (long seed = 0; seed < 200; seed++) {
            assertThat(Schedule.brief(seed, Duration.ofSeconds(90), 3))
                    .as("seed %d", seed)
                    .extracting(Fault::kind)
                    .contains(Kind.KILL, Kind.FREEZE);
        }
    }

    @Test
    void faultsOfOneRowDoNotOverlap() {
        for (Fault.Row row : Fault.Row.values()) {
            List<Fault> faults = Schedule.of(7, HALF_AN_HOUR, 3).stream()
                    .filter(fault -> fault.row() == row)
                    .toList();
            for (int i = 1; i < faults.size(); i++) {
                assertThat(faults.get(i).at()).isGreaterThan(faults.get(i - 1).until());
            }
        }
    }
}
