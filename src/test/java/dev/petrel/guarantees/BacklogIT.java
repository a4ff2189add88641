package dev.petrel.guarantees;

import static dev.petrel.guarantees.Trial.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.app.Gateway;
import dev.petrel.simulator.Mode;
import dev.petrel.testing.Platform;
import java.time.Instant;
import java.util.List;
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

    @Test
    void waitsInKafkaWithoutCostingThePlaceInTheGroup() throws Exception {
        try (Trial trial = Trial.begin()) {
            Gateway gateway = trial.platform().gateway("  held: { max: " + HELD + " }\n", Trial.QUICK_BREAKERS);
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
