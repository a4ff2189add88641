package dev.petrel.guarantees;

import static dev.petrel.guarantees.Trial.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.testing.GatewayProcess;
import dev.petrel.testing.Platform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Petrel as processes that are stopped by SIGTERM under load, as an orchestrator does it. */
class RollingUpdateIT {
    private static final int RATE = 50;

    @Test
    void sendsNothingTwiceAndLosesNothing() throws Exception {
        try (Trial trial = Trial.begin()) {
            // whatever is asked for, no line shows a number or a text
            Path settings = trial.platform().settingsFile("petrel", "  logging: { level: trace }\n");
            List<String> lines = new ArrayList<>();
            try (GatewayProcess first = GatewayProcess.start("--config", settings.toString());
                    GatewayProcess second = GatewayProcess.start("--config", settings.toString())) {
                trial.requests().start(RATE);
                await().atMost(LONG)
                        .until(() -> trial.statuses().told().stream()
                                        .map(Told::writer)
                                        .map(writer -> writer.replaceAll("/[0-9]+$", ""))
                                        .distinct()
                                        .count()
                                == 2);
                assertThat(first.terminate()).isZero();
                assertThat(first.err()).isEmpty();
                long finals = trial.statuses().finals();
                await().atMost(LONG).until(() -> trial.statuses().finals() > finals + 2 * RATE);
                assertThat(second.terminate()).isZero();
                assertThat(second.err()).isEmpty();
                lines.addAll(first.out());
                lines.addAll(second.out());
            }
            // nobody is there now: what comes waits
            int asked = trial.requests().asked().size();
            try (GatewayProcess third = GatewayProcess.start("--config", settings.toString())) {
                await().atMost(LONG).until(() -> trial.statuses().finals() > asked + RATE);
                trial.requests().pause();
                trial.settle();
                assertThat(third.terminate()).isZero();
                assertThat(third.err()).isEmpty();
                lines.addAll(third.out());
            }
            Balance balance = trial.promisesHold();
            assertThat(balance.doubles()).isZero();
            assertThat(balance.finals()).containsOnlyKeys("submitted");
            assertThat(trial.statuses().told()).hasSize(balance.requests());
            assertThat(lines).hasSizeGreaterThan(10).noneMatch(line -> line.contains(Platform.AUTH_TOKEN));
            trial.requests()
                    .asked()
                    .forEach(request -> assertThat(lines)
                            .noneMatch(
                                    line -> line.contains(request.to().substring(1)) || line.contains(request.text())));
        }
    }
}
