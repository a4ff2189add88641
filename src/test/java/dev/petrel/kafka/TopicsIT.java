package dev.petrel.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.petrel.kafka.KafkaConfig.GroupProtocol;
import dev.petrel.metrics.Meters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class TopicsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration WINDOW = Duration.ofMinutes(11);

    private static final String ONE_BROKER =
            "topic %s: one broker's acknowledgement is enough; better set min.insync.replicas=2, with three replicas";

    @TempDir
    static Path directory;

    private static Broker broker;
    private static Admin admin;
    private static Vertx vertx;

    @BeforeAll
    static void start() throws Exception {
        broker = new Broker(directory);
        admin = Admin.create(Map.of("bootstrap.servers", broker.servers()));
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void close() throws TimeoutException {
        vertx.close().await(10, TimeUnit.SECONDS);
        admin.close(Duration.ofSeconds(1));
        broker.close();
    }

    @Test
    void createsWhatIsMissingSoThatTheCheckPasses() throws TimeoutException {
        KafkaConfig config = config("new", broker.servers());
        List<String> lines = new ArrayList<>();

        assertThat(setup(config).run(3, null, lines::add)).isTrue();

        assertThat(lines)
                .containsExactly(
                        "topic new.requests: created, 3 partitions, replication 1",
                        "topic new.status: created, 3 partitions, replication 1",
                        "topic new.dead: created, 3 partitions, replication 1",
                        "topic new.feedback: created, 3 partitions, replication 1",
                        "topic new.availability: created, 1 partitions, replication 1",
                        "topic new.control: created, 1 partitions, replication 1",
                        "topic new.instances: created, 1 partitions, replication 1",
                        ONE_BROKER.formatted("new.requests"),
                        ONE_BROKER.formatted("new.status"),
                        ONE_BROKER.formatted("new.dead"),
                        ONE_BROKER.formatted("new.feedback"),
                        ONE_BROKER.formatted("new.availability"),
                        ONE_BROKER.formatted("new.control"),
                        ONE_BROKER.formatted("new.instances"));
        lines.clear();
        assertThat(setup(config).run(3, null, lines::add)).isTrue();
        assertThat(lines).hasSize(7);
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        check(config, registry).require(vertx).await(20, TimeUnit.SECONDS);
        assertThat(registry.get("petrel.topic.risk")
                        .tags("topic", "new.status", "risk", "single_copy")
                        .gauge()
                        .value())
                .isEqualTo(1);
        assertThat(registry.get("petrel.topic.risk")
                        .tags("topic", "new.requests", "risk", "producer_timestamps")
                        .gauge()
                        .value())
                .isZero();
    }

    @Test
    void leavesWhatIsThereAsItIsAndSaysWhatDiffers() throws Exception {
        KafkaConfig config = config("old", broker.servers());
        create("old.requests", 2, Map.of("cleanup.policy", "compact"));
        create("old.status", 1, Map.of());
        List<String> lines = new ArrayList<>();

        assertThat(setup(config).run(3, 1, lines::add)).isFalse();

        assertThat(lines)
                .containsExactly(
                        "topic old.dead: created, 3 partitions, replication 1",
                        "topic old.feedback: created, 2 partitions, replication 1",
                        "topic old.availability: created, 1 partitions, replication 1",
                        "topic old.control: created, 1 partitions, replication 1",
                        "topic old.instances: created, 1 partitions, replication 1",
                        "topic old.requests: has cleanup.policy=compact; set it to delete",
                        "topic old.status: has message.timestamp.type=CreateTime; set it to LogAppendTime",
                        "topic old.status: has 1 partitions, old.requests has 2; add partitions to old.status until they agree",
                        "topic old.requests: timestamps are the producers'; better set message.timestamp.type=LogAppendTime",
                        ONE_BROKER.formatted("old.requests"),
                        ONE_BROKER.formatted("old.status"),
                        ONE_BROKER.formatted("old.dead"),
                        ONE_BROKER.formatted("old.feedback"),
                        ONE_BROKER.formatted("old.availability"),
                        ONE_BROKER.formatted("old.control"),
                        ONE_BROKER.formatted("old.instances"));
        assertThat(catchThrowableOfType(
                                TopicProblems.class,
                                () -> check(config, new SimpleMeterRegistry())
                                        .require(vertx)
                                        .await(20, TimeUnit.SECONDS))
                        .lines())
                .hasSize(3);
    }

    @Test
    void theCheckNamesEveryTopicThatIsMissing() {
        KafkaConfig config = config("none", broker.servers());

        assertThat(catchThrowableOfType(
                                TopicProblems.class,
                                () -> check(config, new SimpleMeterRegistry())
                                        .require(vertx)
                                        .await(20, TimeUnit.SECONDS))
                        .lines())
                .containsExactly(
                        "topic none.requests: is missing; create it with: petrel topics --config …",
                        "topic none.status: is missing; create it with: petrel topics --config …",
                        "topic none.dead: is missing; create it with: petrel topics --config …",
                        "topic none.feedback: is missing; create it with: petrel topics --config …",
                        "topic none.availability: is missing; create it with: petrel topics --config …",
                        "topic none.control: is missing; create it with: petrel topics --config …",
                        "topic none.instances: is missing; create it with: petrel topics --config …");
    }

    @Test
    void saysWhyATopicCantBeCreated() {
        KafkaConfig config = config("many", broker.servers());

        assertThatThrownBy(() -> setup(config).run(3, 5, line -> {}))
                .isInstanceOf(TopicProblems.class)
                .hasMessageStartingWith("kafka at " + broker.servers() + ": ")
                .hasMessageContaining("eplication");
    }

    @Test
    void doesNotWaitForeverForABrokerThatIsNotThere() throws IOException {
        String nowhere = "127.0.0.1:" + freePort();
        TopicSetup setup = new TopicSetup(config("x", nowhere), WINDOW, Duration.ofSeconds(1));

        assertThatThrownBy(() -> setup.run(3, null, line -> {}))
                .isInstanceOf(TopicProblems.class)
                .hasMessageStartingWith("kafka at " + nowhere + ": no answer within 1 s");
    }

    @Test
    void saysWhichPropertyMakesNoClientWithoutItsValue() {
        KafkaConfig config = config("x", broker.servers(), Map.of("security.protocol", "SASL_HOPE"));

        assertThatThrownBy(() -> setup(config).run(3, null, line -> {}))
                .isInstanceOf(TopicProblems.class)
                .hasMessage("kafka at " + broker.servers()
                        + ": no client can be made of petrel.kafka.properties.security.protocol (ConfigException)");
    }

    @Test
    void saysThatANameCantBeResolved() {
        assertThatThrownBy(() -> setup(config("x", "kafka.invalid:9092")).run(3, null, line -> {}))
                .isInstanceOf(TopicProblems.class)
                .hasMessage("kafka at kafka.invalid:9092: none of these names can be resolved"
                        + " (petrel.kafka.bootstrap-servers)");
    }

    private static void create(String name, int partitions, Map<String, String> settings)
            throws ExecutionException, InterruptedException {
        admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(settings)))
                .all()
                .get();
        await().until(() -> admin.listTopics().names().get().contains(name));
    }

    private static TopicSetup setup(KafkaConfig config) {
        return new TopicSetup(config, WINDOW, PATIENCE);
    }

    private static TopicCheck check(KafkaConfig config, SimpleMeterRegistry registry) {
        return new TopicCheck(config, WINDOW, new Meters(registry), PATIENCE);
    }

    private static KafkaConfig config(String prefix, String servers) {
        return config(prefix, servers, Map.of());
    }

    private static KafkaConfig config(String prefix, String servers, Map<String, String> properties) {
        return new KafkaConfig(
                "it",
                servers,
                "petrel",
                GroupProtocol.CLASSIC,
                new KafkaConfig.Topics(
                        prefix + ".requests",
                        prefix + ".status",
                        prefix + ".dead",
                        prefix + ".feedback",
                        prefix + ".availability",
                        prefix + ".control",
                        prefix + ".instances"),
                properties,
                Duration.ofSeconds(5),
                Duration.ofSeconds(10));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** One Kafka broker, its own controller, within this virtual machine. */
    private static final class Broker {
        private final kafka.server.KafkaRaftServer server;
        private final int port = freePort();

        Broker(Path directory) throws Exception {
            for (String logger : List.of("org.apache.kafka", "kafka", "state.change.logger")) {
                ((Logger) LoggerFactory.getLogger(logger)).setLevel(Level.ERROR);
            }
            int controller = freePort();
            Properties properties = new Properties();
            properties.putAll(Map.of(
                    "process.roles", "broker,controller",
                    "node.id", "1",
                    "listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller,
                    "advertised.listeners", "PLAINTEXT://127.0.0.1:" + port,
                    "controller.listener.names", "CONTROLLER",
                    "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
                    "controller.quorum.voters", "1@127.0.0.1:" + controller,
                    "log.dirs", directory.toString(),
                    "offsets.topic.replication.factor", "1",
                    "auto.create.topics.enable", "false"));
            new Formatter()
                    .setPrintStream(new PrintStream(PrintStream.nullOutputStream()))
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(1)
                    .setControllerListenerName("CONTROLLER")
                    .setMetadataLogDirectory(directory.toString())
                    .setDirectories(List.of(directory.toString()))
                    .setReleaseVersion(MetadataVersion.latestProduction())
                    .run();
            server = new kafka.server.KafkaRaftServer(
                    kafka.server.KafkaConfig.fromProps(properties, false), Time.SYSTEM);
            server.startup();
        }

        String servers() {
            return "127.0.0.1:" + port;
        }

        void close() {
            server.shutdown();
            server.awaitShutdown();
        }
    }
}
