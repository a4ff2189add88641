package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.testing.BrokerProcess;
import dev.petrel.testing.EmbeddedBroker;
import dev.petrel.testing.Loop;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whether Kafka takes anything is known while those who wait for it still do. */
class BriefWriterIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final Loop loop = new Loop();
    private BrokerProcess broker;
    private BriefWriter writer;

    @BeforeEach
    void start() throws Exception {
        broker = BrokerProcess.start(EmbeddedBroker.Place.fresh());
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic("brief", 1, (short) 1)))
                    .all()
                    .get();
        }
        writer = new BriefWriter(loop.context().owner(), clients().requestProducer());
    }

    @AfterEach
    void stop() throws Exception {
        Future<Void> closed = writer.close(Duration.ZERO);
        await().atMost(LONG).until(closed::isComplete);
        loop.close();
        broker.close();
    }

    @Test
    void hearsWhenTheBrokerGoesAwayAndComesBack() throws Exception {
        assertThat(writer.isUnheard()).as("nobody has asked").isFalse();
        writeUntilItIsThere();
        assertThat(writer.isUnheard()).isFalse();

        broker.stop();
        Future<RecordMetadata> waiting = write();
        await("nothing waits, and nothing was heard").atMost(LONG).until(() -> waiting.failed() && writer.isUnheard());

        broker.startAgain();
        writeUntilItIsThere();
        assertThat(writer.isUnheard()).isFalse();
    }

    @Test
    void hearsThatTheBrokerStandsStillBeforeAnybodyHasGivenUp() {
        writeUntilItIsThere();
        broker.freeze();
        Future<RecordMetadata> waiting = write();

        await().atMost(LONG).until(() -> writer.isUnheard() || waiting.isComplete());
        assertThat(waiting.isComplete()).isFalse();
        broker.wake();
        writeUntilItIsThere();
        assertThat(writer.isUnheard()).isFalse();
    }

    private void writeUntilItIsThere() {
        await().atMost(LONG).until(() -> {
            Future<RecordMetadata> written = write();
            await().atMost(LONG).until(written::isComplete);
            return written.succeeded();
        });
    }

    private Future<RecordMetadata> write() {
        return loop.call(() -> writer.write(new ProducerRecord<>("brief", "key".getBytes(UTF_8), "0".getBytes(UTF_8))));
    }

    private KafkaClients clients() {
        return new KafkaClients(new KafkaConfig(
                "stage",
                broker.bootstrapServers(),
                "group",
                KafkaConfig.GroupProtocol.CLASSIC,
                new KafkaConfig.Topics("brief", "status", "dlq", "feedback", "availability", "control", "instances"),
                Map.of(),
                Duration.ofSeconds(3),
                Duration.ofSeconds(5)));
    }
}
