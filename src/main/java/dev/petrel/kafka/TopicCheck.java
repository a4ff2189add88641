package dev.petrel.kafka;

import dev.petrel.kafka.TopicRules.Risk;
import dev.petrel.kafka.TopicRules.Verdict;
import dev.petrel.kafka.TopicRules.Warning;
import dev.petrel.metrics.Meters;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the topics are as {@link TopicRules} wants them; asked once, before anything is read or written. */
public final class TopicCheck {
    public static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Logger log = LoggerFactory.getLogger(TopicCheck.class);

    private final KafkaConfig config;
    private final TopicRules rules;
    private final Meters meters;
    private final Duration patience;

    /**
     * @param journalWindow how long a request may matter
     * @param patience how long the brokers may take to answer
     */
    public TopicCheck(KafkaConfig config, Duration journalWindow, Meters meters, Duration patience) {
        this.config = config;
        this.rules = new TopicRules(config.topics(), journalWindow);
        this.meters = meters;
        this.patience = patience;
    }

    /**
     * Looks from a worker thread. Fails with {@link TopicProblems}, all at once, if Petrel can't work with them; what
     * is merely unwise goes to the log and to the metrics.
     */
    public Future<Void> require(Vertx vertx) {
        return vertx.executeBlocking(this::judge, false).compose(this::tell);
    }

    private Verdict judge() {
        try (TopicAdmin admin = new TopicAdmin(config, patience)) {
            return rules.judge(admin.find(rules.names()));
        }
    }

    private Future<Void> tell(Verdict verdict) {
        List<String> lines = new ArrayList<>();
        verdict.missing().forEach(name -> lines.add(TopicRules.missing(name)));
        lines.addAll(verdict.problems());
        if (!lines.isEmpty()) {
            return Future.failedFuture(new TopicProblems(lines));
        }
        verdict.warnings().forEach(warning -> log.warn("{}", warning.line()));
        for (String topic : rules.names()) {
            for (Risk risk : Risk.values()) {
                int present = verdict.warnings().contains(new Warning(topic, risk)) ? 1 : 0;
                meters.gauge(
                        "petrel.topic.risk",
                        "1 where a topic's settings cost safety, as they were at the start",
                        null,
                        () -> present,
                        "topic",
                        topic,
                        "risk",
                        risk.name().toLowerCase(Locale.ROOT));
            }
        }
        return Future.succeededFuture();
    }
}
