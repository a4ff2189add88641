package dev.petrel.testing;

import static org.awaitility.Awaitility.await;

import dev.petrel.app.Gateway;
import dev.petrel.app.Settings;
import dev.petrel.guarantees.RequestStream;
import dev.petrel.guarantees.Seen;
import dev.petrel.guarantees.StatusReader;
import dev.petrel.guarantees.Told;
import dev.petrel.kafka.TopicCheck;
import dev.petrel.kafka.TopicSetup;
import dev.petrel.simulator.Call;
import dev.petrel.simulator.Latency;
import dev.petrel.simulator.SimulatedProvider;
import dev.petrel.simulator.Simulator;
import dev.petrel.simulator.SimulatorSettings;
import dev.petrel.simulator.Vendor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/**
 * A real broker, two simulated providers ({@code twilio-main} and {@code sns-eu}) and any number of gateways in this JVM.
 * The topics are made by Petrel itself, anew with each name.
 */
public final class Platform implements AutoCloseable {
    /** What no log line and no event may show. */
    public static final String AUTH_TOKEN = "7h1s1s4n1nv3nt3dt0k3n";

    public static final String SECRET_KEY = "4nd1nv3nt3d1st00";

    /** Of each topic, unless another number is told. */
    public static final int PARTITIONS = 4;

    private static final AtomicInteger NAMES = new AtomicInteger();

    static {
        // the first place where the SDK's default chain looks for credentials; invented ones
        System.setProperty("aws.accessKeyId", "AKIDEXAMPLE");
        System.setProperty("aws.secretAccessKey", SECRET_KEY);
    }

    private final String bootstrapServers;
    private final @Nullable EmbeddedBroker broker;
    private final boolean ownBroker;
    private final Vertx vertx = Vertx.vertx();
    private final Simulator simulator;
    private final String name = "run" + NAMES.incrementAndGet();
    private final List<Gateway> gateways = new ArrayList<>();
    private final List<AutoCloseable> open = new ArrayList<>();

    private Platform(
            String bootstrapServers,
            @Nullable EmbeddedBroker broker,
            boolean ownBroker,
            int partitions,
            SimulatorSettings simulator)
            throws Exception {
        this.bootstrapServers = bootstrapServers;
        this.broker = broker;
        this.ownBroker = ownBroker;
        this.simulator = get(Simulator.start(
                vertx, simulator.withProvider("twilio-main", Vendor.TWILIO).withProvider("sns-eu", Vendor.SNS)));
        Settings settings = settings("setup", "", Map.of());
        if (!new TopicSetup(settings.kafka(), settings.journalWindow(), TopicCheck.PATIENCE)
                .run(partitions, 1, line -> {})) {
            throw new IllegalStateException("the topics are not as they must be");
        }
    }

    private Platform(EmbeddedBroker broker, boolean ownBroker) throws Exception {
        this(broker.bootstrapServers(), broker, ownBroker, PARTITIONS, SimulatorSettings.onFreePorts());
    }

    /** With a broker of its own. */
    public static Platform start() throws Exception {
        return new Platform(EmbeddedBroker.start(), true);
    }

    /**
     * With a broker of its own, and providers that take their time.
     *
     * @param controlPort where they are told how to behave; 0: any free one
     */
    public static Platform withSimulator(int controlPort, Latency latency) throws Exception {
        EmbeddedBroker broker = EmbeddedBroker.start();
        SimulatorSettings simulator =
                SimulatorSettings.onFreePorts().withControlPort(controlPort).withLatency(latency);
        return new Platform(broker.bootstrapServers(), broker, true, PARTITIONS, simulator);
    }

    /** On a broker that others use too. */
    public static Platform on(EmbeddedBroker broker) throws Exception {
        return new Platform(broker, false);
    }

    /**
     * At a broker that runs elsewhere.
     *
     * @param maxCalls that each provider remembers
     */
    public static Platform at(String bootstrapServers, int partitions, int maxCalls) throws Exception {
        SimulatorSettings simulator = SimulatorSettings.onFreePorts().withMaxCalls(maxCalls);
        return new Platform(bootstrapServers, null, false, partitions, simulator);
    }

    /** One more gateway, with the default route: {@code twilio-main} before {@code sns-eu}. Ready when this returns. */
    public Gateway gateway() throws Exception {
        return gateway("");
    }

    /** @param more lines of YAML beside the usual ones, indented by two */
    public Gateway gateway(String more) throws Exception {
        return gateway(more, Map.of());
    }

    /** @param variables of the environment, which win over the file */
    public Gateway gateway(String more, Map<String, String> variables) throws Exception {
        Gateway gateway = get(Gateway.start(settings("petrel-" + gateways.size(), more, variables)));
        gateways.add(gateway);
        await().atMost(Duration.ofSeconds(30)).until(gateway::ready);
        return gateway;
    }

    private Settings settings(String instance, String more, Map<String, String> variables) throws IOException {
        Path file = settingsFile(instance, more);
        try {
            Map<String, String> environment = new HashMap<>(variables);
            environment.put("TWILIO_AUTH_TOKEN", AUTH_TOKEN);
            return Settings.read(file, environment);
        } finally {
            Files.delete(file);
        }
    }

    /** What a gateway of this platform is started with; it needs {@code TWILIO_AUTH_TOKEN}. */
    public Path settingsFile(String instance, String more) throws IOException {
        String routes = more.contains("routes:") ? "" : "  routes: [ { providers: [ twilio-main, sns-eu ] } ]\n";
        String yaml = """
                petrel:
                  instance-id: %s
                  kafka:
                    bootstrap-servers: "%s"
                    group-id: %s
                    topics: { requests: %s, status: %s, dead-letter: %s, feedback: %s, availability: %s, control: %s, instances: %s }
                  providers:
                    twilio-main:
                      type: twilio
                      account-sid: AC00000000000000000000000000000000
                      auth-token: ${TWILIO_AUTH_TOKEN}
                      from: "+15005550006"
                      base-url: %s
                    sns-eu:
                      type: sns
                      region: eu-west-1
                      endpoint: %s
                """.formatted(
                                instance,
                                bootstrapServers,
                                name,
                                requestTopic(),
                                statusTopic(),
                                deadLetterTopic(),
                                feedbackTopic(),
                                availabilityTopic(),
                                controlTopic(),
                                instancesTopic(),
                                provider("twilio-main").url(),
                                provider("sns-eu").url())
                + routes
                + (more.contains("management:") ? "" : "  management: { port: 0 }\n")
                + (more.contains("logging:") ? "" : "  logging: { level: error }\n")
                + more;
        return Files.writeString(Files.createTempFile("petrel", ".yaml"), yaml);
    }

    public EmbeddedBroker broker() {
        return Objects.requireNonNull(broker, "it runs elsewhere");
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    public Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrapServers));
    }

    public Simulator simulator() {
        return simulator;
    }

    public SimulatedProvider provider(String id) {
        return simulator.provider(id);
    }

    public String requestTopic() {
        return "sms.requests-" + name;
    }

    public String statusTopic() {
        return "sms.status-" + name;
    }

    public String deadLetterTopic() {
        return "sms.requests.dlq-" + name;
    }

    public String feedbackTopic() {
        return "sms.feedback-" + name;
    }

    public String controlTopic() {
        return "sms.control-" + name;
    }

    public String instancesTopic() {
        return "sms.instances-" + name;
    }

    public String availabilityTopic() {
        return "sms.availability-" + name;
    }

    public String group() {
        return name;
    }

    /** A gateway's page of metrics. */
    public static String metrics(Gateway gateway) throws Exception {
        URI page = URI.create("http://127.0.0.1:" + gateway.managementPort() + "/metrics");
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    public List<Gateway> gateways() {
        return gateways;
    }

    /** An auth service. */
    public RequestStream requests(String prefix) {
        RequestStream requests = new RequestStream(bootstrapServers, requestTopic(), prefix);
        open.add(requests);
        return requests;
    }

    public StatusReader statuses(Consumer<Told> listener) {
        StatusReader reader = new StatusReader(bootstrapServers, statusTopic(), listener);
        open.add(reader);
        return reader;
    }

    /** What the providers saw, by the monotonic clock: two calls of one millisecond have their order. */
    public List<Seen> seen() {
        List<Seen> seen = new ArrayList<>();
        Instant now = Instant.now();
        long nanos = System.nanoTime();
        for (SimulatedProvider provider : simulator.providers()) {
            for (Call call : provider.calls()) {
                seen.add(new Seen(
                        provider.name(),
                        call.to(),
                        call.text(),
                        now.plusNanos(call.nanos() - nanos),
                        call.accepted(),
                        call.messageId(),
                        call.sender()));
            }
        }
        return seen;
    }

    public static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        for (Gateway gateway : gateways) {
            get(gateway.stop());
        }
        get(simulator.close());
        get(vertx.close());
        if (broker != null && ownBroker) {
            broker.close();
        }
    }
}
