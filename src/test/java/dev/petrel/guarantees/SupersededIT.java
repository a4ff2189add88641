package dev.petrel.guarantees;

import static dev.petrel.guarantees.Trial.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.simulator.Mode;
import dev.petrel.testing.GatewayProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A user asks for a second code while the first can't be sent: no provider gets both, whoever owns them. */
class SupersededIT {
    private static final String NUMBER = "+12025550143";

    @Test
    void theOlderCodeIsNotSentNeitherNowNorByTheOwnerAfterAKill() throws Exception {
        try (Trial trial = Trial.begin()) {
            trial.behave("twilio-main", Mode.empty503());
            trial.behave("sns-eu", Mode.empty503());
            Path settings = trial.platform().settingsFile("killed", "");
            try (GatewayProcess killed = GatewayProcess.start("--config", settings.toString())) {
                ask(trial, "first", null);
                await().atMost(LONG).until(() -> trial.statuses().told("first").size() >= 2);
                ask(trial, "second", "first");
                await().atMost(LONG).until(() -> trial.statuses().isOver("first"));
                ask(trial, "fourth", "third");
                await().atMost(LONG)
                        .until(() -> !trial.statuses().told("second").isEmpty()
                                && !trial.statuses().told("fourth").isEmpty());
                killed.kill();
            }
            trial.platform().gateway();
            ask(trial, "third", null);
            await().atMost(LONG).until(() -> trial.statuses().isOver("third"));
            trial.behave("twilio-main", Mode.healthy());
            trial.settle();

            assertThat(statusOf(trial, "first")).isEqualTo("superseded");
            assertThat(statusOf(trial, "second")).isEqualTo("submitted");
            assertThat(statusOf(trial, "third")).isEqualTo("superseded");
            assertThat(statusOf(trial, "fourth")).isEqualTo("submitted");
            assertThat(trial.statuses().told("third")).hasSize(1);
            List<Told> second = trial.statuses().told("second");
            assertThat(second.get(second.size() - 1).number()).isGreaterThan(1);
            Files.delete(settings);
        }
    }

    private static void ask(Trial trial, String id, String supersedes) {
        trial.ask(fields -> {
            fields.put("requestId", id).put("to", NUMBER);
            return supersedes == null ? fields : fields.put("supersedes", supersedes);
        });
        trial.requests().flush();
    }

    private static String statusOf(Trial trial, String id) {
        return trial.statuses().finalOf(id).orElseThrow().status();
    }
}
