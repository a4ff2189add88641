package dev.petrel.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.kafka.TopicRules.Found;
import dev.petrel.kafka.TopicRules.Risk;
import dev.petrel.kafka.TopicRules.Verdict;
import dev.petrel.kafka.TopicRules.Warning;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicRulesTest {
    private final TopicRules rules = new TopicRules(
            new KafkaConfig.Topics("requests", "status", "dead", "feedback", "availability", "control", "instances"),
            Duration.ofMinutes(11));
    private final Map<String, Found> found = new HashMap<>();

    @BeforeEach
    void asTheyAreCreated() {
        for (String name : rules.names()) {
            found.put(name, new Found(rules.partitions(name, found, 12), rules.settings(name, 3)));
        }
    }

    @Test
    void findsNothingWrongWithWhatItCreates() {
        Verdict verdict = rules.judge(found);

        assertThat(verdict.missing()).isEmpty();
        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        requests | cleanup.policy         | compact        | topic requests: has cleanup.policy=compact; set it to delete
        status   | cleanup.policy         | compact,delete | topic status: has cleanup.policy=compact,delete; set it to delete
        requests | retention.ms           | 660000         | topic requests: has retention.ms=660000; set it to more than 660000: petrel.request.max-lifetime, petrel.receipts.window where receipts are on, and a minute
        status   | retention.ms           | 1000           | topic status: has retention.ms=1000; set it to more than 660000: petrel.request.max-lifetime, petrel.receipts.window where receipts are on, and a minute
        feedback | cleanup.policy         | compact        | topic feedback: has cleanup.policy=compact; set it to delete
        feedback | retention.ms           | 660000         | topic feedback: has retention.ms=660000; set it to more than 660000: petrel.request.max-lifetime, petrel.receipts.window where receipts are on, and a minute
        availability | cleanup.policy     | delete         | topic availability: has cleanup.policy=delete; set it to compact
        status   | message.timestamp.type | CreateTime     | topic status: has message.timestamp.type=CreateTime; set it to LogAppendTime
        """)
    void stopsAtWhatLosesTheJournal(String topic, String key, String value, String line) {
        set(topic, key, value);

        assertThat(rules.judge(found).problems()).containsExactly(line);
    }

    @ParameterizedTest
    @CsvSource({
        "requests, message.timestamp.type, CreateTime, PRODUCER_TIMESTAMPS",
        "feedback, message.timestamp.type, CreateTime, PRODUCER_TIMESTAMPS",
        "availability, min.insync.replicas, 1, SINGLE_COPY",
        "requests, min.insync.replicas, 1, SINGLE_COPY",
        "status, min.insync.replicas, 1, SINGLE_COPY",
        "dead, min.insync.replicas, 1, SINGLE_COPY",
        "status, unclean.leader.election.enable, true, UNCLEAN_ELECTION"
    })
    void warnsOfWhatIsMerelyUnwise(String topic, String key, String value, Risk risk) {
        set(topic, key, value);

        Verdict verdict = rules.judge(found);

        assertThat(verdict.problems()).isEmpty();
        assertThat(verdict.warnings()).containsExactly(new Warning(topic, risk));
    }

    @ParameterizedTest
    @CsvSource({
        "requests, retention.ms, -1",
        "requests, retention.ms, 660001",
        "feedback, retention.ms, 660001",
        "dead, cleanup.policy, compact"
    })
    void letsTheRestBe(String topic, String key, String value) {
        set(topic, key, value);

        assertThat(rules.judge(found).problems()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"status, 6, status", "status, 18, requests", "feedback, 6, feedback", "feedback, 18, requests"})
    void countsOfPartitionsMustAgree(String name, int count, String add) {
        found.put(name, new Found(count, rules.settings(name, 3)));

        assertThat(rules.judge(found).problems())
                .containsExactly("topic " + name + ": has " + count + " partitions, requests has 12; add partitions to "
                        + add + " until they agree");
    }

    @Test
    void statesStandOnOnePartition() {
        found.put("availability", new Found(2, rules.settings("availability", 3)));

        assertThat(rules.judge(found).problems())
                .containsExactly("topic availability: has 2 partitions; delete it and make it anew with one:"
                        + " petrel topics --config …");
    }

    @Test
    void tellsEverythingAtOnce() {
        found.remove("dead");
        set("status", "message.timestamp.type", "CreateTime");
        set("status", "retention.ms", "1");
        set("requests", "cleanup.policy", "compact");

        Verdict verdict = rules.judge(found);

        assertThat(verdict.missing()).containsExactly("dead");
        assertThat(verdict.problems()).hasSize(3);
    }

    @Test
    void aNewTopicFollowsItsPartner() {
        found.remove("status");

        assertThat(rules.partitions("status", found, 5)).isEqualTo(12);
        assertThat(rules.partitions("feedback", found, 5)).isEqualTo(12);
        assertThat(rules.partitions("availability", found, 5)).isEqualTo(1);
        assertThat(rules.partitions("dead", found, 5)).isEqualTo(5);
    }

    @Test
    void keepsLongEnoughForTheLongestLife() {
        TopicRules patient = new TopicRules(
                new KafkaConfig.Topics(
                        "requests", "status", "dead", "feedback", "availability", "control", "instances"),
                Duration.ofDays(1));
        found.put("requests", new Found(12, patient.settings("requests", 3)));
        found.put("feedback", new Found(12, patient.settings("feedback", 3)));

        assertThat(patient.judge(found).problems()).isEmpty();
    }

    private void set(String topic, String key, String value) {
        Found as = Objects.requireNonNull(found.get(topic));
        Map<String, String> settings = new HashMap<>(as.settings());
        settings.put(key, value);
        found.put(topic, new Found(as.partitions(), settings));
    }
}
