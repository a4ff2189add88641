package dev.petrel.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.authorizer.StandardAuthorizer;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;

/**
 * A real Kafka broker, and its own controller, inside the JVM of the tests. Takes about two seconds the first time; start
 * it once for a test class. After {@link #stop()} it can be started again, on the same port and with what it held.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final int NODE = 1;

    private final Place place;
    private final Map<String, String> more;
    private final int node;
    /** The port of the controller, which is that of node 1. */
    private final int controllerPort;

    private final String cluster;
    private KafkaRaftServer server;

    /**
     * Where it keeps its data, and where it listens.
     *
     * @param detour one more port it listens at; 0: none
     * @param advertised what it tells those who come by the detour where they find it
     */
    public record Place(Path directory, int port, int controllerPort, int detour, int advertised) {
        /** A new directory, and free ports. */
        public static Place fresh() {
            try {
                return new Place(Files.createTempDirectory("petrel-broker"), FreePorts.next(), FreePorts.next(), 0, 0);
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }

        /** Reachable by a proxy too. */
        public Place withDetour(int listensAt, int proxyAt) {
            return new Place(directory, port, controllerPort, listensAt, proxyAt);
        }

        public String bootstrapServers() {
            return "127.0.0.1:" + port;
        }

        private Path log() {
            return directory.resolve("log");
        }

        /** With all that it holds. */
        public void delete() {
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder()).forEach(file -> {
                    if (!file.toFile().delete()) {
                        file.toFile().deleteOnExit();
                    }
                });
            } catch (IOException left) {
                throw new UncheckedIOException(left);
            }
        }
    }

    private EmbeddedBroker(Place place, Map<String, String> more) {
        this(place, more, NODE, place.controllerPort(), Uuid.randomUuid().toString());
    }

    private EmbeddedBroker(Place place, Map<String, String> more, int node, int controllerPort, String cluster) {
        this.place = place;
        this.more = more;
        this.node = node;
        this.controllerPort = controllerPort;
        this.cluster = cluster;
        try {
            if (!Files.exists(place.log())) {
                format();
            }
        } catch (Exception failed) {
            throw new IllegalStateException("no broker", failed);
        }
    }

    /** Makes one and starts it. */
    public static EmbeddedBroker start() {
        return start(Place.fresh());
    }

    /** Goes on with what the place holds. */
    public static EmbeddedBroker start(Place place) {
        return start(place, Map.of());
    }

    /** @param more settings of the broker, which win over the usual ones */
    public static EmbeddedBroker start(Place place, Map<String, String> more) {
        EmbeddedBroker broker = new EmbeddedBroker(place, more);
        broker.startAgain();
        return broker;
    }

    /**
     * One more broker of this one's cluster, started. Partitions of its own have no leader while it is stopped; it is to be
     * closed first. Only of a broker whose place was new.
     */
    public EmbeddedBroker another() {
        EmbeddedBroker other = new EmbeddedBroker(Place.fresh(), more, node + 1, controllerPort, cluster);
        other.startAgain();
        return other;
    }

    /** The number by which partitions are assigned to it. */
    public int node() {
        return node;
    }

    /** One for all tests of this JVM; nobody stops it. */
    public static EmbeddedBroker shared() {
        return Shared.BROKER;
    }

    public String bootstrapServers() {
        return place.bootstrapServers();
    }

    public Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrapServers()));
    }

    /** Makes a topic as Petrel's own topics must be, the compacted ones apart. */
    public void createTopic(String name, int partitions) {
        createTopic(
                name,
                partitions,
                Map.of(
                        "message.timestamp.type",
                        "LogAppendTime",
                        "cleanup.policy",
                        "delete",
                        "retention.ms",
                        "86400000"));
    }

    public void createTopic(String name, int partitions, Map<String, String> settings) {
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1).configs(settings)))
                    .all()
                    .get();
        } catch (InterruptedException | ExecutionException failed) {
            throw new IllegalStateException("no topic", failed);
        }
    }

    /** Every record that stands on a topic of one partition now. */
    public List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                bootstrapServers(),
                "enable.auto.commit",
                false,
                "isolation.level",
                "read_committed");
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    /** From now on nobody may write to this topic; all else stays allowed. */
    public void denyWrites(String topic) {
        try (Admin admin = admin()) {
            admin.createAcls(denial(topic)).all().get();
        } catch (InterruptedException | ExecutionException failed) {
            throw new IllegalStateException("not denied", failed);
        }
    }

    public void allowWrites(String topic) {
        try (Admin admin = admin()) {
            admin.deleteAcls(denial(topic).stream().map(AclBinding::toFilter).toList())
                    .all()
                    .get();
        } catch (InterruptedException | ExecutionException failed) {
            throw new IllegalStateException("not allowed", failed);
        }
    }

    /** A topic with one rule is closed to everybody whom none allows. */
    private static List<AclBinding> denial(String topic) {
        ResourcePattern pattern = new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL);
        return List.of(
                new AclBinding(
                        pattern,
                        new AccessControlEntry("User:ANONYMOUS", "*", AclOperation.WRITE, AclPermissionType.DENY)),
                new AclBinding(
                        pattern,
                        new AccessControlEntry("User:ANONYMOUS", "*", AclOperation.ALL, AclPermissionType.ALLOW)));
    }

    public void stop() {
        server.shutdown();
        server.awaitShutdown();
    }

    public void startAgain() {
        server = new KafkaRaftServer(KafkaConfig.fromProps(properties(), false), Time.SYSTEM);
        server.startup();
    }

    @Override
    public void close() {
        stop();
        place.delete();
    }

    private void format() throws Exception {
        Formatter formatter = new Formatter();
        formatter
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setNodeId(node)
                .setClusterId(cluster)
                .setDirectories(List.of(place.log().toString()))
                .setMetadataLogDirectory(place.log().toString())
                .setReleaseVersion(MetadataVersion.latestProduction())
                .setControllerListenerName("CONTROLLER")
                .setHasDynamicQuorum(false)
                .run();
    }

    private Properties properties() {
        Map<String, Object> settings = new HashMap<>();
        boolean controls = node == NODE;
        settings.put("process.roles", controls ? "broker,controller" : "broker");
        settings.put("node.id", node);
        settings.put("controller.quorum.voters", NODE + "@127.0.0.1:" + controllerPort);
        String listeners = "BROKER://127.0.0.1:" + place.port();
        String advertised = listeners;
        if (place.detour() != 0) {
            listeners += ",DETOUR://127.0.0.1:" + place.detour();
            advertised += ",DETOUR://127.0.0.1:" + place.advertised();
        }
        settings.put("listeners", controls ? listeners + ",CONTROLLER://127.0.0.1:" + controllerPort : listeners);
        settings.put("advertised.listeners", advertised);
        settings.put("listener.security.protocol.map", "BROKER:PLAINTEXT,DETOUR:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("inter.broker.listener.name", "BROKER");
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("log.dirs", place.log().toString());
        settings.put("auto.create.topics.enable", "false");
        settings.put("offsets.topic.num.partitions", "1");
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("transaction.state.log.num.partitions", "1");
        settings.put("share.coordinator.state.topic.replication.factor", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("group.consumer.min.session.timeout.ms", "6000");
        settings.put("group.consumer.min.heartbeat.interval.ms", "1000");
        settings.put("authorizer.class.name", StandardAuthorizer.class.getName());
        settings.put("allow.everyone.if.no.acl.found", "true");
        settings.put("log.cleaner.dedupe.buffer.size", "2000000");
        settings.putAll(more);
        Properties properties = new Properties();
        settings.forEach((key, value) -> properties.setProperty(key, value.toString()));
        return properties;
    }

    private static final class Shared {
        static final EmbeddedBroker BROKER = start();

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(BROKER::close, "broker-close"));
        }
    }
}
