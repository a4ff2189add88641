package dev.petrel.kafka;

import dev.petrel.kafka.TopicRules.Found;
import dev.petrel.kafka.TopicRules.Verdict;
import dev.petrel.kafka.TopicRules.Warning;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Creates the topics that are missing, and says what is wrong with those that are there; it changes none of them. */
public final class TopicSetup {
    public static final int PARTITIONS = 12;

    /** More copies than this only cost. */
    private static final int REPLICATION = 3;

    private final KafkaConfig config;
    private final TopicRules rules;
    private final Duration patience;

    /** @param journalWindow how long a request may matter */
    public TopicSetup(KafkaConfig config, Duration journalWindow, Duration patience) {
        this.config = config;
        this.rules = new TopicRules(config.topics(), journalWindow);
        this.patience = patience;
    }

    /**
     * Blocks; not for an event loop.
     *
     * @param partitions of requests, status and feedback, if none is there yet, and of the dead-letter topic
     * @param replication of what is created; null: 3, or as many as there are brokers
     * @param out where each line about a topic goes
     * @return whether Petrel can work with all topics now
     * @throws TopicProblems if the brokers can't be asked or refuse
     */
    public boolean run(int partitions, @Nullable Integer replication, Consumer<String> out) {
        try (TopicAdmin admin = new TopicAdmin(config, patience)) {
            Map<String, Found> before = admin.find(rules.names());
            int copies = replication != null ? replication : Math.min(REPLICATION, admin.brokers());
            for (String name : rules.names()) {
                if (!before.containsKey(name)) {
                    int count = rules.partitions(name, before, partitions);
                    admin.create(name, count, copies, rules.settings(name, copies));
                    out.accept("topic " + name + ": created, " + count + " partitions, replication " + copies);
                }
            }
            Verdict verdict = rules.judge(admin.findAll(rules.names()));
            rules.names().stream()
                    .filter(before::containsKey)
                    .filter(inOrder(verdict))
                    .forEach(name -> out.accept("topic " + name + ": there already, and in order"));
            verdict.missing().forEach(name -> out.accept("topic " + name + ": was created and does not show up"));
            verdict.problems().forEach(out);
            verdict.warnings().stream().map(Warning::line).forEach(out);
            return verdict.missing().isEmpty() && verdict.problems().isEmpty();
        }
    }

    private static Predicate<String> inOrder(Verdict verdict) {
        return name -> verdict.problems().stream().noneMatch(line -> line.startsWith("topic " + name + ":"))
                && verdict.warnings().stream()
                        .noneMatch(warning -> warning.topic().equals(name));
    }
}
