package dev.petrel.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.petrel.attempt.BreakerConfig;
import dev.petrel.attempt.ProviderConfig;
import dev.petrel.config.InvalidSettings;
import dev.petrel.delivery.DeliveryConfig;
import dev.petrel.delivery.DeliveryConfig.OnAmbiguous;
import dev.petrel.delivery.ReceiptConfig;
import dev.petrel.guard.GuardConfig;
import dev.petrel.kafka.KafkaConfig;
import dev.petrel.kafka.KafkaConfig.GroupProtocol;
import dev.petrel.kafka.RequestConfig;
import dev.petrel.message.NumberType;
import dev.petrel.message.ReasonClass;
import dev.petrel.provider.sns.SnsConfig;
import dev.petrel.provider.twilio.TwilioConfig;
import dev.petrel.receipt.CallbackKeys;
import dev.petrel.route.RouteConfig;
import dev.petrel.telemetry.TracingConfig;
import dev.petrel.web.ManagementConfig;
import dev.petrel.web.TenantTokens;
import dev.petrel.web.Tokens;
import dev.petrel.web.WebConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    private static final String TOKEN = "token-000000-of-nobody";
    private static final String SECRET = "secret-000000-of-nobody-000000-000000";
    private static final String KEYS = "k2:" + SECRET + "-2,k1:" + SECRET + "-1";

    @TempDir
    Path secrets;

    private final Map<String, String> env = new HashMap<>();

    @BeforeEach
    void putSecretsWhereTheFileSaysTheyAre() throws IOException {
        Files.writeString(secrets.resolve("twilio-more"), TOKEN + "-more\n");
        env.put("SECRETS", secrets.toString());
        env.put("TWILIO_AUTH_TOKEN", TOKEN);
        env.put("RECEIPT_KEYS", KEYS);
        env.put("ADMIN_TOKENS", "alice:" + SECRET + "-3, night-watch:" + SECRET + "-4");
        env.put("TENANT_TOKENS", "web:" + SECRET + "-5, web:" + SECRET + "-6, shop_1:" + SECRET + "-7");
        env.put("KAFKA_JAAS", "…PlainLoginModule required password=\"pa$${w0rd}\";");
    }

    @Test
    void theSmallestFileThatWorksHasTheDefaultsOfTheContract() {
        BreakerConfig breaker = new BreakerConfig(
                "petrel.providers.sns-eu", 50, Duration.ofSeconds(2), 80, 50, 20, Duration.ofSeconds(10), 10);

        assertThat(load(file("minimal")))
                .isEqualTo(new Settings(
                        new KafkaConfig(
                                "host-1",
                                "localhost:9092",
                                "petrel",
                                GroupProtocol.CLASSIC,
                                new KafkaConfig.Topics(
                                        "sms.requests",
                                        "sms.status",
                                        "sms.requests.dlq",
                                        "sms.feedback",
                                        "sms.availability",
                                        "sms.control",
                                        "sms.instances"),
                                Map.of(),
                                Duration.ofSeconds(5),
                                Duration.ofSeconds(10)),
                        new RequestConfig(Duration.ofMinutes(5), Duration.ofMinutes(10)),
                        new DeliveryConfig(
                                Duration.ofSeconds(5),
                                4,
                                OnAmbiguous.NEXT,
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(8),
                                2000,
                                100_000,
                                32 << 20,
                                Duration.ofSeconds(30)),
                        new GuardConfig(
                                Set.of(),
                                Set.of(),
                                Set.of(
                                        NumberType.PREMIUM_RATE,
                                        NumberType.SHARED_COST,
                                        NumberType.PAGER,
                                        NumberType.UAN,
                                        NumberType.VOICEMAIL),
                                Map.of()),
                        List.of(new Settings.Provider(
                                new ProviderConfig(
                                        "sns-eu", Duration.ofSeconds(3), 500, null, Duration.ofSeconds(1), breaker),
                                new Settings.Vendor.Sns(new SnsConfig(
                                        "sns-eu", "eu-west-1", null, null, 20_000, Duration.ofSeconds(3), Map.of())))),
                        new RouteConfig(List.of(
                                new RouteConfig.Rule(Set.of(), List.of(new RouteConfig.Choice("sns-eu", 1, 1))))),
                        new WebConfig(8080, "0.0.0.0", null),
                        TenantTokens.none(),
                        new ReceiptConfig(false, Duration.ofSeconds(20), Duration.ofMinutes(10), 500_000),
                        CallbackKeys.none(),
                        new ManagementConfig(8081, "127.0.0.1", Tokens.none()),
                        new TracingConfig(null, 100),
                        new LoggingConfig(LoggingConfig.Format.TEXT, LoggingConfig.Level.INFO)));
    }

    @Test
    void twilioIsAskedAtItsOwnAddressUnlessToldOtherwise() {
        Map<String, String> file = file("full");
        file.remove("petrel.providers.twilio-main.base-url");

        assertThat(twilio(load(file), "twilio-main").baseUrl()).isEqualTo(URI.create("https://api.twilio.com"));
    }

    @Test
    void readsEveryKindOfValue() {
        Settings settings = load(file("full"));

        assertThat(settings.kafka().properties())
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("sasl.mechanism", "PLAIN")
                .containsEntry("sasl.jaas.config", env.get("KAFKA_JAAS"));
        assertThat(settings.guard().allowedCountries()).containsExactlyInAnyOrder("US", "NO");
        assertThat(settings.delivery().heldMaxBytes()).isEqualTo(16 << 20);
        assertThat(settings.providers())
                .extracting(Settings.Provider::id)
                .containsExactly("twilio-main", "twilio-more", "sns-eu");
        assertThat(twilio(settings, "twilio-main").authToken().value()).isEqualTo(TOKEN);
        assertThat(twilio(settings, "twilio-main").errorClasses()).containsEntry("30999", ReasonClass.FRAUD_BLOCKED);
        assertThat(twilio(settings, "twilio-more").authToken().value()).isEqualTo(TOKEN + "-more");
        assertThat(twilio(settings, "twilio-more").from()).isEqualTo("+15005550006");
        assertThat(settings.routes().rules())
                .containsExactly(
                        new RouteConfig.Rule(
                                Set.of("US", "CA"),
                                List.of(
                                        new RouteConfig.Choice("twilio-main", 1, 1),
                                        new RouteConfig.Choice("sns-eu", 2, 1))),
                        new RouteConfig.Rule(
                                Set.of(),
                                List.of(
                                        new RouteConfig.Choice("sns-eu", 1, 70),
                                        new RouteConfig.Choice("twilio-main", 1, 30),
                                        new RouteConfig.Choice("twilio-more", 2, 2))));
    }

    @Test
    void everyKeyMatters() {
        Map<String, String> full = file("full");
        Settings settings = load(full);
        for (String key : full.keySet()) {
            // Its value is its default: taking it away can't show.
            if (!key.endsWith("[0].priority") && !key.endsWith("[1].priority")) {
                Map<String, String> without = new LinkedHashMap<>(full);
                without.remove(key);
                assertThat(outcome(without)).as(key).isNotEqualTo(settings);
            }
        }
    }

    @Test
    void theFullFileHasEveryKeyThatIsAskedFor() {
        Map<String, String> full = file("full");
        SettingsReader reader = new SettingsReader(new SettingsSource(full, env));
        assertThat(new SettingsLoader(reader, "host-1").load()).isNotNull();

        Set<String> asked = SettingsDocTest.shapes(reader.known());
        asked.removeIf(key -> key.endsWith(".properties.*") || key.endsWith(".error-codes.*"));
        // Asked for as one text too, which is how the environment writes a list, or as a section that may be empty.
        asked.removeAll(Set.of("petrel.kafka.properties", "petrel.providers.<id>.error-codes"));
        asked.remove("petrel.receipts.keys-file"); // in place of the keys, which are there
        asked.remove("petrel.management.tokens-file");
        asked.remove("petrel.web.tokens-file");
        assertThat(SettingsDocTest.shapes(full.keySet())).containsAll(asked);
    }

    @Test
    void theEnvironmentWins() {
        env.putAll(Map.of(
                "PETREL_KAFKA_BOOTSTRAP_SERVERS", "elsewhere:9092",
                "PETREL_ATTEMPT_MIN_LIFE", "7s",
                "PETREL_REQUEST_ALLOWED_COUNTRIES", "SE, FI",
                "PETREL_PROVIDERS_TWILIO_MAIN_AUTH_TOKEN", "verbatim$${X}",
                "PETREL_PROVIDERS_TWILIO_MAIN_CIRCUIT_BREAKER_WINDOW", "33",
                "PETREL_ROUTES_1__PROVIDERS_0__WEIGHT", "71",
                "PETREL_KAFKA_PROPERTIES_SASL_MECHANISM", "SCRAM-SHA-512",
                "PETREL_KAFKA_PROPERTIES_CLIENT_RACK", "a"));

        Settings settings = load(file("full"));

        assertThat(settings.kafka().bootstrapServers()).isEqualTo("elsewhere:9092");
        assertThat(settings.delivery().minLife()).isEqualTo(Duration.ofSeconds(7));
        assertThat(settings.guard().allowedCountries()).containsExactlyInAnyOrder("SE", "FI");
        assertThat(twilio(settings, "twilio-main").authToken().value()).isEqualTo("verbatim$${X}");
        assertThat(settings.providers().get(0).limits().breaker().window()).isEqualTo(33);
        assertThat(settings.routes().rules().get(1).choices().get(0).weight()).isEqualTo(71);
        assertThat(settings.kafka().properties())
                .containsEntry("sasl.mechanism", "SCRAM-SHA-512")
                .containsEntry("client.rack", "a");
    }

    @Test
    void passesOverWhatKubernetesMakesUp() {
        env.putAll(Map.of(
                "PETREL_PORT", "tcp://10.0.0.1:8080",
                "PETREL_SERVICE_HOST", "10.0.0.1",
                "PETREL_PORT_8080_TCP_ADDR", "10.0.0.1",
                "PETREL_MANAGEMENT_PORT", "tcp://10.0.0.2:8081",
                "PETREL_MANAGEMENT_SERVICE_PORT", "8081"));

        assertThat(load(file("minimal")).management())
                .isEqualTo(new ManagementConfig(8081, "127.0.0.1", Tokens.none()));
    }

    @Test
    void anEmptyListIsNoDefault() {
        Map<String, String> file = file("minimal");
        file.put("petrel.request.denied-types", "");

        assertThat(load(file).guard().deniedTypes()).isEmpty();
    }

    @Test
    void tellsEverythingAtOnce() {
        Map<String, String> file = file("minimal");
        file.remove("petrel.kafka.bootstrap-servers");
        file.put("petrel.attempt.min-life", "5 s");
        file.put("petrel.attempt.max-copies", "21");
        file.put("petrel.retry.backoff", "1ms");
        file.put("petrel.held.max-bytes", "1KiB");
        file.put("petrel.shutdown.drain", "10m");
        file.put("petrel.management.port", "70000");
        file.put("petrel.receipt.window", "10m");
        file.put("petrel.atempt.min-life", "5s");
        file.put("petrel.routes[0].countries", "USA");
        file.put("petrel.routes[0].providers[1]", "nobody");
        file.put("petrel.providers.sns-eu.circuit-breaker.window", "0");
        file.put("petrel.providers.sns-eu.timeout", "40s");

        assertThat(mistakes(file))
                .containsExactlyInAnyOrder(
                        "petrel.kafka.bootstrap-servers: is missing, must be host:port, host:port, …",
                        "petrel.attempt.min-life: is 5 s, must be a duration such as 5m, 30s or 1500ms",
                        "petrel.attempt.max-copies: is 21, must be 1 to 20",
                        "petrel.retry.backoff: is 1ms, must be 100ms to 1m",
                        "petrel.held.max-bytes: is 1KiB, must be 64KiB to 16GiB",
                        "petrel.shutdown.drain: is 10m, must be 5s to 5m",
                        "petrel.management.port: is 70000, must be 0 to 65535",
                        "petrel.receipt.window: is no setting",
                        "petrel.atempt.min-life: is no setting",
                        "petrel.routes[0].countries: is USA, must be ISO 3166 codes of two capital letters, for example US",
                        "petrel.routes[0].providers[1]: is nobody, must be the id of a provider: sns-eu",
                        "petrel.providers.sns-eu.circuit-breaker.window: is 0, must be 1 to 10000",
                        "petrel.providers.sns-eu.circuit-breaker.minimum-calls: is 20, must be 1 to 0",
                        "petrel.providers.sns-eu.timeout: is 40s, must be 100ms to 30s");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        petrel.attempt.max-copies                   | four      | is four, must be a whole number
        petrel.attempt.on-ambiguous                 | hope      | is hope, must be next or stop
        petrel.held.max-bytes                       | 32MB      | is 32MB, must be a size such as
        petrel.request.denied-types                 | fax       | is fax, must be of mobile, fixed_line
        petrel.request.allowed-countries            | NO,xx     | is xx, must be ISO 3166 codes
        petrel.providers.sns-eu.type                | carrier   | is carrier, must be twilio or sns
        petrel.providers.sns-eu.endpoint            | not a url | is not a url, must be a URL
        petrel.providers.sns-eu.account-sid         | AC0       | is no setting
        petrel.providers.sns-eu.error-codes.1       | odd       | is odd, must be one of recipient_invalid
        petrel.providers.sns-eu.error-codes.2       | expired   | is expired, must be one of recipient_invalid
        petrel.kafka                                | here      | must be a section
        petrel.kafka.group-protocol                 | new       | is new, must be classic or consumer
        petrel.kafka.topics.status                  | a/b       | is a/b, must be a topic's name
        petrel.kafka.topics.status                  | sms.requests | is sms.requests, must be another than requests
        petrel.kafka.properties.auto.offset.reset   | latest    | is there, must be left out: Petrel sets it
        petrel.kafka.properties.max.block.ms        | 60000     | is there, must be left out: Petrel sets it
        petrel.kafka.properties.max.poll.records    | 9999      | is there, must be left out: Petrel sets it
        petrel.kafka.properties.allow.auto.create.topics | true | is there, must be left out: Petrel sets it
        petrel.instance-id                          | a/b       | is a/b, must be 1 to 64 of
        petrel.request.default-lifetime             | 11m       | is 11m, must be 10s to 10m
        petrel.rebalance.drain                      | 3s        | is 3s, must be at least 4s: the timeout of sns-eu
        petrel.rebalance.drain                      | 6s        | is 6s, must be at most 5s with group-protocol classic
        petrel.shutdown.drain                       | 4s        | is 4s, must be 5s to 5m
        petrel.routes[0].providers[1]               | sns-eu    | is sns-eu, must be there once in a route
        petrel.management.port                      | -1        | is -1, must be 0 to 65535
        petrel.tracing.sample-rate                  | 101       | is 101, must be 0 to 100
        petrel.tracing.endpoint                     | http://c:4318 | is http://c:4318, must be http (or https) with a host and the path
        petrel.tracing.endpoint                     | grpc://c:4317/v1 | is grpc://c:4317/v1, must be http
        petrel.tracing.endpoint                     | http://c/v1/traces?key=0000 | is a URL with a query, must be http
        petrel.logging.format                       | xml       | is xml, must be text or json
        other.key                                   | 1         | is no setting
        """)
    void tellsWhatIsWrong(String key, String value, String mistake) {
        Map<String, String> file = file("minimal");
        file.put(key, value);

        assertThat(mistakes(file)).singleElement().asString().startsWith(key).contains(mistake);
    }

    @Test
    void needsAProviderAndARoute() {
        assertThat(mistakes(SettingsFile.parse("petrel: { kafka: { bootstrap-servers: 'a:1' }, routes: [] }", "f")))
                .containsExactlyInAnyOrder(
                        "petrel.providers: is empty, must be at least one provider",
                        "petrel.routes: is empty, must be a list with at least one route");
    }

    @Test
    void aRouteNeedsAProvider() {
        Map<String, String> file = file("minimal");
        file.put("petrel.routes[1].countries", "SE");

        assertThat(mistakes(file)).containsExactly("petrel.routes[1].providers: is empty, must be at least one");
    }

    @Test
    void aMissingVariableIsToldWithItsKey() {
        env.remove("TWILIO_AUTH_TOKEN");

        assertThat(mistakes(file("full")))
                .containsExactly(
                        "petrel.providers.twilio-main.auth-token: names the variable TWILIO_AUTH_TOKEN, which is not set");
    }

    @Test
    void aSecretComesFromOneOfTwoPlaces() {
        Map<String, String> file = file("full");
        file.remove("petrel.providers.twilio-main.auth-token");
        assertThat(mistakes(file))
                .singleElement()
                .asString()
                .startsWith("petrel.providers.twilio-main.auth-token: is missing, must be ${A_VARIABLE}, or");

        file.put("petrel.providers.twilio-main.auth-token", "${TWILIO_AUTH_TOKEN}");
        file.put("petrel.providers.twilio-main.auth-token-file", "${SECRETS}/twilio-more");
        assertThat(mistakes(file)).singleElement().asString().contains("auth-token-file too");

        file.remove("petrel.providers.twilio-main.auth-token");
        file.put("petrel.providers.twilio-main.auth-token-file", "/nowhere/at-all");
        assertThat(mistakes(file))
                .containsExactly(
                        "petrel.providers.twilio-main.auth-token-file: is /nowhere/at-all, must be a file that can be read");
    }

    @Test
    void receiptsAreOnWithAPublicUrlWhichNeedsKeys() throws IOException {
        Settings settings = load(file("full"));
        assertThat(settings.receipts().on()).isTrue();
        assertThat(settings.web().publicUrl()).isEqualTo(URI.create("https://petrel.example/otp"));
        assertThat(settings.keys()).isEqualTo(CallbackKeys.parse(KEYS));

        Map<String, String> file = file("full");
        file.remove("petrel.receipts.keys");
        assertThat(mistakes(file))
                .containsExactly(
                        "petrel.receipts.keys: is missing, must be ${A_VARIABLE}, or petrel.receipts.keys-file the path of a file");

        Files.writeString(secrets.resolve("keys"), KEYS + "\n");
        file.put("petrel.receipts.keys-file", "${SECRETS}/keys");
        assertThat(load(file)).isEqualTo(settings);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://petrel.example",
                "petrel.example",
                "https:///receipts",
                "https://petrel.example?a=b",
                "https://petrel.example#a",
                "https://petrel.example/0123456789012345678901234567890123456789012345678901234567890123456789"
                        + "01234567890123456789012345678901234567890123456789012345678901234567890123456789"
                        + "01234567890123456789012345678901234567890123456789012345678901234567890123456789"
            })
    void refusesAPublicUrlThatCantBe(String url) {
        Map<String, String> file = file("full");
        file.put("petrel.web.public-url", url);

        assertThat(mistakes(file)).singleElement().asString().startsWith("petrel.web.public-url: is ");
    }

    @Test
    void keysThatCantBeAreNotShown() {
        env.put("RECEIPT_KEYS", "K1:" + SECRET);
        assertThat(mistakes(file("full")))
                .singleElement()
                .asString()
                .startsWith("petrel.receipts.keys: is a list with an id that can't be")
                .doesNotContain(SECRET);

        env.put("RECEIPT_KEYS", SECRET);
        assertThat(mistakes(file("full"))).isNotEmpty().noneMatch(mistake -> mistake.contains(SECRET));
    }

    @Test
    void tokensOfTheAdminApiComeFromAVariableOrAFile() throws IOException {
        Map<String, String> file = file("full");
        Tokens tokens = load(file).management().tokens();
        assertThat(tokens.tokens()).extracting(Tokens.Token::name).containsExactly("alice", "night-watch");

        Files.writeString(secrets.resolve("tokens"), env.get("ADMIN_TOKENS") + "\n");
        file.remove("petrel.management.tokens");
        file.put("petrel.management.tokens-file", "${SECRETS}/tokens");

        assertThat(load(file).management().tokens()).isEqualTo(tokens);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Alice:%s|a list with a name that can't be",
                "%s|a list with a name that can't be",
                "alice:%s,alice:%s|a list with one name twice",
                "alice:0000|a list with a secret that is too short"
            })
    void tokensThatCantBeAreNotShown(String tokens, String mistake) {
        env.put("ADMIN_TOKENS", tokens.replace("%s", SECRET));

        assertThat(mistakes(file("full")))
                .anyMatch(line -> line.startsWith("petrel.management.tokens: is " + mistake))
                .noneMatch(line -> line.contains(SECRET));
    }

    @Test
    void secretsPrintAsStars() {
        assertThat(load(file("full")).toString())
                .contains("********")
                .doesNotContain(TOKEN)
                .doesNotContain(SECRET)
                .doesNotContain("w0rd");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "petrel.providers.twilio-main.account-sid",
                "petrel.providers.twilio-main.timeout",
                "petrel.providers.twilio-main.max-in-flight",
                "petrel.providers.twilio-main.base-url",
                "petrel.providers.twilio-main.error-codes.30999",
                "petrel.kafka.group-protocol",
                "petrel.kafka.topics.status",
                "petrel.routes[0].providers[0]",
                "petrel.logging"
            })
    void aSecretInTheWrongPlaceIsNotToldEither(String key) {
        Map<String, String> file = file("full");
        file.put(key, "${TWILIO_AUTH_TOKEN} ");
        file.put("petrel.kafka.topics.requests", "not a topic");

        assertThat(mistakes(file)).isNotEmpty().noneMatch(mistake -> mistake.contains("token-000000"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "petrel: [",
                "petrel:\n  auth-token: 'token-000000\n  x",
                "petrel: { auth-token: token-000000, auth-token: token-000000 }",
                "petrel: { a.b: token-000000, a: { b: token-000000 } }",
                "token-000000",
                "a: !!java.net.URL [token-000000]"
            })
    void aFileThatIsNoYamlIsToldWithoutItsContent(String yaml) {
        InvalidSettings thrown =
                catchThrowableOfType(InvalidSettings.class, () -> SettingsFile.parse(yaml, "petrel.yaml"));

        assertThat(thrown.mistakes())
                .singleElement()
                .asString()
                .doesNotContain("token-000000")
                .doesNotContain("\n");
    }

    @Test
    void aFileThatIsNotThereIsTold() {
        assertThat(catchThrowableOfType(InvalidSettings.class, () -> Settings.read(Path.of("nowhere.yaml"), env))
                        .mistakes())
                .containsExactly("--config: there is no file nowhere.yaml");
    }

    @Test
    void theHostNamesTheInstance() throws IOException {
        Path file = secrets.resolve("petrel.yaml");
        Files.writeString(file, resource("minimal"));
        env.put("HOSTNAME", "petrel-7f.example.org");

        assertThat(Settings.read(file, env).kafka().instanceId()).isEqualTo("petrel-7f");
    }

    private Object outcome(Map<String, String> file) {
        try {
            return load(file);
        } catch (InvalidSettings e) {
            return e.mistakes();
        }
    }

    private List<String> mistakes(Map<String, String> file) {
        InvalidSettings thrown = catchThrowableOfType(InvalidSettings.class, () -> load(file));
        return thrown == null ? List.of() : thrown.mistakes();
    }

    private Settings load(Map<String, String> file) {
        return SettingsLoader.load(file, env, "host-1");
    }

    private static TwilioConfig twilio(Settings settings, String id) {
        return settings.providers().stream()
                .filter(provider -> provider.id().equals(id))
                .map(provider -> ((Settings.Vendor.Twilio) provider.vendor()).config())
                .findAny()
                .orElseThrow();
    }

    static Map<String, String> file(String name) {
        return new LinkedHashMap<>(SettingsFile.parse(resource(name), name));
    }

    private static String resource(String name) {
        try (var in = SettingsTest.class.getResourceAsStream("/settings/" + name + ".yaml")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
