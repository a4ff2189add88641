package dev.petrel.kafka;

import dev.petrel.config.Check;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

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

    private static final Pattern INSTANCE_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    /** Kafka's own rule for the names of topics. */
    private static final Pattern TOPIC = Pattern.compile("(?!\\.\\.?$)[A-Za-z0-9._-]{1,249}");

    /** What the promises rest on: nobody may set these in {@code kafka.properties}. */
    private static final Set<String> FIXED = Set.of(
            "bootstrap.servers",
            "client.id",
            "group.id",
            "group.protocol",
            "group.instance.id",
            "partition.assignment.strategy",
            "key.serializer",
            "value.serializer",
            "key.deserializer",
            "value.deserializer",
            "isolation.level",
            "auto.offset.reset",
            "enable.auto.commit",
            "session.timeout.ms",
            "heartbeat.interval.ms",
            "max.poll.interval.ms",
            "request.timeout.ms",
            "default.api.timeout.ms",
            "max.poll.records",
            "allow.auto.create.topics",
            "acks",
            "enable.idempotence",
            "transactional.id",
            "retries",
            "delivery.timeout.ms",
            "max.block.ms",
            "max.in.flight.requests.per.connection");

    /** Classic: the group's members divide the partitions among them; consumer: the broker does (KIP-848). */
    public enum GroupProtocol {
        CLASSIC,
        CONSUMER
    }

    /** The names of the topics. */
    public record Topics(
            String requests,
            String status,
            String deadLetter,
            String feedback,
            String availability,
            String control,
            String instances) {
        public Topics {
            Map<String, String> byKey = new LinkedHashMap<>();
            byKey.put("requests", requests);
            byKey.put("status", status);
            byKey.put("dead-letter", deadLetter);
            byKey.put("feedback", feedback);
            byKey.put("availability", availability);
            byKey.put("control", control);
            byKey.put("instances", instances);
            Check check = Check.of("petrel.kafka.topics");
            Map<String, String> taken = new HashMap<>();
            for (Map.Entry<String, String> topic : byKey.entrySet()) {
                String other = taken.putIfAbsent(topic.getValue(), topic.getKey());
                check = check.that(isTopic(topic.getValue()), topic.getKey(), topic.getValue(), TOPIC_RULE)
                        .that(other == null, topic.getKey(), topic.getValue(), "another than " + other);
            }
            check.done();
        }

        private static final String TOPIC_RULE = "a topic's name: 1 to 249 of A-Z a-z 0-9 . _ -";

        private static boolean isTopic(String name) {
            return TOPIC.matcher(name).matches();
        }
    }

    public KafkaConfig {
        Set<String> fixed = new TreeSet<>(properties.keySet());
        fixed.retainAll(FIXED);
        Check check = Check.of("petrel")
                .that(
                        INSTANCE_ID.matcher(instanceId).matches(),
                        "instance-id",
                        instanceId,
                        "1 to 64 of A-Z a-z 0-9 . _ -")
                .that(!bootstrapServers.isBlank(), "kafka.bootstrap-servers", "empty", "host:port, host:port, …")
                .that(!groupId.isBlank(), "kafka.group-id", "empty", "the name of a consumer group")
                .between("rebalance.drain", rebalanceDrain, Duration.ofSeconds(1), Duration.ofSeconds(30))
                .between("shutdown.drain", shutdownDrain, rebalanceDrain, Duration.ofMinutes(5));
        for (String key : fixed) {
            check = check.that(false, "kafka.properties." + key, "there", "left out: Petrel sets it");
        }
        check.done();
        properties = Map.copyOf(properties);
    }

    /** Leaves out the values of the properties: passwords are among them. */
    @Override
    public String toString() {
        return "KafkaConfig[" + instanceId + ", " + bootstrapServers + ", " + groupId + ", " + groupProtocol + ", "
                + topics + ", properties " + new TreeSet<>(properties.keySet()) + ", rebalance " + rebalanceDrain
                + ", shutdown " + shutdownDrain + "]";
    }
}
