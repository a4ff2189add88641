package dev.petrel.guarantees;

import static dev.petrel.guarantees.Trial.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.app.Gateway;
import dev.petrel.testing.Platform;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Instances join and leave cleanly under load. */
class InstancesComeAndGoIT {
    private static final int RATE = 200;

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void sendNothingTwiceAndLoseNothing(String protocol) throws Exception {
        try (Trial trial = Trial.begin()) {
            String settings = "";
            var variables = java.util.Map.of("PETREL_KAFKA_GROUP_PROTOCOL", protocol);
            Gateway first = trial.platform().gateway(settings, variables);
            trial.requests().start(RATE);
            await().atMost(LONG).until(() -> trial.statuses().finals() > RATE);
            trial.platform().gateway(settings, variables);
            await().atMost(LONG).until(() -> writers(trial).size() == 2);
            Platform.get(first.stop());
            long finals = trial.statuses().finals();
            await().atMost(LONG).until(() -> trial.statuses().finals() > finals + RATE);
            trial.platform().gateway(settings, variables);
            await().atMost(LONG).until(() -> writers(trial).size() == 3);
            trial.requests().pause();
            Balance balance = trial.promisesHold();
            assertThat(balance.doubles()).isZero();
            assertThat(balance.finals()).containsOnlyKeys("submitted");
            assertThat(trial.statuses().told()).hasSize(balance.requests());
            assertThat(trial.seenBy("twilio-main")).isEqualTo(balance.requests());
        }
    }

    /** Instances that have told of a request. */
    private static Set<String> writers(Trial trial) {
        return trial.statuses().told().stream()
                .map(told -> told.writer().substring(0, told.writer().indexOf('/')))
                .collect(Collectors.toSet());
    }
}
