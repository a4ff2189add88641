package dev.petrel.kafka;

import dev.petrel.metrics.Meters;
import dev.petrel.testing.EmbeddedBroker;
import dev.petrel.testing.Loop;
import dev.petrel.time.VertxTime;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The two sinks on an event loop, against a real broker. */
final class SinkStage implements AutoCloseable {
    final Loop loop = new Loop();
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final Queue<Throwable> fatal = new ConcurrentLinkedQueue<>();
    final KafkaStatusSink statuses;
    final DeadLetters letters;

    SinkStage(EmbeddedBroker broker, String topic, Map<String, String> properties) {
        KafkaConfig config = new KafkaConfig(
                "stage",
                broker.bootstrapServers(),
                "group",
                KafkaConfig.GroupProtocol.CLASSIC,
                new KafkaConfig.Topics(
                        topic + ".requests",
                        topic + ".status",
                        topic,
                        topic + ".feedback",
                        topic + ".availability",
                        topic + ".control",
                        topic + ".instances"),
                properties,
                Duration.ofSeconds(3),
                Duration.ofSeconds(5));
        KafkaClients clients = new KafkaClients(config);
        Meters meters = new Meters(registry);
        VertxTime time = loop.call(() -> new VertxTime(loop.context().owner()));
        statuses = loop.call(
                () -> new KafkaStatusSink(clients, config, new Random(), loop.context(), time, meters, fatal::add));
        letters = loop.call(() -> new DeadLetters(clients, config, loop.context(), time, meters));
    }

    double counter(String name) {
        return registry.find(name).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    @Override
    public void close() {
        loop.run(() -> {
            var unused = statuses.close(Duration.ofMillis(100));
            var unusedToo = letters.close(Duration.ofMillis(100));
        });
        loop.close();
    }
}
