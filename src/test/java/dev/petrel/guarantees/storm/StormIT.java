package dev.petrel.guarantees.storm;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A minute and a half of bad weather. The long form is {@link Soak}. */
class StormIT {
    private static final Duration LENGTH = Duration.ofSeconds(90);
    private static final int INSTANCES = 3;

    @ParameterizedTest
    @CsvSource({"classic, 4", "consumer, 5"})
    void thePromisesHold(String protocol, long seed) throws Exception {
        List<String> story = new ArrayList<>();
        Weather weather = Weather.of(seed, LENGTH, Schedule.brief(seed, LENGTH, INSTANCES))
                .withInstances(INSTANCES)
                .withProtocol(protocol);
        try (Site site = new Site();
                Storm storm = new Storm(site, weather, story::add)) {
            History history = storm.play();
            new Figures(history).tell(story::add);
            assertThat(Observer.complaints(history))
                    .as("seed %d, %s%n%s%n", seed, protocol, String.join(System.lineSeparator(), story))
                    .isEmpty();
            assertThat(new Figures(history).kills()).isPositive();
        }
    }
}
