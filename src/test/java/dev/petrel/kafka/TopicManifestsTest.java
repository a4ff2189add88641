package dev.petrel.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.petrel.kafka.TopicRules.Found;
import dev.petrel.kafka.TopicRules.Verdict;
import dev.petrel.testing.Manifests;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The topics of k8s are those that {@code petrel topics} makes, and the check at the start finds nothing to say. */
class TopicManifestsTest {
    private static final int REPLICAS = 3;

    /** The usual lifetimes: 10 min of the code, 10 min for receipts, and a minute. */
    private final TopicRules rules = new TopicRules(
            new KafkaConfig.Topics(
                    "sms.requests",
                    "sms.status",
                    "sms.requests.dlq",
                    "sms.feedback",
                    "sms.availability",
                    "sms.control",
                    "sms.instances"),
            Duration.ofMinutes(21));

    @Test
    void areThoseThatPetrelWouldMake() throws IOException {
        Map<String, Found> asMade = new LinkedHashMap<>();
        for (String name : rules.names()) {
            int partitions = rules.partitions(name, asMade, TopicSetup.PARTITIONS);
            asMade.put(name, new Found(partitions, rules.settings(name, REPLICAS)));
        }
        assertThat(topics()).containsExactlyInAnyOrderEntriesOf(asMade);
    }

    @Test
    void nothingIsWrongWithThem() throws IOException {
        assertThat(rules.judge(topics())).isEqualTo(new Verdict(List.of(), List.of(), List.of()));
    }

    private static Map<String, Found> topics() throws IOException {
        Map<String, Found> topics = new HashMap<>();
        for (JsonNode topic : Manifests.read(Manifests.FOLDER.resolve("topics/topics.yaml"))) {
            JsonNode spec = topic.path("spec");
            assertThat(spec.path("replicas").asInt()).isEqualTo(REPLICAS);
            Map<String, String> settings = new HashMap<>();
            spec.path("config")
                    .properties()
                    .forEach(setting ->
                            settings.put(setting.getKey(), setting.getValue().asText()));
            topics.put(
                    topic.at("/metadata/name").asText(),
                    new Found(spec.path("partitions").asInt(), settings));
        }
        return topics;
    }
}
