package dev.petrel.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.metrics.Meters;
import dev.petrel.route.RouteConfig.Choice;
import dev.petrel.web.Tokens;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiveSettingsTest {
    private static final String RIGHT = """
            petrel:
              kafka: { bootstrap-servers: "kafka:9092" }
              request: { denied-countries: [KP] }
              receipts: { failover-after: 20s }
              providers:
                twilio-main:
                  type: twilio
                  account-sid: AC00000000000000000000000000000000
                  auth-token-file: %s
                  from: "+15005550006"
                  max-in-flight: 500
                  circuit-breaker: { window: 50 }
                sns-eu: { type: sns, region: eu-west-1 }
              routes:
                - providers: [ { id: twilio-main, weight: 70 }, { id: sns-eu, weight: 30 } ]
            """;

    @TempDir
    private Path directory;

    private Path file;
    private Path token;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private LiveSettings live;

    @BeforeEach
    void start() throws IOException {
        file = directory.resolve("petrel.yaml");
        token = Files.writeString(directory.resolve("token"), "the-first-token");
        Files.writeString(file, RIGHT.formatted(token));
        live = new LiveSettings(read(), this::read, new Meters(registry));
    }

    private Settings read() {
        return Settings.read(file, Map.of("HOSTNAME", "one"));
    }

    private void change(String from, String to) throws IOException {
        String text = Files.readString(file);
        assertThat(text).contains(from);
        Files.writeString(file, text.replace(from, to));
        live.look();
    }

    @Test
    void whatMattersFollowsTheFile() throws IOException {
        change("weight: 70", "weight: 10");
        change("denied-countries: [KP]", "denied-countries: [KP, IN]");
        change("failover-after: 20s", "failover-after: 25s");
        change("max-in-flight: 500", "max-in-flight: 50");
        change("window: 50", "window: 80");

        Settings now = live.get();
        assertThat(now.routes().rules().get(0).choices()).contains(new Choice("twilio-main", 1, 10));
        assertThat(now.guard().deniedCountries()).containsExactlyInAnyOrder("KP", "IN");
        assertThat(now.receipts().failoverAfter()).hasSeconds(25);
        assertThat(now.provider("twilio-main").limits().maxInFlight()).isEqualTo(50);
        assertThat(now.provider("twilio-main").limits().breaker().window()).isEqualTo(80);
        assertThat(registry.get("petrel.settings.changes").counter().count()).isEqualTo(5);
        assertThat(refused()).isZero();
    }

    @Test
    void whoMayOverruleFollowsTheFile() throws IOException {
        change("  receipts:", "  management: { tokens: 'alice:" + "0".repeat(32) + "' }\n  receipts:");
        assertThat(names()).containsExactly("alice");
        change("'alice:", "'bob:");
        assertThat(names()).containsExactly("bob");
        change("  management: { tokens: 'bob:" + "0".repeat(32) + "' }\n", "");
        assertThat(names()).isEmpty();
        assertThat(refused()).isZero();
    }

    private List<String> names() {
        return live.get().management().tokens().tokens().stream()
                .map(Tokens.Token::name)
                .toList();
    }

    @Test
    void aTokenInAFileFollowsTheFile() throws IOException {
        Files.writeString(token, "the-second-token");
        live.look();

        Settings.Vendor vendor = live.get().provider("twilio-main").vendor();
        assertThat(((Settings.Vendor.Twilio) vendor).config().authToken().value())
                .isEqualTo("the-second-token");
    }

    @ParameterizedTest
    @CsvSource({
        "weight: 70, weight: -1",
        "kafka:9092, kafka:9093",
        "from: , frmo: ",
        "region: eu-west-1, region: eu-west-2",
        "receipts: {, management: { port: 9 }\\n  receipts: {",
        "receipts: {, management: { host: 127.0.0.2 }\\n  receipts: {",
        "receipts: {, management: { tokens: alice:short }\\n  receipts: {",
        "receipts: {, tracing: { sample-rate: 9 }\\n  receipts: {",
        "account-sid: AC0, account-sid: AC1",
    })
    void whatIsWrongOrNeedsARestartIsRefusedWhole(String from, String to) throws IOException {
        Settings before = live.get();
        String text = Files.readString(file);
        change(from, to.replace("\\n", "\n"));
        change("denied-countries: [KP]", "denied-countries: [IN]");

        assertThat(live.get()).isSameAs(before);
        assertThat(refused()).isEqualTo(1);

        Files.writeString(file, text.replace("denied-countries: [KP]", "denied-countries: [IN]"));
        live.look();
        assertThat(refused()).isZero();
        assertThat(live.get().guard().deniedCountries()).containsExactly("IN");
    }

    @Test
    void aFileThatIsAwayChangesNothing() throws IOException {
        Settings before = live.get();
        Files.delete(file);
        live.look();

        assertThat(live.get()).isSameAs(before);
        assertThat(refused()).isEqualTo(1);
    }

    @Test
    void theSameAgainIsNoChange() {
        Settings before = live.get();
        List.of(1, 2, 3).forEach(time -> live.look());

        assertThat(live.get()).isSameAs(before);
        assertThat(registry.get("petrel.settings.changes").counter().count()).isZero();
    }

    private double refused() {
        return registry.get("petrel.settings.refused").gauge().value();
    }
}
