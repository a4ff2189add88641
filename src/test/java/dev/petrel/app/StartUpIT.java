package dev.petrel.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.guarantees.StatusReader;
import dev.petrel.guarantees.Trial;
import dev.petrel.testing.EmbeddedBroker;
import dev.petrel.testing.FreePorts;
import dev.petrel.testing.GatewayProcess;
import dev.petrel.testing.Platform;
import dev.petrel.web.ManagementServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator gets to see whose start goes wrong. */
class StartUpIT {
    @TempDir
    Path directory;

    @Test
    void listsEveryMistakeInTheSettingsAtOnceAndNeverASecret() throws Exception {
        Path file = settings("127.0.0.1:9092", "bad", """
                  providers:
                    twilio-main:
                      type: twilio
                      account-sid: AC-not-a-sid
                      auth-token: ${TWILIO_AUTH_TOKEN}
                      from: "+15005550006"
                      timeout: 5 minutes
                  held: { max: 0 }
                  retries: 3
                  routes: [ { providers: [ twilio-main, sns-eu ] } ]
                """);
        try (GatewayProcess process = GatewayProcess.start("--config", file.toString())) {
            assertThat(process.exitStatus()).isEqualTo(2);
            assertThat(process.out()).isEmpty();
            assertThat(process.err())
                    .hasSize(5)
                    .anyMatch(line -> line.contains("petrel.providers.twilio-main.account-sid"))
                    .anyMatch(
                            line -> line.contains("petrel.providers.twilio-main.timeout") && line.contains("5 minutes"))
                    .anyMatch(line -> line.contains("petrel.held.max") && line.contains("1 to"))
                    .anyMatch(line -> line.contains("petrel.retries"))
                    .anyMatch(line -> line.contains("petrel.routes[0].providers") && line.contains("sns-eu"))
                    .noneMatch(line -> line.contains(Platform.AUTH_TOKEN));
        }
    }

    @Test
    void namesTheTopicsThatAreMissingAndCreatesThemOnCommand() throws Exception {
        Path file = settings(EmbeddedBroker.shared().bootstrapServers(), "start-up", ONE_PROVIDER);
        try (GatewayProcess process = GatewayProcess.start("--config", file.toString())) {
            assertThat(process.exitStatus()).isEqualTo(1);
            assertThat(process.err())
                    .hasSize(7)
                    .anyMatch(line -> line.contains("start-up.requests:"))
                    .anyMatch(line -> line.contains("start-up.feedback:"))
                    .anyMatch(line -> line.contains("start-up.availability:"))
                    .anyMatch(line -> line.contains("start-up.control:"))
                    .anyMatch(line -> line.contains("start-up.instances:"))
                    .anyMatch(line -> line.contains("start-up.status:"))
                    .anyMatch(line -> line.contains("start-up.dlq:"))
                    .allMatch(line -> line.contains("petrel topics --config"));
        }
        try (GatewayProcess process = GatewayProcess.start(
                "topics", "--config", file.toString(), "--partitions", "2", "--replication", "1")) {
            assertThat(process.exitStatus()).isZero();
            assertThat(process.err()).isEmpty();
            assertThat(process.out()).anyMatch(line -> line.contains("start-up.status"));
        }
        try (GatewayProcess process = GatewayProcess.start("--config", file.toString())) {
            await().atMost(Trial.LONG)
                    .until(() -> process.out().stream().anyMatch(line -> line.contains("start-up.requests")));
            assertThat(process.terminate()).isZero();
            assertThat(process.err()).isEmpty();
        }
    }

    @Test
    void waitsForABrokerThatIsNotThereYetAndThenServes() throws Exception {
        EmbeddedBroker broker = EmbeddedBroker.start();
        try (broker;
                Platform platform = Platform.on(broker);
                StatusReader statuses = platform.statuses(event -> {})) {
            broker.stop();
            Path file = platform.settingsFile("early", "  logging: { level: info }\n");
            try (GatewayProcess early = GatewayProcess.start("--config", file.toString())) {
                await().atMost(Trial.LONG)
                        .until(() -> early.out().stream().anyMatch(line -> line.contains("no answer within")));
                assertThat(early.get(ManagementServer.LIVE).statusCode()).isEqualTo(200);
                HttpResponse<String> ready = early.get(ManagementServer.READY);
                assertThat(ready.statusCode()).isEqualTo(503);
                assertThat(ready.body()).contains("\"kafka\"");
                assertThat(early.out())
                        .as("a line of ours, and none of Kafka's clients")
                        .filteredOn(line -> line.contains(" WARN ") || line.contains(" ERROR "))
                        .singleElement()
                        .asString()
                        .contains("kafka at " + broker.bootstrapServers());

                broker.startAgain();
                String requestId = platform.requests("early-").ask(300, fields -> fields);
                await().atMost(Trial.LONG).until(() -> statuses.isOver(requestId));
                await().atMost(Trial.LONG).until(early::ready);
                assertThat(early.terminate()).isZero();
                assertThat(early.err()).isEmpty();
            } finally {
                Files.delete(file);
            }
        }
    }

    @Test
    void endsAtOnceWhereItIsStoppedWhileItWaitsForABroker() throws Exception {
        Path file = settings("127.0.0.1:" + FreePorts.next(), "nobody", ONE_PROVIDER);
        try (GatewayProcess process = GatewayProcess.start("--config", file.toString())) {
            await().atMost(Trial.LONG)
                    .until(() -> process.out().stream().anyMatch(line -> line.contains("no answer within")));
            assertThat(process.terminate()).isZero();
            assertThat(process.err()).isEmpty();
        }
    }

    @Test
    void endsAtOnceWhereItIsStoppedBeforeItHasBegunToJoin() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Path file = settings("127.0.0.1:" + silent.getLocalPort(), "silent", ONE_PROVIDER);
            try (GatewayProcess process = GatewayProcess.start("--config", file.toString());
                    Socket asking = silent.accept()) {
                assertThat(asking.isConnected()).isTrue();
                assertThat(process.terminate()).isZero();
                assertThat(process.err()).isEmpty();
            }
        }
    }

    private static final String ONE_PROVIDER = """
              providers:
                sns-eu: { type: sns, region: eu-west-1 }
              routes: [ { providers: [ sns-eu ] } ]
            """;

    private Path settings(String bootstrapServers, String topics, String more) throws IOException {
        return Files.writeString(directory.resolve("petrel.yaml"), """
                petrel:
                  kafka:
                    bootstrap-servers: "%s"
                    group-id: %s
                    topics: { requests: %2$s.requests, status: %2$s.status, dead-letter: %2$s.dlq, feedback: %2$s.feedback, availability: %2$s.availability, control: %2$s.control, instances: %2$s.instances }
                  management: { port: 0 }
                """.formatted(bootstrapServers, topics) + more);
    }
}
