package dev.petrel.kafka;

import dev.petrel.config.Check;
import java.time.Duration;
import java.util.Map;

/**
 * How Petrel talks to Kafka.
 *
 * @param instanceId names this instance in statuses
 * @param properties handed to every Kafka client: security.protocol, sasl.*, ssl.*
 * @param rebalanceDrain how long a revoke waits for what is in flight
 * @param shutdownDrain how long a stop waits for what is in flight
 */
public record KafkaConfig(
        String instanceId,
        String bootstrapServers,
        String groupId,
        GroupProtocol groupProtocol,
        Topics topics,
        Map<String, String> properties,
        Duration rebalanceDrain,
        Duration shutdownDrain) {

    /** Classic: the group's members divide the partitions among them; consumer: the broker does (KIP-848). */
    public enum GroupProtocol {
        CLASSIC,
        CONSUMER
    }

    /** The names of the topics. */
    public record Topics(String requests, String status, String deadLetter) {}

    public KafkaConfig {
        Check.of("petrel.rebalance")
                .between("drain", rebalanceDrain, Duration.ofSeconds(1), Duration.ofSeconds(30))
                .done();
        Check.of("petrel.shutdown")
                .between("drain", shutdownDrain, rebalanceDrain, Duration.ofMinutes(5))
                .done();
        properties = Map.copyOf(properties);
    }
}
