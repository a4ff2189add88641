package dev.petrel.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.guarantees.RequestStream;
import dev.petrel.guarantees.StatusReader;
import dev.petrel.guarantees.Told;
import dev.petrel.simulator.Call;
import dev.petrel.simulator.SimulatedProvider;
import dev.petrel.simulator.Simulator;
import dev.petrel.simulator.SimulatorSettings;
import dev.petrel.simulator.Vendor;
import dev.petrel.testing.EmbeddedBroker;
import dev.petrel.testing.Platform;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway that runs follows its file, and the files of secrets that it names. */
class SettingsFollowedIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String SECRET = "secret-of-nobody-000000-000000-000000";
    private static final String BOTH = "providers: [ twilio-main, sns-eu ]";
    private static final String ONLY_SNS = "providers: [ sns-eu ]";

    @TempDir
    private Path directory;

    private final Vertx vertx = Vertx.vertx();
    private Platform platform;
    private RequestStream requests;
    private StatusReader statuses;
    private Path file;
    private Gateway gateway;

    @BeforeEach
    void prepare() throws Exception {
        platform = Platform.on(EmbeddedBroker.shared());
        requests = platform.requests("f-");
        statuses = platform.statuses(event -> {});
    }

    @AfterEach
    void stop() throws Exception {
        if (gateway != null) {
            Platform.get(gateway.stop());
        }
        platform.close();
        Platform.get(vertx.close());
    }

    @Test
    void newCodesTakeTheNewWay() throws Exception {
        start("");
        assertThat(takenBy(code())).isEqualTo("twilio-main");

        change(BOTH, ONLY_SNS);
        awaitMetric("petrel_settings_changes_total 1.0");

        assertThat(takenBy(code())).isEqualTo("sns-eu");
        assertThat(platform.provider("twilio-main").calls()).hasSize(1);
    }

    @Test
    void aFileThatIsWrongIsRefusedWholeAndTheOldOneGoesOn() throws Exception {
        start("");
        String right = Files.readString(file);

        replace(file, right.replace(BOTH, ONLY_SNS).replace("region: eu-west-1", "regoin: eu-west-1"));
        awaitMetric("petrel_settings_refused 1.0");

        assertThat(takenBy(code())).isEqualTo("twilio-main");
        assertThat(Platform.metrics(gateway)).contains("petrel_settings_changes_total 0.0");

        replace(file, right.replace(BOTH, ONLY_SNS));
        awaitMetric("petrel_settings_refused 0.0");
        assertThat(takenBy(code())).isEqualTo("sns-eu");
    }

    @Test
    void aProvidersTokenIsTheOneThatItsFileHoldsNow() throws Exception {
        Path token = Files.writeString(directory.resolve("twilio"), "the-first-of-two-tokens");
        SimulatedProvider strict = twilioThatWants("the-second-of-two-tokens");
        start(
                "",
                "auth-token: ${TWILIO_AUTH_TOKEN}",
                "auth-token-file: " + token + "\n      circuit-breaker: { open-for: 100ms }",
                platform.provider("twilio-main").url(),
                strict.url());
        String refused = code();
        assertThat(takenBy(refused)).isEqualTo("sns-eu");
        assertThat(statuses.told(refused).get(0).reasonClass()).isEqualTo("provider_fault");

        replace(token, "the-second-of-two-tokens");
        awaitMetric("petrel_settings_changes_total 1.0");

        await().atMost(LONG).until(() -> takenBy(code()).equals("twilio-main")); // its breaker is open for a moment
        long last = strict.calls().size();
        assertThat(takenBy(code())).isEqualTo("twilio-main");
        assertThat(strict.calls(last, 1)).singleElement().matches(Call::accepted);
    }

    @Test
    void whoIsTakenOutOfTheTokensIsRefusedAndWhoIsPutInIsServed() throws Exception {
        Path tokens = Files.writeString(directory.resolve("tokens"), "alice:" + SECRET);
        start("  management: { port: 0, tokens-file: \"" + tokens + "\" }\n");
        assertThat(orders(SECRET)).isEqualTo(200);
        assertThat(orders(SECRET + "-of-bob")).isEqualTo(401);

        replace(tokens, "bob:" + SECRET + "-of-bob");
        awaitMetric("petrel_settings_changes_total 1.0");

        assertThat(orders(SECRET)).isEqualTo(401);
        assertThat(orders(SECRET + "-of-bob")).isEqualTo(200);
    }

    /** @param changes of the file, by what stands there and what is to stand there */
    private void start(String more, String... changes) throws Exception {
        String text = Files.readString(move(platform.settingsFile("follower", more)));
        for (int i = 0; i < changes.length; i += 2) {
            assertThat(text).contains(changes[i]);
            text = text.replace(changes[i], changes[i + 1]);
        }
        replace(file, text);
        Map<String, String> environment = Map.of("TWILIO_AUTH_TOKEN", Platform.AUTH_TOKEN, "HOSTNAME", "follower");
        gateway = Platform.get(Gateway.start(
                Settings.read(file, environment),
                () -> Settings.read(file, environment),
                Promise.<Void>promise().future()));
        await().atMost(LONG).until(gateway::ready);
    }

    private Path move(Path made) throws IOException {
        file = Files.move(made, directory.resolve("petrel.yaml"));
        return file;
    }

    private void change(String from, String to) throws IOException {
        String text = Files.readString(file);
        assertThat(text).contains(from);
        replace(file, text.replace(from, to));
    }

    /** In one step: the gateway may look at any time. */
    private void replace(Path target, String text) throws IOException {
        Path next = Files.writeString(directory.resolve("next"), text);
        Files.move(next, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private SimulatedProvider twilioThatWants(String token) throws Exception {
        Simulator simulator = Platform.get(Simulator.start(
                vertx,
                SimulatorSettings.onFreePorts()
                        .withProvider(new SimulatorSettings.Provider("twilio-main", Vendor.TWILIO, 0, token))));
        return simulator.provider("twilio-main");
    }

    /** Asks for one more and waits for its end. */
    private String code() {
        String id = requests.ask(300, fields -> fields);
        requests.flush();
        await().atMost(LONG).until(() -> statuses.isOver(id));
        return id;
    }

    private String takenBy(String requestId) {
        List<String> takers = statuses.told(requestId).stream()
                .filter(told -> told.status().equals("submitted"))
                .map(Told::provider)
                .toList();
        assertThat(takers).hasSize(1);
        return takers.get(0);
    }

    private void awaitMetric(String line) {
        await().atMost(LONG).until(() -> Platform.metrics(gateway).contains(line));
    }

    private int orders(String secret) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + gateway.managementPort() + "/v1/orders");
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("Authorization", "Bearer " + secret)
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
