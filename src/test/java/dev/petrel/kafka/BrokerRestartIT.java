package dev.petrel.kafka;

import static dev.petrel.kafka.IntakeStage.numbered;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.kafka.IntakeStage.Names;
import dev.petrel.kafka.KafkaConfig.GroupProtocol;
import dev.petrel.testing.EmbeddedBroker;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class BrokerRestartIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    @Test
    void tellsEveryStatusOnceAndInOrderThoughTheBrokerGoesAway() {
        List<String> ids = numbered("r", 1_000);
        Names names = Names.of("restart");
        try (EmbeddedBroker broker = EmbeddedBroker.start();
                TopicReader topics = new TopicReader(broker)) {
            topics.create(names, 2);
            try (IntakeStage stage = new IntakeStage(broker, names, GroupProtocol.CLASSIC)) {
                stage.slowDown();
                topics.send(names, ids);
                await().atMost(SOON).until(() -> stage.attempted.size() > 300);
                broker.stop();
                // what was in flight can't be told now, and nothing more is begun than there is room for
                await().during(Duration.ofMillis(500)).until(() -> stage.held.get() > 0);
                broker.startAgain();
                await().atMost(SOON).until(() -> topics.allCommitted(names));
                assertThat(stage.attempted).containsExactlyInAnyOrderElementsOf(ids);
                assertThat(stage.fatal).isEmpty();
            }
            topics.assertEachTakenOnceInOrder(names, ids);
        }
    }
}
