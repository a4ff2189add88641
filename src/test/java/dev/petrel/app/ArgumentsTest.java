package dev.petrel.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.petrel.config.InvalidSettings;
import dev.petrel.message.Msisdn;
import dev.petrel.trace.Hint;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {
    @Test
    void aTraceNeedsNoHint() {
        Arguments arguments = parse("trace r-1 --config a.yaml");

        assertThat(arguments.command()).isEqualTo(Arguments.Command.INQUIRY);
        assertThat(arguments.config()).isEqualTo(Path.of("a.yaml"));
        assertThat(arguments.inquiry()).isEqualTo(new TraceInquiry("r-1", Hint.none(), false));
    }

    @Test
    void aTraceTakesHintsInAnyOrder() {
        assertThat(parse("trace --json --partition=3 --config a --at 2026-11-24T05:05:00+01:00 r-1")
                        .inquiry())
                .isEqualTo(new TraceInquiry("r-1", new Hint(3, Instant.parse("2026-11-24T04:05:00Z"), null), true));
        assertThat(parse("trace r-1 --config a --source 3:1182").inquiry())
                .isEqualTo(new TraceInquiry("r-1", Hint.source(3, 1182), false));
    }

    @Test
    void deadLettersAreListedOrShown() {
        assertThat(parse("dlq list --config a").inquiry()).isEqualTo(new DeadLetterList(20, null));
        assertThat(parse("dlq list --config a --last 5 --since 1h").inquiry())
                .isEqualTo(new DeadLetterList(5, Duration.ofHours(1)));
        assertThat(parse("dlq show 0:17 --config a").inquiry()).isEqualTo(new DeadLetterShow(0, 17));
    }

    @Test
    void aRouteIsAskedForWithoutSettings() {
        Arguments arguments = parse("explain --to +12025550123 --tenant web --providers b,a --json"
                + " --url https://petrel.example/ops/ --token-file /run/t");

        assertThat(arguments.command()).isEqualTo(Arguments.Command.EXPLAIN);
        assertThat(arguments.route())
                .isEqualTo(new RouteInquiry(
                        new Msisdn("+12025550123"),
                        "web",
                        List.of("b", "a"),
                        URI.create("https://petrel.example/ops"),
                        Path.of("/run/t"),
                        true));
        assertThat(parse("explain --to=+12025550123").route())
                .isEqualTo(new RouteInquiry(
                        new Msisdn("+12025550123"), null, null, URI.create("http://127.0.0.1:8081"), null, false));
        assertThat(String.valueOf(arguments.route())).doesNotContain("2025550123");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        trace --config a                     | ID: is missing, must be 1 to 64 of A-Z a-z 0-9 . _ : -
        trace +12025550123 --config a        | ID: is none, must be 1 to 64 of A-Z a-z 0-9 . _ : -
        trace a/b --config a                 | ID: is none, must be 1 to 64 of A-Z a-z 0-9 . _ : -
        trace r-1                            | --config: is missing, must be the path of the settings file; --help says more
        trace r-1 --config a --partition x   | --partition: is x, must be 0 to 100000
        trace r-1 --config a --at 14:02      | --at: is 14:02, must be a time as 2026-11-24T04:05:00Z
        trace r-1 --config a --source 3      | --source: is 3, must be PARTITION:OFFSET, as 3:1182
        trace r-1 --config a --source        | --source: needs a value
        trace r-1 --config a --source 3:1 --partition 3 | --source: says both partition and time; leave --partition and --at out
        trace r-1 --config a --last 3        | --last: is no option; --help says what there is
        dlq --config a                       | dlq: must be dlq list or dlq show PARTITION:OFFSET; --help says more
        dlq drop --config a                  | dlq: must be dlq list or dlq show PARTITION:OFFSET; --help says more
        dlq list 3:17 --config a             | dlq: must be dlq list or dlq show PARTITION:OFFSET; --help says more
        dlq show --config a                  | dlq show: is missing, must be PARTITION:OFFSET, as 3:1182
        dlq show 17 --config a               | dlq show: is 17, must be PARTITION:OFFSET, as 3:1182
        dlq show 0:17 --config a --last 3    | --last: is of dlq list only
        dlq list --config a --last 0         | --last: is 0, must be 1 to 10000
        explain                              | --to: is missing, must be E.164 with +
        explain --to 2025550123              | --to: is none, must be E.164 with +
        explain --to +12025550123 --config a | --config: is no option; --help says what there is
        explain --to +12025550123 --tenant A | --tenant: is none, must be 1 to 32 of a-z 0-9 _ -
        explain --to +12025550123 --providers a,,b | --providers: is none, must be ids with commas between them, as twilio-main,sns-eu
        explain --to +12025550123 --url 127.0.0.1:8081 | --url: is none, must be http or https, a host and a port, as http://127.0.0.1:8081
        explain --to +12025550123 --url http://a:b@c | --url: is none, must be http or https, a host and a port, as http://127.0.0.1:8081
        explain --to +12025550123 --token abc | --token: is no option: everybody on this host would see it; use PETREL_TOKEN or --token-file
        dlq list --config a --since never    | --since: is never, must be a duration as 30m, 1h or 2d
        """)
    void aWrongLineIsRefused(String line, String mistake) {
        InvalidSettings refused = catchThrowableOfType(InvalidSettings.class, () -> parse(line));

        assertThat(refused.mistakes()).first().isEqualTo(mistake);
    }

    /** Whoever has the number only may try it as an id. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "trace +12025550123 --config a",
                "trace r-1 +12025550123 --config a",
                "dlq +12025550123 --config a",
                "explain +12025550123",
                "explain --to 12025550123",
                "explain --to +12025550123 --tenant +12025550123 --providers +12025550123 --url +12025550123",
                "explain --to +12025550123 --token +12025550123"
            })
    void noMistakeRepeatsANumber(String line) {
        InvalidSettings refused = catchThrowableOfType(InvalidSettings.class, () -> parse(line));

        assertThat(String.join("\n", refused.mistakes())).doesNotContain("2025550123");
    }

    private static Arguments parse(String line) {
        return Arguments.parse(List.of(line.split(" ")));
    }
}
