package dev.petrel.guarantees;

import static dev.petrel.guarantees.Trial.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.testing.EmbeddedBroker;
import dev.petrel.testing.GatewayProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Who may not write to the status topic sends nothing, however often it is started. */
class NoWriteRightIT {
    private static final int REQUESTS = 200;

    @Test
    void aLoopOfRestartsSendsNoCode() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start();
                Trial trial = Trial.on(broker)) {
            Path settings = trial.platform().settingsFile("looping", "");
            trial.keepBusy();
            try (GatewayProcess first = GatewayProcess.start("--config", settings.toString())) {
                trial.ask(REQUESTS / 2);
                await().atMost(LONG).until(() -> trial.statuses().finals() > 20);
                broker.denyWrites(trial.platform().statusTopic());
                trial.ask(REQUESTS / 2);
                endsWithOneLine(first);
            }
            Set<String> told =
                    trial.statuses().told().stream().map(Told::requestId).collect(Collectors.toSet());
            Map<Integer, Long> committed = trial.committed();
            List<Seen> seen = trial.platform().seen();
            for (int i = 0; i < 3; i++) {
                try (GatewayProcess again = GatewayProcess.start("--config", settings.toString())) {
                    endsWithOneLine(again);
                }
            }
            assertThat(trial.platform().seen()).hasSameSizeAs(seen);
            assertThat(trial.committed()).isEqualTo(committed);

            broker.allowWrites(trial.platform().statusTopic());
            trial.platform().gateway();
            trial.settle();
            Map<String, Long> calls = callsByText(trial);
            assertThat(calls).hasSize(REQUESTS);
            assertThat(calls.values()).allMatch(count -> count <= 2);
            assertThat(trial.requests().asked())
                    .filteredOn(request -> told.contains(request.requestId()))
                    .isNotEmpty()
                    .allMatch(request -> calls.get(request.text()) == 1);
            Files.delete(settings);
        }
    }

    private static void endsWithOneLine(GatewayProcess process) throws Exception {
        assertThat(process.exitStatus()).isEqualTo(3);
        assertThat(process.err())
                .singleElement()
                .satisfies(line -> assertThat(line).contains("status"));
    }

    private static Map<String, Long> callsByText(Trial trial) {
        return trial.platform().seen().stream().collect(Collectors.groupingBy(Seen::text, Collectors.counting()));
    }
}
