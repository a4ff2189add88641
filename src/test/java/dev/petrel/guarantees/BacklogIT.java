package dev.petrel.guarantees;

import static dev.petrel.guarantees.Trial.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.app.Gateway;
import dev.petrel.simulator.Mode;
import dev.petrel.testing.Platform;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.junit.jupiter.api.Test;

/** Thousands of requests come while every provider hangs: they wait in Kafka. */
class BacklogIT {
    private static final int BACKLOG = 3000;
    private static final int HELD = 300;
    /** What one poll may bring beyond the limit. */
    private static final int ONE_POLL = 200;

    private static final String EVENLY = """
              routes:
                - providers:
                    - { id: twilio-main, priority: 1, weight: 50 }
                    - { id: sns-eu, priority: 1, weight: 50 }
            """;
    private static final Map<String, String> FEW_AT_ONCE = Map.of(
            "PETREL_PROVIDERS_TWILIO_MAIN_MAX_IN_FLIGHT",
            "20",
            "PETREL_PROVIDERS_SNS_EU_MAX_IN_FLIGHT",
            "20",
            "PETREL_ATTEMPT_MAX_WAIT",
            "10s");

    @Test
    void waitsInKafkaWithoutCostingThePlaceInTheGroup() throws Exception {
        try (Trial trial = Trial.begin()) {
            Gateway gateway = trial.platform().gateway("  held: { max: " + HELD + " }\n", Trial.QUICK);
            List<String> members = members(trial);
            trial.behave("twilio-main", Mode.blackHole());
            trial.behave("sns-eu", Mode.blackHole());
            trial.ask(BACKLOG);
            trial.requests().flush();
            await().atMost(LONG).until(() -> gauge(gateway, "petrel_held") >= HELD);
            Instant full = Instant.now();
            // longer than the session, which is 10 s
            await().atMost(LONG).until(() -> {
                assertThat(gauge(gateway, "petrel_held")).isLessThanOrEqualTo(HELD + ONE_POLL);
                return Instant.now().isAfter(full.plusSeconds(12));
            });
            assertThat(members(trial)).isEqualTo(members);
            assertThat(trial.statuses().takeOvers()).isEqualTo(4);
            assertThat(gauge(gateway, "petrel_lag_records")).isGreaterThan(BACKLOG - 2.0 * HELD - ONE_POLL);

            trial.behave("twilio-main", Mode.healthy());
            trial.behave("sns-eu", Mode.healthy());
            Balance balance = trial.promisesHold();
            assertThat(balance.requests()).isEqualTo(BACKLOG);
            assertThat(balance.finals().getOrDefault("submitted", 0L)).isGreaterThan(BACKLOG - HELD - ONE_POLL);
            assertThat(trial.statuses().takeOvers()).isEqualTo(4);
        }
    }

    /** Providers are well; there is only more than they may be given at once. */
    @Test
    void waitsInKafkaWhileEveryProviderHasItsFill() throws Exception {
        try (Trial trial = Trial.begin()) {
            trial.keepBusy();
            Gateway gateway = trial.platform().gateway(EVENLY, FEW_AT_ONCE);
            trial.ask(BACKLOG);
            trial.requests().flush();
            AtomicInteger few = new AtomicInteger();
            AtomicInteger many = new AtomicInteger();
            await().atMost(LONG.multipliedBy(3))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> {
                        boolean waitsInKafka = gauge(gateway, "petrel_held") < BACKLOG / 3.0;
                        (waitsInKafka ? few : many).incrementAndGet();
                        return trial.statuses().finals() == BACKLOG;
                    });
            // were all taken in, a third of them would be left after two thirds of the time
            assertThat(few).hasValueGreaterThan(many.get());
            assertThat(trial.promisesHold().finals()).containsOnlyKeys("submitted");
        }
    }

    private static List<String> members(Trial trial) throws Exception {
        String group = trial.platform().group();
        try (Admin admin = trial.platform().broker().admin()) {
            return admin.describeConsumerGroups(List.of(group)).all().get().get(group).members().stream()
                    .map(MemberDescription::consumerId)
                    .toList();
        }
    }

    private static double gauge(Gateway gateway, String name) throws Exception {
        Matcher line = Pattern.compile("(?m)^" + name + " (\\S+)$").matcher(Platform.metrics(gateway));
        assertThat(line.find()).as(name).isTrue();
        return Double.parseDouble(line.group(1));
    }
}
