package dev.petrel.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/**
 * How the topics must be, and how they are made. A pure function of what the brokers say; {@link TopicCheck} asks them.
 *
 * <p>The status topic is the journal: what was deleted or compacted away, or carries a producer's clock instead of the
 * broker's, a new owner can't replay. So those are problems and stop Petrel; what only costs safety when brokers fail is
 * a warning.
 */
final class TopicRules {
    private static final Duration KEEP_REQUESTS = Duration.ofDays(1);
    private static final Duration KEEP_STATUS = Duration.ofDays(7);

    /** Every instance reads the states of availability from their beginning: what is replaced must go soon. */
    private static final Duration ROLL_STATES = Duration.ofMinutes(10);

    private final KafkaConfig.Topics topics;
    private final Duration window;

    /** @param journalWindow how long a request may matter: what was told of it, and asked, must be kept for longer */
    TopicRules(KafkaConfig.Topics topics, Duration journalWindow) {
        this.topics = topics;
        this.window = journalWindow;
    }

    /** A topic as the brokers know it, with the settings that hold for it, wherever they were set. */
    record Found(int partitions, Map<String, String> settings) {
        private String setting(String key) {
            return settings.getOrDefault(key, "");
        }

        private boolean is(String key, String value) {
            return setting(key).equals(value);
        }
    }

    /** Something that costs safety when brokers fail or clocks differ. */
    enum Risk {
        PRODUCER_TIMESTAMPS("timestamps are the producers'", "message.timestamp.type=LogAppendTime"),
        SINGLE_COPY("one broker's acknowledgement is enough", "min.insync.replicas=2, with three replicas"),
        UNCLEAN_ELECTION("a broker that missed records may lead", "unclean.leader.election.enable=false");

        private final String what;
        private final String remedy;

        Risk(String what, String remedy) {
            this.what = what;
            this.remedy = remedy;
        }
    }

    record Warning(String topic, Risk risk) {
        String line() {
            return "topic " + topic + ": " + risk.what + "; better set " + risk.remedy;
        }
    }

    /**
     * @param missing names of topics that are not there
     * @param problems one line each, with what to do
     */
    record Verdict(List<String> missing, List<String> problems, List<Warning> warnings) {}

    List<String> names() {
        return List.of(
                topics.requests(),
                topics.status(),
                topics.deadLetter(),
                topics.feedback(),
                topics.availability(),
                topics.control(),
                topics.instances());
    }

    /** Those of which the last word of each key counts. */
    private List<String> states() {
        return List.of(topics.availability(), topics.control(), topics.instances());
    }

    Verdict judge(Map<String, Found> found) {
        List<String> problems = new ArrayList<>();
        List<Warning> warnings = new ArrayList<>();
        List<String> missing =
                names().stream().filter(name -> !found.containsKey(name)).toList();
        Found requests = found.get(topics.requests());
        Found status = found.get(topics.status());
        Found feedback = found.get(topics.feedback());
        checkKept(topics.requests(), requests, problems);
        checkKept(topics.status(), status, problems);
        checkKept(topics.feedback(), feedback, problems);
        if (status != null && !hasBrokersTime(status)) {
            problems.add(
                    "topic " + topics.status() + ": has message.timestamp.type=CreateTime; set it to LogAppendTime");
        }
        checkCount(requests, topics.status(), status, problems);
        checkCount(requests, topics.feedback(), feedback, problems);
        states().forEach(name -> checkStates(name, found.get(name), problems));
        for (String name : List.of(topics.requests(), topics.feedback())) {
            Found asked = found.get(name);
            if (asked != null && !hasBrokersTime(asked)) {
                warnings.add(new Warning(name, Risk.PRODUCER_TIMESTAMPS));
            }
        }
        for (String name : names()) {
            Found topic = found.get(name);
            if (topic != null && topic.is(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "1")) {
                warnings.add(new Warning(name, Risk.SINGLE_COPY));
            }
            if (topic != null && topic.is(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "true")) {
                warnings.add(new Warning(name, Risk.UNCLEAN_ELECTION));
            }
        }
        return new Verdict(missing, problems, warnings);
    }

    /** The line that stops Petrel where a topic is not there. */
    static String missing(String name) {
        return "topic " + name + ": is missing; create it with: petrel topics --config …";
    }

    /** The settings that a topic is made with. */
    Map<String, String> settings(String name, int replication) {
        Map<String, String> settings = new TreeMap<>();
        if (states().contains(name)) {
            settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
            settings.put(TopicConfig.SEGMENT_MS_CONFIG, Long.toString(ROLL_STATES.toMillis()));
            settings.put(TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, "0.1");
        } else {
            boolean asked = name.equals(topics.requests()) || name.equals(topics.feedback());
            Duration keep = asked ? KEEP_REQUESTS : KEEP_STATUS;
            Duration least = window.multipliedBy(2);
            settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
            settings.put(
                    TopicConfig.RETENTION_MS_CONFIG,
                    Long.toString((keep.compareTo(least) > 0 ? keep : least).toMillis()));
        }
        settings.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
        settings.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, replication >= 3 ? "2" : "1");
        settings.put(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "false");
        return settings;
    }

    /** How many partitions a new topic gets: as many as its partners have, if one is there already; one for states. */
    int partitions(String name, Map<String, Found> found, int wanted) {
        if (states().contains(name)) {
            return 1;
        }
        List<String> partners = List.of(topics.requests(), topics.status(), topics.feedback());
        if (!partners.contains(name)) {
            return wanted;
        }
        return partners.stream()
                .map(found::get)
                .filter(Objects::nonNull)
                .map(Found::partitions)
                .findFirst()
                .orElse(wanted);
    }

    private void checkCount(@Nullable Found requests, String name, @Nullable Found topic, List<String> problems) {
        if (requests != null && topic != null && requests.partitions() != topic.partitions()) {
            boolean fewer = topic.partitions() < requests.partitions();
            problems.add("topic " + name + ": has " + topic.partitions() + " partitions, " + topics.requests() + " has "
                    + requests.partitions() + "; add partitions to " + (fewer ? name : topics.requests())
                    + " until they agree");
        }
    }

    private static void checkStates(String name, @Nullable Found topic, List<String> problems) {
        if (topic == null) {
            return;
        }
        String policy = topic.setting(TopicConfig.CLEANUP_POLICY_CONFIG);
        if (!policy.equals(TopicConfig.CLEANUP_POLICY_COMPACT)) {
            problems.add("topic " + name + ": has cleanup.policy=" + policy + "; set it to compact");
        }
        if (topic.partitions() != 1) {
            problems.add("topic " + name + ": has " + topic.partitions()
                    + " partitions; delete it and make it anew with one: petrel topics --config …");
        }
    }

    private void checkKept(String name, @Nullable Found topic, List<String> problems) {
        if (topic == null) {
            return;
        }
        String policy = topic.setting(TopicConfig.CLEANUP_POLICY_CONFIG);
        if (!policy.equals(TopicConfig.CLEANUP_POLICY_DELETE)) {
            problems.add("topic " + name + ": has cleanup.policy=" + policy + "; set it to delete");
        }
        String retention = topic.setting(TopicConfig.RETENTION_MS_CONFIG);
        if (!isForever(retention) && Long.parseLong(retention) <= window.toMillis()) {
            problems.add(
                    "topic " + name + ": has retention.ms=" + retention + "; set it to more than " + window.toMillis()
                            + ": petrel.request.max-lifetime, petrel.receipts.window where receipts are on, and a minute");
        }
    }

    private static boolean isForever(String retention) {
        return Set.of("", "-1").contains(retention);
    }

    private static boolean hasBrokersTime(Found topic) {
        return topic.is(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
    }
}
