package dev.petrel.guarantees;

import static dev.petrel.guarantees.Trial.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.testing.EmbeddedBroker;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The broker goes away under load and comes back, as in a rolling update of a cluster of one. */
class BrokerOutageIT {
    private static final int RATE = 100;

    @Test
    void tellsEveryFinalOnceAndSendsNothingTwice() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start();
                Trial trial = Trial.on(broker)) {
            trial.platform().gateway();
            trial.requests().start(RATE);
            await().atMost(LONG).until(() -> trial.statuses().finals() > RATE);
            broker.stop();
            Instant down = Instant.now();
            await().atMost(LONG).until(() -> Instant.now().isAfter(down.plusSeconds(2)));
            broker.startAgain();
            long finals = trial.statuses().finals();
            await().atMost(LONG).until(() -> trial.statuses().finals() > finals + 3 * RATE);
            trial.requests().pause();
            Balance balance = trial.promisesHold();
            assertThat(balance.doubles()).isZero();
            assertThat(balance.finals()).containsOnlyKeys("submitted");
            assertThat(trial.statuses().told()).hasSize(balance.requests());
        }
    }
}
