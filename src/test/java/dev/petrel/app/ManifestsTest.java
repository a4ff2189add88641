package dev.petrel.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.petrel.kafka.KafkaConfig;
import dev.petrel.receipt.CallbackUrls;
import dev.petrel.testing.Manifests;
import dev.petrel.web.ManagementServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** k8s and the Dockerfile say what the code does. That Kubernetes understands them is checked by .ci/manifests. */
class ManifestsTest {
    private static final String SECRETS = "/run/secrets/petrel/";
    private static final Duration TO_SPARE = Duration.ofSeconds(5);
    /** As the replica set of a deployment named petrel calls it. */
    private static final String POD = "petrel-5d9f8c7b6d-x2x7q";

    @TempDir
    Path directory;

    private JsonNode pod;
    private JsonNode container;

    @BeforeEach
    void read() throws IOException {
        pod = Manifests.one("base/deployment.yaml", "Deployment", "petrel").at("/spec/template/spec");
        container = pod.at("/containers/0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dev", "prod"})
    void theSettingsOfAnOverlayAreUnderstood(String overlay) throws IOException {
        Settings settings = settings(overlay);

        assertThat(settings.kafka().instanceId()).isEqualTo(POD);
        assertThat(settings.receipts().on()).isTrue();
        assertThat(settings.management().tokens().tokens()).isNotEmpty();
        assertThat(settings.management().host())
                .as("where probes find it")
                .isEqualTo("0.0.0.0")
                .isEqualTo(settings.web().host());
        assertThat(port(container, "web")).isEqualTo(settings.web().port());
        assertThat(port(container, "management"))
                .isEqualTo(settings.management().port());
    }

    @Test
    void theSecretsAreTheFilesThatTheSettingsName() throws IOException {
        Set<String> dev = Manifests.each(overlay("dev").at("/secretGenerator/0/literals"))
                .map(literal -> literal.asText().split("=", 2)[0])
                .collect(Collectors.toSet());
        assertThat(dev).isEqualTo(files("dev"));

        JsonNode login = Manifests.one("overlays/prod/kafka-login.yaml", "Deployment", "petrel")
                .at("/spec/template/spec/containers/0/env/0");
        assertThat(settings("prod").kafka().properties()).containsKey("sasl.jaas.config");
        String doc = Files.readString(Path.of("docs/kubernetes.md"));
        for (String key : files("prod")) {
            assertThat(doc).contains("--from-file=" + key + "=");
        }
        assertThat(doc)
                .contains(
                        "--from-file=" + login.at("/valueFrom/secretKeyRef/key").asText() + "=");
        assertThat(mount("secrets").path("mountPath").asText() + "/").isEqualTo(SECRETS);
        assertThat(volume("secrets").at("/secret/secretName"))
                .isEqualTo(login.at("/valueFrom/secretKeyRef/name"))
                .isEqualTo(overlay("dev").at("/secretGenerator/0/name"));
    }

    /** With the token that the doc shows. */
    @Test
    void inDevOneCurlSends() throws IOException {
        assertThat(settings("dev").tenantTokens().tokens()).isNotEmpty();
        String token = Manifests.each(overlay("dev").at("/secretGenerator/0/literals"))
                .map(JsonNode::asText)
                .filter(literal -> literal.startsWith("web-tokens="))
                .map(literal -> literal.substring(literal.indexOf(':') + 1))
                .findFirst()
                .orElseThrow();
        int port = Manifests.one("base/services.yaml", "Service", "petrel")
                .at("/spec/ports/0/port")
                .asInt();
        assertThat(Files.readString(Path.of("docs/kubernetes.md")))
                .contains("Authorization: Bearer " + token)
                .contains("http://petrel.petrel:" + port + "/v1/requests");
    }

    @Test
    void whoSendsByHttpIsLabelledForIt() throws IOException {
        JsonNode rules = Manifests.one("overlays/prod/network-policies.yaml", "NetworkPolicy", "petrel")
                .at("/spec/ingress");
        JsonNode label = Manifests.each(rules)
                .filter(rule -> rule.at("/ports/0/port").asText().equals("web"))
                .map(rule -> rule.at("/from/0/namespaceSelector/matchLabels/petrel.dev~1sends"))
                .filter(JsonNode::isTextual)
                .findFirst()
                .orElseThrow();
        assertThat(Files.readString(Path.of("docs/kubernetes.md"))).contains("petrel.dev/sends=" + label.asText());
    }

    @ParameterizedTest
    @ValueSource(strings = {"dev", "prod"})
    void nobodyIsKilledWhileHeDrains(String overlay) throws IOException {
        Duration preStop = Duration.ofSeconds(
                container.at("/lifecycle/preStop/sleep/seconds").asLong());
        Duration grace =
                Duration.ofSeconds(pod.path("terminationGracePeriodSeconds").asLong());
        Duration stop = settings(overlay).kafka().shutdownDrain().plus(Main.BEYOND_DRAIN);

        assertThat(preStop).isPositive();
        assertThat(grace).isGreaterThanOrEqualTo(preStop.plus(stop).plus(TO_SPARE));
    }

    @Test
    void onlyWhoDoesNotAnswerIsKilled() {
        assertThat(container.at("/startupProbe/httpGet/path").asText()).isEqualTo(ManagementServer.LIVE);
        assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo(ManagementServer.LIVE);
        assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo(ManagementServer.READY);
        for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
            assertThat(container.path(probe).at("/httpGet/port").asText()).isEqualTo("management");
        }
    }

    @Test
    void aRollingUpdateStartsTheNextBeforeItStopsTheLast() throws IOException {
        JsonNode spec =
                Manifests.one("base/deployment.yaml", "Deployment", "petrel").path("spec");
        assertThat(spec.at("/strategy/rollingUpdate/maxUnavailable").asInt(-1)).isZero();
        assertThat(spec.at("/strategy/rollingUpdate/maxSurge").asInt()).isEqualTo(1);
    }

    @Test
    void theCommandLinesAreUnderstood() throws IOException {
        assertThat(Arguments.parse(Manifests.texts(container.path("args"))).command())
                .isEqualTo(Arguments.Command.RUN);
        JsonNode topics = Manifests.one("overlays/dev/small.yaml", "Deployment", "petrel")
                .at("/spec/template/spec/initContainers/0");
        assertThat(Arguments.parse(Manifests.texts(topics.path("args"))).command())
                .isEqualTo(Arguments.Command.TOPICS);
        assertThat(dockerfile("(?m)^CMD \\[(.*)]$").split(", "))
                .containsExactlyElementsOf(Manifests.each(container.path("args"))
                        .map(JsonNode::toString)
                        .toList());
        assertThat(Manifests.texts(container.path("args")))
                .contains(mount("config").path("mountPath").asText() + "/"
                        + overlay("prod").at("/configMapGenerator/0/files/0").asText());
    }

    @Test
    void theImageIsWhatIsRun() throws Exception {
        String jar = dockerfile("\"-jar\", \"(.*?)\"");
        assertThat(jar).isEqualTo(dockerfile("(?m)^WORKDIR (/app)$") + "/petrel.jar");
        assertThat(dockerfile("(?m)^EXPOSE (.*)$"))
                .isEqualTo(port(container, "web") + " " + port(container, "management"));
        JsonNode simulator = Manifests.one("overlays/dev/simulator.yaml", "Deployment", "simulator")
                .at("/spec/template/spec/containers/0");
        List<String> command = Manifests.texts(simulator.path("command"));
        assertThat(command).contains(jar);
        assertThat(Class.forName(command.get(command.size() - 1)).getDeclaredMethod("main", String[].class))
                .isNotNull();
        String image = container.path("image").asText();
        assertThat(simulator.path("image").asText()).isEqualTo(image);
        for (String overlay : List.of("dev", "prod")) {
            assertThat(overlay(overlay).at("/images/0/name").asText()).isEqualTo(image);
        }
        assertThat(Files.readString(Path.of("docs/kubernetes.md")))
                .contains("docker build -t " + image + ":"
                        + overlay("dev").at("/images/0/newTag").asText() + " .");
    }

    @Test
    void everybodyIsRestricted() throws IOException {
        List<JsonNode> pods = Manifests.all().stream()
                .filter(document -> document.path("kind").asText().equals("Deployment"))
                .map(document -> document.at("/spec/template/spec"))
                .toList();
        int containers = 0;
        for (JsonNode each : pods) {
            List<JsonNode> all = new ArrayList<>();
            each.path("initContainers").forEach(all::add);
            each.path("containers").forEach(all::add);
            for (JsonNode one : all) {
                if (one.has("image")) { // a patch names what it changes only
                    JsonNode context = one.path("securityContext");
                    assertThat(context.path("readOnlyRootFilesystem").asBoolean())
                            .isTrue();
                    assertThat(context.path("allowPrivilegeEscalation").asBoolean(true))
                            .isFalse();
                    assertThat(Manifests.texts(context.at("/capabilities/drop")))
                            .containsExactly("ALL");
                    assertThat(one.at("/resources/limits/memory").isMissingNode())
                            .isFalse();
                    containers++;
                }
            }
            if (each.has("securityContext")) {
                assertThat(each.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
                assertThat(each.at("/securityContext/seccompProfile/type").asText())
                        .isEqualTo("RuntimeDefault");
                assertThat(each.path("automountServiceAccountToken").asBoolean(true))
                        .isFalse();
            }
        }
        assertThat(containers).isEqualTo(4);
        assertThat(dockerfile("(?m)^USER (.*)$"))
                .isEqualTo(pod.at("/securityContext/runAsUser").asText() + ":"
                        + pod.at("/securityContext/runAsGroup").asText());
        assertThat(mount("tmp").path("mountPath").asText()).isEqualTo("/tmp");
        assertThat(volume("tmp").has("emptyDir")).isTrue();
    }

    /** Logs count as ephemeral storage, and who exceeds a limit of it is killed without a drain. */
    @Test
    void nobodyIsKilledForHisLogs() throws IOException {
        JsonNode small =
                Manifests.one("overlays/dev/small.yaml", "Deployment", "petrel").at("/spec/template/spec");
        JsonNode simulator = Manifests.one("overlays/dev/simulator.yaml", "Deployment", "simulator")
                .at("/spec/template/spec");
        for (JsonNode each : List.of(
                container, small.at("/initContainers/0"), small.at("/containers/0"), simulator.at("/containers/0"))) {
            assertThat(each.at("/resources/requests").has("ephemeral-storage")).isTrue();
            assertThat(each.at("/resources/limits").fieldNames()).toIterable().containsExactly("memory");
        }
        assertThat(volume("tmp").at("/emptyDir/sizeLimit").asText()).isNotEmpty();
    }

    @Test
    void fromOutsideComeReceiptsOnly() throws IOException {
        JsonNode rule =
                Manifests.one("overlays/prod/ingress.yaml", "Ingress", "petrel").at("/spec/rules/0");
        assertThat(rule.at("/http/paths")).hasSize(1);
        assertThat(rule.at("/http/paths/0/path").asText()).isEqualTo(CallbackUrls.PATH);
        assertThat(rule.path("host").asText())
                .isEqualTo(settings("prod").web().publicUrl().getHost());
    }

    @Test
    void thereAreAsManyInstancesAsPartitionsAtTheMost() throws IOException {
        JsonNode scaled = Manifests.one("components/keda/scaled-object.yaml", "ScaledObject", "petrel")
                .path("spec");
        JsonNode requests = Manifests.one("topics/topics.yaml", "KafkaTopic", "sms.requests");
        assertThat(scaled.path("maxReplicaCount").asInt())
                .isEqualTo(requests.at("/spec/partitions").asInt());
        assertThat(scaled.path("minReplicaCount").asInt())
                .isEqualTo(Manifests.one("base/deployment.yaml", "Deployment", "petrel")
                        .at("/spec/replicas")
                        .asInt())
                .isEqualTo(3);
        assertThat(scaled.at("/triggers/0/metadata/query").asText()).contains("petrel_lag_records{job=\"petrel\"");
    }

    /** KEDA takes an empty answer for zero unless it is told otherwise. */
    @Test
    void noAnswerOfPrometheusSendsNobodyHome() throws IOException {
        JsonNode scaled = Manifests.one("components/keda/scaled-object.yaml", "ScaledObject", "petrel")
                .path("spec");
        assertThat(scaled.at("/triggers/0/metadata/ignoreNullValues")).isEqualTo(TextNode.valueOf("false"));
        assertThat(scaled.at("/fallback/behavior").asText()).isEqualTo("currentReplicasIfHigher");
        assertThat(scaled.at("/fallback/replicas")).isEqualTo(scaled.path("minReplicaCount"));
    }

    @Test
    void prometheusFindsTheManagementPort() throws IOException {
        JsonNode monitor = Manifests.one("monitoring/service-monitor.yaml", "ServiceMonitor", "petrel")
                .path("spec");
        JsonNode service = Manifests.one("base/services.yaml", "Service", "petrel-management");
        JsonNode labels = service.at("/metadata/labels");
        monitor.at("/selector/matchLabels")
                .properties()
                .forEach(label -> assertThat(labels.path(label.getKey())).isEqualTo(label.getValue()));
        assertThat(labels.path(monitor.path("jobLabel").asText()).asText()).isEqualTo("petrel");
        assertThat(monitor.at("/endpoints/0/port")).isEqualTo(service.at("/spec/ports/0/name"));
        assertThat(monitor.at("/endpoints/0/path").asText()).isEqualTo(ManagementServer.METRICS);
    }

    /** That its rights are enough, and none too many, is shown by {@link RightsIT}. */
    @Test
    void theLoginAtKafkaIsTheOneOfProd() throws IOException {
        JsonNode user = Manifests.one("topics/user.yaml", "KafkaUser", "petrel");
        KafkaConfig prod = settings("prod").kafka();
        assertThat(user.at("/spec/authentication/type").asText())
                .isEqualToIgnoringCase(prod.properties().get("sasl.mechanism"));
        assertThat(Manifests.each(user.at("/spec/authorization/acls"))
                        .map(rule -> rule.path("resource"))
                        .map(resource -> resource.path("type").asText() + " "
                                + resource.path("name").asText()))
                .containsExactlyInAnyOrder(
                        "topic " + prod.topics().requests(),
                        "topic " + prod.topics().status(),
                        "topic " + prod.topics().deadLetter(),
                        "topic " + prod.topics().feedback(),
                        "topic " + prod.topics().availability(),
                        "topic " + prod.topics().control(),
                        "topic " + prod.topics().instances(),
                        "group " + prod.groupId());
        assertThat(Files.readString(Path.of("docs/kubernetes.md"))).contains("username=\"petrel\"");
    }

    @Test
    void theToyBrokerIsTheOneOfTheTests() throws IOException {
        Matcher version =
                Pattern.compile("<kafka.version>(.*)</kafka.version>").matcher(Files.readString(Path.of("pom.xml")));
        assertThat(version.find()).isTrue();
        assertThat(Manifests.one("overlays/dev/kafka.yaml", "Deployment", "kafka")
                        .at("/spec/template/spec/containers/0/image")
                        .asText())
                .isEqualTo("apache/kafka:" + version.group(1));
    }

    /** As an instance reads them, but that the secrets lie elsewhere. */
    private Settings settings(String overlay) throws IOException {
        for (String file : files(overlay)) {
            String named = file.endsWith("token") || file.endsWith("crt") ? "" : "k1:";
            Files.writeString(directory.resolve(file), named + "0".repeat(32));
        }
        Path read = Files.writeString(
                directory.resolve("petrel.yaml"), yaml(overlay).replace(SECRETS, directory + "/"));
        Map<String, String> env = new HashMap<>();
        container.path("env").forEach(variable -> {
            assertThat(variable.at("/valueFrom/fieldRef/fieldPath").asText()).isEqualTo("metadata.name");
            env.put(variable.path("name").asText(), POD);
        });
        if (overlay.equals("prod")) {
            env.put(
                    Manifests.one("overlays/prod/kafka-login.yaml", "Deployment", "petrel")
                            .at("/spec/template/spec/containers/0/env/0/name")
                            .asText(),
                    "a login");
        }
        return Settings.read(read, env);
    }

    private static String yaml(String overlay) throws IOException {
        return Files.readString(Manifests.FOLDER.resolve("overlays/" + overlay + "/petrel.yaml"));
    }

    private static Set<String> files(String overlay) throws IOException {
        return Pattern.compile(Pattern.quote(SECRETS) + "([a-z.-]+)")
                .matcher(yaml(overlay))
                .results()
                .map(file -> file.group(1))
                .collect(Collectors.toSet());
    }

    private static JsonNode overlay(String name) throws IOException {
        return Manifests.read(Manifests.FOLDER.resolve("overlays/" + name + "/kustomization.yaml"))
                .get(0);
    }

    private static int port(JsonNode container, String name) {
        return Manifests.each(container.path("ports"))
                .filter(port -> port.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow()
                .path("containerPort")
                .asInt();
    }

    private JsonNode mount(String name) {
        return named(container.path("volumeMounts"), name);
    }

    private JsonNode volume(String name) {
        return named(pod.path("volumes"), name);
    }

    private static JsonNode named(JsonNode list, String name) {
        return Manifests.each(list)
                .filter(one -> one.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String dockerfile(String pattern) throws IOException {
        Matcher found = Pattern.compile(pattern).matcher(Files.readString(Path.of("Dockerfile")));
        String last = "";
        while (found.find()) {
            last = found.group(1);
        }
        return last;
    }
}
