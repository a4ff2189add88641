package dev.petrel.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.testing.EmbeddedBroker;
import dev.petrel.testing.Platform;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code petrel instances}, as an operator types it. */
class InstancesIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    @Test
    void showsWhoOwnsWhatAndForgetsWhoHasLeft() throws Exception {
        try (Platform platform = Platform.on(EmbeddedBroker.shared())) {
            Path config = platform.settingsFile("operator", "");
            try {
                assertThat(instances(config)).isEmpty();
                Gateway first = platform.gateway();
                await().atMost(LONG)
                        .untilAsserted(() -> assertThat(instances(config))
                                .singleElement()
                                .asString()
                                .matches(".*  ready  partitions 0( [0-9]+)*  in flight 0  held 0  lease [0-9.]+ s"
                                        + "  sns-eu breaker closed, 0 out, twilio-main breaker closed, 0 out"));
                platform.gateway();
                await().atMost(LONG)
                        .untilAsserted(() -> assertThat(instances(config))
                                .hasSize(2)
                                .allMatch(line -> line.matches(".*  ready  partitions [0-9].*")));

                Platform.get(first.stop());
                await().atMost(LONG)
                        .untilAsserted(() -> assertThat(instances(config))
                                .singleElement()
                                .asString()
                                .contains("  ready  partitions 0"));
            } finally {
                Files.delete(config);
            }
        }
    }

    private static List<String> instances(Path config) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Main main = new Main(
                Map.of("TWILIO_AUTH_TOKEN", Platform.AUTH_TOKEN),
                new PrintStream(out, true, UTF_8),
                new PrintStream(new ByteArrayOutputStream(), true, UTF_8));
        int status = main.run(List.of("instances", "--config", config.toString()));
        List<String> lines = out.toString(UTF_8).lines().toList();
        assertThat(status).isEqualTo(lines.isEmpty() ? Main.FAILED : Main.OK);
        return lines;
    }
}
