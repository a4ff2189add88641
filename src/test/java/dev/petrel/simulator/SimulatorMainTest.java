package dev.petrel.simulator;

import static dev.petrel.simulator.Client.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulatorMainTest {

    @Test
    void readsItsCommandLine() {
        SimulatorSettings settings = Arguments.read(
                ("--control-port 9191 --provider twilio-main=twilio:9101 --provider sns-eu=sns:9102 --latency 50ms..2s"
                                + " --credential twilio-main=a=b --host 0.0.0.0 --max-calls 5 --seed 7")
                        .split(" "));

        assertThat(settings)
                .isEqualTo(new SimulatorSettings(
                        "0.0.0.0",
                        9191,
                        List.of(
                                new SimulatorSettings.Provider("twilio-main", Vendor.TWILIO, 9101, "a=b"),
                                new SimulatorSettings.Provider("sns-eu", Vendor.SNS, 9102, null)),
                        Latency.of(50, 2000),
                        5,
                        7));
        assertThat(settings.toString()).doesNotContain("a=b");
        assertThat(Arguments.read("--provider", "a=sns:1", "--no-calls").maxCalls())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "'', --provider: at least one is needed",
        "--provider, --provider: needs a value",
        "--provider x, '--provider: is x, must be NAME=VENDOR:PORT'",
        "--provider a=smpp:1, '--provider: the vendor is smpp, must be twilio or sns'",
        "--provider a=sns:70000, 'port of a: is 70000, must be 0 to 65535'",
        "--provider a=sns:1 --provider a=sns:2, --provider: a is there twice",
        "--provider a=sns:1 --latency fast, '--latency: is fast, must be a time such as 50ms or 2s'",
        "--provider a=sns:1 --latency 5s..1s, '--latency: p99: is 1000 ms, must be at least the median'",
        "--provider a=sns:1 --control-port x, '--control-port: is x, must be 0 to 65535'",
        "--provider a=sns:1 --credential b=c, --credential: no provider is named b",
        "--provider a=sns:1 --fast, --fast: no such option",
    })
    void saysWhichOptionIsWrong(String line, String error) {
        String[] arguments = line.isEmpty() ? new String[0] : line.split(" ");

        assertThatThrownBy(() -> read(arguments))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(error);
    }

    @Test
    @Timeout(60)
    void runsUntilItIsToldToStop() throws Exception {
        Vertx vertx = Vertx.vertx();
        Process process = process("--control-port", "0", "--provider", "sns-eu=sns:0", "--no-calls");
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String control = lineWith(out, "control");
            String sns = lineWith(out, "sns-eu (sns)");
            assertThat(got(new Client(vertx)
                                    .send(
                                            HttpMethod.POST,
                                            sns + "/",
                                            MultiMap.caseInsensitiveMultiMap(),
                                            "Action=Publish&PhoneNumber=%2B14155550132&Message=000000"))
                            .status())
                    .isEqualTo(200);
            assertThat(new Client(vertx)
                            .control(HttpMethod.GET, control + "/providers/sns-eu", "")
                            .json()
                            .getJsonObject("counts")
                            .getLong("taken"))
                    .isEqualTo(1);

            // not the process's own destroy, which closes its output as well
            assertThat(process.toHandle().destroy()).isTrue();

            assertThat(lines(out)).contains("closed");
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(128 + 15);
        } finally {
            process.destroyForcibly();
            got(vertx.close());
        }
    }

    @Test
    @Timeout(60)
    void endsWithOneLineAndItsUsageWhenItCanNotRun() throws Exception {
        Process process = process("--provider", "a=smpp:1");
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(lines(out))
                    .startsWith("--provider: the vendor is smpp, must be twilio or sns")
                    .anyMatch(line -> line.startsWith("usage:"));
            assertThat(process.waitFor()).isEqualTo(2);
        } finally {
            process.destroyForcibly();
        }
    }

    private static void read(String... arguments) {
        assertThat(Arguments.read(arguments)).isNotNull();
    }

    private static Process process(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                SimulatorMain.class.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    /** The URL at the end of the line that begins so. */
    private static String lineWith(BufferedReader out, String beginning) throws IOException {
        String line = out.readLine();
        while (line != null && !line.startsWith(beginning)) {
            line = out.readLine();
        }
        assertThat(line).isNotNull();
        return String.valueOf(line).substring(String.valueOf(line).lastIndexOf(' ') + 1);
    }

    private static List<String> lines(BufferedReader out) throws IOException {
        return out.lines().toList();
    }
}
