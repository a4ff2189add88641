package dev.petrel.meltdown;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.petrel.guarantees.RequestStream;
import dev.petrel.guarantees.StatusReader;
import dev.petrel.guarantees.TopicTail;
import dev.petrel.simulator.Behavior;
import dev.petrel.simulator.Call;
import dev.petrel.simulator.Mode;
import dev.petrel.simulator.Receipts;
import dev.petrel.simulator.SimulatedProvider;
import dev.petrel.testing.Balancer;
import dev.petrel.testing.FreePorts;
import dev.petrel.testing.GatewayProcess;
import dev.petrel.testing.Platform;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Two instances, two providers and a steady stream of requests. The first provider goes on to say yes and delivers
 * nothing; later the second hangs for half of the numbers; later still an instance is killed. What counts is what the
 * users see: the code in hand, or a word in time that it will not come, so that they are offered another factor.
 *
 * <p>{@code -Dmeltdown.brief=true} plays the short one.
 */
public final class Meltdown {
    private static final Duration AFTERWARDS = Duration.ofSeconds(35);
    private static final String KEYS = "k1:" + "0".repeat(32);

    private final Timeline timeline;
    private final List<State> states = new CopyOnWriteArrayList<>();

    /** What was said of SMS in a country, from then on. */
    record State(Instant at, String country, String state) {
        private static final ObjectMapper JSON = new ObjectMapper();

        static State of(ConsumerRecord<byte[], byte[]> record) {
            try {
                return new State(
                        Instant.ofEpochMilli(record.timestamp()),
                        new String(record.key(), UTF_8),
                        JSON.readTree(record.value()).path("state").asText());
            } catch (IOException impossible) {
                throw new UncheckedIOException(impossible);
            }
        }

        boolean ok() {
            return state.equals("ok");
        }
    }

    Meltdown(Timeline timeline) {
        this.timeline = timeline;
    }

    public static void main(String[] args) throws Exception {
        Timeline timeline = Boolean.getBoolean("meltdown.brief") ? Timeline.brief() : Timeline.full();
        Outcome outcome = new Meltdown(timeline).play();
        outcome.lines().forEach(System.out::println);
        System.exit(outcome.held() ? 0 : 1);
    }

    Outcome play() throws Exception {
        Vertx vertx = Vertx.vertx();
        int publicPort = FreePorts.next();
        List<Integer> ports = List.of(FreePorts.next(), FreePorts.next());
        try (Platform platform = Platform.start();
                Balancer balancer = Balancer.start(vertx, publicPort, ports);
                GatewayProcess first = gateway(platform, "first", publicPort, ports.get(0));
                GatewayProcess second = gateway(platform, "second", publicPort, ports.get(1));
                StatusReader statuses = platform.statuses(event -> {});
                TopicTail availability = new TopicTail(
                        platform.bootstrapServers(),
                        platform.availabilityTopic(),
                        record -> states.add(State.of(record)))) {
            await().atMost(Duration.ofSeconds(60)).until(() -> first.ready() && second.ready());
            SimulatedProvider twilio = platform.provider("twilio-main");
            SimulatedProvider sns = platform.provider("sns-eu");
            RequestStream requests = platform.requests("meltdown-");
            Instant start = Instant.now();
            requests.start(timeline.rate());
            until(start.plus(timeline.silent()));
            Platform.get(twilio.behave(Behavior.healthy().withReceipts(Receipts.silent())));
            until(start.plus(timeline.hangs()));
            Platform.get(sns.behave(Mode.blackHole().forShare(0.5)));
            until(start.plus(timeline.killed()));
            Instant killed = Instant.now();
            first.kill();
            until(start.plus(timeline.end()));
            Platform.get(twilio.behave(Behavior.healthy()));
            Platform.get(sns.behave(Behavior.healthy()));
            until(start.plus(timeline.end()).plus(timeline.recovery()));
            requests.pause();
            requests.flush();
            until(Instant.now().plus(AFTERWARDS));
            return new Outcome(
                    timeline,
                    start,
                    killed,
                    requests.asked(),
                    statuses.told(),
                    calls(twilio, sns),
                    List.copyOf(states));
        } finally {
            Platform.get(vertx.close());
        }
    }

    private GatewayProcess gateway(Platform platform, String name, int publicPort, int port) throws Exception {
        Path settings = platform.settingsFile(name, """
                  web: { port: %d, host: 127.0.0.1, public-url: "http://127.0.0.1:%d" }
                  receipts: { keys: "%s" }
                """.formatted(port, publicPort, KEYS));
        settings.toFile().deleteOnExit();
        return new GatewayProcess.Launch(Map.of("PETREL_INSTANCE_ID", name), null, null)
                .start("--config", settings.toString());
    }

    private static List<Call> calls(SimulatedProvider... providers) {
        List<Call> calls = new ArrayList<>();
        for (SimulatedProvider provider : providers) {
            calls.addAll(provider.calls());
        }
        return calls;
    }

    private static void until(Instant moment) {
        await().atMost(Duration.ofMinutes(10)).until(() -> Instant.now().isAfter(moment));
    }
}
