package dev.petrel.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.config.InvalidSettings;
import dev.petrel.kafka.TopicProblems;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Main main = new Main(
            Map.of(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));

    @Test
    void explainsItself() {
        assertThat(run("--help")).isEqualTo(Main.OK);
        assertThat(text(out)).contains("petrel --config FILE").contains("petrel topics --config FILE");
        assertThat(text(err)).isEmpty();
    }

    @Test
    void tellsItsVersion() {
        assertThat(run("--version")).isEqualTo(Main.OK);
        assertThat(text(out)).startsWith("petrel ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        ''                                | --config: is missing, must be the path of the settings file; --help says more
        --config                          | --config: needs a value
        --confg a.yaml                    | --confg: is no option; --help says what there is
        run --config a.yaml               | run: is no option; --help says what there is
        --config a.yaml --partitions 3    | --partitions: is no option; --help says what there is
        topics --config a --partitions x  | --partitions: is x, must be 1 to 10000
        topics --config=a --replication=0 | --replication: is 0, must be 1 to 100
        --config nowhere.yaml             | --config: there is no file nowhere.yaml
        topics --config nowhere.yaml      | --config: there is no file nowhere.yaml
        """)
    void aWrongCommandLineIsToldInALine(String words, String line) {
        assertThat(run(words.isEmpty() ? new String[0] : words.split(" "))).isEqualTo(Main.WRONG);
        assertThat(text(err).lines()).first().isEqualTo(line);
        assertThat(text(err)).doesNotContain("\tat ");
        assertThat(text(out)).isEmpty();
    }

    @Test
    void wrongSettingsAreToldOneALine() throws IOException {
        Path file = Files.writeString(directory.resolve("petrel.yaml"), "petrel: { kafka: { group-id: g } }");

        assertThat(run("--config", file.toString())).isEqualTo(Main.WRONG);
        assertThat(text(err).lines())
                .containsExactly(
                        "petrel.kafka.bootstrap-servers: is missing, must be host:port, host:port, …",
                        "petrel.providers: is empty, must be at least one provider",
                        "petrel.routes: is empty, must be a list with at least one route");
    }

    @Test
    void aKafkaThatCantBeFoundIsToldInALine() throws IOException {
        Path file = Files.writeString(directory.resolve("petrel.yaml"), """
                petrel:
                  kafka: { bootstrap-servers: 'kafka.invalid:9092' }
                  providers: { sns-eu: { type: sns, region: eu-west-1 } }
                  routes: [ { providers: [sns-eu] } ]
                """);

        assertThat(run("topics", "--config", file.toString())).isEqualTo(Main.FAILED);
        assertThat(text(err).lines())
                .containsExactly("kafka at kafka.invalid:9092: none of these names can be resolved"
                        + " (petrel.kafka.bootstrap-servers)");
    }

    @Test
    void readsAWholeCommandLine() {
        assertThat(Arguments.parse(List.of("topics", "--config", "a", "--partitions=6", "--replication", "2")))
                .isEqualTo(new Arguments(Arguments.Command.TOPICS, Path.of("a"), 6, 2, null, null));
        assertThat(Arguments.parse(List.of("--config=a")))
                .isEqualTo(new Arguments(Arguments.Command.RUN, Path.of("a"), 12, null, null, null));
    }

    @Test
    void whatKeptItFromStartingIsOneLineEach() {
        assertThat(Main.lines(new TopicProblems(List.of("a", "b")))).containsExactly("a", "b");
        assertThat(Main.lines(new InvalidSettings(List.of("a", "b")))).containsExactly("a", "b");
        assertThat(Main.lines(new IllegalStateException("a\nb"))).containsExactly("petrel: a b");
        assertThat(Main.lines(new IllegalStateException())).containsExactly("petrel: IllegalStateException");
    }

    private int run(String... words) {
        return main.run(List.of(words));
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
