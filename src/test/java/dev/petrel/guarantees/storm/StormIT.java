package dev.petrel.guarantees.storm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A minute and a half of bad weather. The long form is {@link Soak}. */
@Tag("storm")
class StormIT {
    private static final Duration LENGTH = Duration.ofSeconds(90);
    private static final int INSTANCES = 3;

    @ParameterizedTest
    @CsvSource({"classic, 4", "consumer, 5"})
    void thePromisesHold(String protocol, long seed) throws Exception {
        Weather weather = Weather.of(seed, LENGTH, Schedule.brief(seed, LENGTH, INSTANCES))
                .withInstances(INSTANCES)
                .withProtocol(protocol);
        History history = promisesHold(weather);
        assertThat(new Figures(history).kills()).isPositive();
    }

    @Test
    void aRollingRestartUnderLoadSendsNothingTwice() throws Exception {
        List<Fault> one = new ArrayList<>();
        for (int slot = 0; slot < INSTANCES; slot++) {
            one.add(Fault.of(Fault.Kind.STOP, slot, Duration.ofSeconds(2 + slot * 10L), Duration.ofMillis(200)));
        }
        Weather weather = Weather.of(1, Duration.ofSeconds(35), one)
                .withInstances(INSTANCES)
                .withRate(300);
        History history = promisesHold(weather);
        assertThat(Doubled.all(history)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void aKillInABurstDoublesWhatWasOpenAndNoMore(long seed) throws Exception {
        Duration at = Duration.ofMillis(new Random(seed).nextInt(3_000));
        Fault kill = Fault.of(Fault.Kind.KILL, 1, at, Duration.ofMillis(200));
        promisesHold(Weather.of(seed, Duration.ofSeconds(3), List.of(kill))
                .withInstances(2)
                .withRate(500));
    }

    private static History promisesHold(Weather weather) throws Exception {
        List<String> story = new ArrayList<>();
        try (Site site = new Site();
                Storm storm = new Storm(site, weather, story::add)) {
            History history = storm.play();
            new Figures(history).tell(story::add);
            assertThat(Observer.complaints(history))
                    .as("%s%n", String.join(System.lineSeparator(), story))
                    .isEmpty();
            return history;
        }
    }
}
