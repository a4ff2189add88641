package dev.petrel.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.petrel.guarantees.Asked;
import dev.petrel.guarantees.RequestStream;
import dev.petrel.guarantees.StatusReader;
import dev.petrel.guarantees.Trial;
import dev.petrel.testing.EmbeddedBroker;
import dev.petrel.testing.FreePorts;
import dev.petrel.testing.GatewayProcess;
import dev.petrel.testing.Manifests;
import dev.petrel.testing.Platform;
import dev.petrel.testing.WatchedAuthorizer;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The rights in k8s are those that Petrel makes use of, all of them and no others: with them it does everything that it
 * does, at a broker that refuses what is not allowed, by a login as in {@code k8s/overlays/prod}.
 */
class RightsIT {
    private static final String PRINCIPAL = "User:petrel";
    private static final String PASSWORD = "p4ssw0rd-of-nobody";
    private static final String TOKEN = "token-of-nobody-000000-000000-000000";
    private static final String NUMBER = "+12025550142";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static EmbeddedBroker broker;
    private static Platform platform;
    private static Map<String, String> login;

    @BeforeAll
    static void start() throws Exception {
        EmbeddedBroker.Place place = EmbeddedBroker.Place.fresh();
        int guarded = FreePorts.next();
        String listeners = "BROKER://" + place.bootstrapServers() + ",GUARDED://127.0.0.1:" + guarded;
        broker = EmbeddedBroker.start(
                place,
                Map.of(
                        "listeners", listeners + ",CONTROLLER://127.0.0.1:" + place.controllerPort(),
                        "advertised.listeners", listeners,
                        "listener.security.protocol.map",
                                "BROKER:PLAINTEXT,GUARDED:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
                        "listener.name.guarded.sasl.enabled.mechanisms", "SCRAM-SHA-512",
                        "listener.name.guarded.scram-sha-512.sasl.jaas.config",
                                "org.apache.kafka.common.security.scram.ScramLoginModule required;",
                        "authorizer.class.name", WatchedAuthorizer.class.getName(),
                        "super.users", "User:ANONYMOUS",
                        "allow.everyone.if.no.acl.found", "false"));
        platform = Platform.on(broker);
        login = login("127.0.0.1:" + guarded, PASSWORD);
        try (Admin admin = broker.admin()) {
            admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                            "petrel", new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), PASSWORD)))
                    .all()
                    .get();
            admin.createAcls(acls()).all().get();
        }
    }

    @AfterAll
    static void stop() throws Exception {
        platform.close();
        broker.close();
    }

    @Test
    void areThoseThatPetrelMakesUseOf() throws Exception {
        int port = FreePorts.next();
        try (RequestStream requests = platform.requests("r-");
                StatusReader statuses = platform.statuses(event -> {})) {
            Gateway gateway = platform.gateway("""
                      web: { port: %d, host: 127.0.0.1, public-url: "http://127.0.0.1:%1$d", tokens: "web:%s" }
                      receipts: { keys: "k1:%s" }
                      management: { port: 0, tokens: "alice:%2$s" }
                    """.formatted(port, TOKEN, "0".repeat(32)), login);
            requests.ask();
            requests.flush();
            Asked asked = requests.asked().get(0);
            await().atMost(Trial.LONG).until(() -> statuses.isOver(asked.requestId()));
            assertThat(statuses.finalOf(asked.requestId()).orElseThrow().status())
                    .as("a receipt came")
                    .isEqualTo("delivered");
            requests.put(new ProducerRecord<>(
                    platform.feedbackTopic(),
                    asked.partition(),
                    null,
                    "{\"requestId\":\"none\",\"verified\":true}".getBytes(UTF_8)));
            requests.put(new ProducerRecord<>(platform.requestTopic(), "no request".getBytes(UTF_8)));
            byHttp(gateway, statuses);
            orders(gateway);
            commands(asked);
            await().atMost(Trial.LONG)
                    .untilAsserted(() -> assertThat(WatchedAuthorizer.usedBy(PRINCIPAL))
                            .contains("TOPIC " + platform.availabilityTopic() + " WRITE"));
            Platform.get(gateway.stop());

            Map<String, String> consumer = new HashMap<>(login);
            consumer.put("PETREL_KAFKA_GROUP_PROTOCOL", "consumer");
            gateway = platform.gateway("", consumer);
            String again = requests.ask(300, fields -> fields);
            await().atMost(Trial.LONG).until(() -> statuses.isOver(again));
            Platform.get(gateway.stop());
        }
        assertThat(WatchedAuthorizer.usedBy(PRINCIPAL))
                .containsExactlyElementsOf(
                        acls().stream().map(RightsIT::words).sorted().toList());
        assertThat(WatchedAuthorizer.missedBy(PRINCIPAL)).isEmpty();
    }

    @Test
    void whoseCredentialsAreRefusedEndsAtOnce() throws Exception {
        Path file = platform.settingsFile("refused", "");
        Map<String, String> wrong = login(login.get("PETREL_KAFKA_BOOTSTRAP_SERVERS"), "another");
        try (GatewayProcess refused = new GatewayProcess.Launch(wrong, null, null).start("--config", file.toString())) {
            assertThat(refused.exitStatus()).isEqualTo(1);
            assertThat(refused.err()).singleElement().asString().contains("it refuses our credentials");
        } finally {
            Files.delete(file);
        }
    }

    private static void byHttp(Gateway gateway, StatusReader statuses) throws Exception {
        String address = "http://127.0.0.1:" + gateway.webPort() + "/v1/requests";
        HttpResponse<String> accepted = call(HttpRequest.newBuilder(URI.create(address))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(
                        "{\"requestId\":\"by-http\",\"to\":\"" + NUMBER + "\",\"text\":\"000000 is your code.\"}")));
        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
        await().atMost(Trial.LONG).until(() -> statuses.isOver("by-http"));
        assertThat(call(HttpRequest.newBuilder(URI.create(address + "/by-http/events")))
                        .body())
                .contains("\"status\":\"delivered\"");
    }

    private static void orders(Gateway gateway) throws Exception {
        String address = "http://127.0.0.1:" + gateway.managementPort() + "/v1";
        HttpResponse<String> drained = call(HttpRequest.newBuilder(URI.create(address + "/orders"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"kind\":\"drain\",\"provider\":\"sns-eu\",\"author\":\"alice\","
                        + "\"reason\":\"drill\",\"confirm\":true}")));
        assertThat(drained.statusCode()).as(drained.body()).isEqualTo(200);
        await().atMost(Trial.LONG)
                .until(() -> new JsonObject(call(HttpRequest.newBuilder(URI.create(address + "/console")))
                                .body())
                        .encode()
                        .contains("petrel-0"));
    }

    private static void commands(Asked asked) throws IOException {
        Path file = platform.settingsFile("operator", "");
        try {
            run(file, "topics");
            run(file, "trace", asked.requestId());
            run(file, "instances");
            await().atMost(Trial.LONG).until(() -> run(file, "dlq", "list").contains("requests"));
        } finally {
            Files.delete(file);
        }
    }

    private static String run(Path file, String... words) {
        List<String> line = new ArrayList<>(List.of(words));
        line.addAll(List.of("--config", file.toString()));
        Map<String, String> environment = new HashMap<>(login);
        environment.put("TWILIO_AUTH_TOKEN", Platform.AUTH_TOKEN);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status =
                new Main(environment, new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8)).run(line);
        assertThat(status).as(line + ": " + err.toString(UTF_8)).isZero();
        return out.toString(UTF_8);
    }

    private static HttpResponse<String> call(HttpRequest.Builder request) throws Exception {
        return HTTP.send(request.header("Authorization", "Bearer " + TOKEN).build(), BodyHandlers.ofString());
    }

    /** As {@code k8s/overlays/prod} has it, without TLS. */
    private static Map<String, String> login(String servers, String password) {
        return Map.of(
                "PETREL_KAFKA_BOOTSTRAP_SERVERS",
                servers,
                "PETREL_KAFKA_PROPERTIES_SECURITY_PROTOCOL",
                "SASL_PLAINTEXT",
                "PETREL_KAFKA_PROPERTIES_SASL_MECHANISM",
                "SCRAM-SHA-512",
                "PETREL_KAFKA_PROPERTIES_SASL_JAAS_CONFIG",
                "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"petrel\" password=\""
                        + password + "\";");
    }

    /** Those of the manifest, for the topics and the group of this platform. */
    private static List<AclBinding> acls() throws IOException {
        JsonNode rules =
                Manifests.one("topics/user.yaml", "KafkaUser", "petrel").at("/spec/authorization/acls");
        return Manifests.each(rules).flatMap(RightsIT::acls).toList();
    }

    private static Stream<AclBinding> acls(JsonNode rule) {
        ResourceType type = ResourceType.fromString(rule.at("/resource/type").asText());
        String name = rule.at("/resource/name").asText();
        ResourcePattern resource = new ResourcePattern(
                type,
                type == ResourceType.GROUP ? platform.group() : name + "-" + platform.group(),
                PatternType.LITERAL);
        return Manifests.texts(rule.path("operations")).stream()
                .map(operation -> AclOperation.fromString(
                        operation.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT)))
                .map(operation -> new AclBinding(
                        resource, new AccessControlEntry(PRINCIPAL, "*", operation, AclPermissionType.ALLOW)));
    }

    private static String words(AclBinding acl) {
        return acl.pattern().resourceType() + " " + acl.pattern().name() + " "
                + acl.entry().operation();
    }
}
