package dev.petrel.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page that operators read says what the simulator does. */
class SimulatorPageTest {
    private static final Pattern ORDER = Pattern.compile("^curl -X PUT \\$P/behavior -d '(.*)'$", Pattern.MULTILINE);

    @Test
    void everyOrderOnThePageIsUnderstood() throws IOException {
        List<Behavior> orders = ORDER.matcher(page())
                .results()
                .map(found -> BehaviorJson.read(new JsonObject(found.group(1))))
                .toList();

        assertThat(orders).hasSizeGreaterThanOrEqualTo(12).endsWith(Behavior.healthy());
    }

    @Test
    void everyModeAndEveryKindOfReceiptsIsOnThePage() throws IOException {
        List<String> words = Pattern.compile("^\\| `([a-z0-9_]+)` \\|", Pattern.MULTILINE)
                .matcher(page())
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();

        assertThat(words)
                .containsExactlyElementsOf(Stream.concat(
                                Stream.of(Mode.Kind.values()).map(Mode.Kind::wire),
                                Stream.of(Receipts.Kind.values()).map(Receipts.Kind::wire))
                        .toList());
    }

    private static String page() throws IOException {
        return Files.readString(Path.of("docs/simulator.md"));
    }
}
