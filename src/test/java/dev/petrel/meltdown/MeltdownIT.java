package dev.petrel.meltdown;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The meltdown, short. With the storms: it fills two cores by itself. */
@Tag("storm")
class MeltdownIT {
    @Test
    void everybodyHasTheCodeOrAUsableNo() throws Exception {
        Outcome outcome = new Meltdown(Timeline.brief()).play();

        outcome.lines().forEach(System.out::println);
        assertThat(outcome.unanswered()).isEmpty();
        assertThat(outcome.untold()).isZero();
        assertThat(outcome.degraded()).as("until it is said that SMS is not ok").isNotNull();
    }
}
