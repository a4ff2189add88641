package dev.petrel.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.kafka.KafkaConfig.GroupProtocol;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KafkaClientsTest {

    @Test
    void classicConsumersHaveSessionHeartbeatAndAssignorSet() {
        assertThat(consumer(GroupProtocol.CLASSIC))
                .containsEntry("group.protocol", "classic")
                .containsEntry("session.timeout.ms", 10_000)
                .containsEntry("heartbeat.interval.ms", 1_000)
                .containsKey("partition.assignment.strategy")
                .containsEntry("enable.auto.commit", false)
                .containsEntry("auto.offset.reset", "earliest")
                .containsEntry("isolation.level", "read_committed")
                .containsEntry("request.timeout.ms", 5_000)
                .doesNotContainKey("group.instance.id");
    }

    @Test
    void consumersOfTheNewProtocolLeaveThemToTheBroker() {
        assertThat(consumer(GroupProtocol.CONSUMER))
                .containsEntry("group.protocol", "consumer")
                .doesNotContainKeys(
                        "session.timeout.ms",
                        "heartbeat.interval.ms",
                        "partition.assignment.strategy",
                        "group.instance.id");
    }

    @Test
    void propertiesOfTheOperatorAreHandedOnAndFixedOnesStand() {
        assertThat(consumer(GroupProtocol.CLASSIC))
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("fetch.min.bytes", "10")
                .containsEntry("max.poll.records", 200);
    }

    private static Map<String, Object> consumer(GroupProtocol protocol) {
        return new KafkaClients(new KafkaConfig(
                        "petrel-1",
                        "localhost:9092",
                        "petrel",
                        protocol,
                        new KafkaConfig.Topics(
                                "sms.requests",
                                "sms.status",
                                "sms.requests.dlq",
                                "sms.feedback",
                                "sms.availability",
                                "sms.control",
                                "sms.instances"),
                        Map.of("security.protocol", "SASL_SSL", "fetch.min.bytes", "10"),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(10)))
                .consumer();
    }
}
