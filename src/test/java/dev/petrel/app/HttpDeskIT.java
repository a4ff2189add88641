package dev.petrel.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.control.Orders;
import dev.petrel.kafka.AvailabilityReader;
import dev.petrel.kafka.KafkaClients;
import dev.petrel.metrics.Meters;
import dev.petrel.testing.EmbeddedBroker;
import dev.petrel.testing.FreePorts;
import dev.petrel.testing.Loop;
import dev.petrel.testing.ManualTime;
import dev.petrel.testing.Platform;
import dev.petrel.web.HttpIn;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long a start waits for what those read who ask by HTTP. Nobody moves its time but the test. */
class HttpDeskIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String TOKEN = "token-of-web-000000-000000-000000";

    private final Loop loop = new Loop();
    private final ManualTime time = new ManualTime();
    private final Deque<Supplier<Future<?>>> stops = new ArrayDeque<>();
    private final List<Throwable> fatal = new CopyOnWriteArrayList<>();

    @TempDir
    private Path directory;

    @AfterEach
    void stop() throws Exception {
        while (!stops.isEmpty()) {
            Platform.get(stops.pop().get());
        }
        loop.close();
        assertThat(fatal).isEmpty();
    }

    @Test
    void opensAsSoonAsNothingIsMissed() throws Exception {
        try (Platform platform = Platform.on(EmbeddedBroker.shared())) {
            Path file = platform.settingsFile("desk", "  web: { tokens: \"web:%s\" }\n".formatted(TOKEN));

            Platform.get(open(Settings.read(file, Map.of("TWILIO_AUTH_TOKEN", Platform.AUTH_TOKEN))));

            assertThat(time.elapsed()).isZero();
            Files.delete(file);
        }
    }

    /** Codes do not wait for those who ask about them. */
    @Test
    void opensWithoutItAfterTenSeconds() throws IOException {
        Path file = directory.resolve("petrel.yaml");
        Files.writeString(file, """
                petrel:
                  kafka: { bootstrap-servers: "127.0.0.1:%d" }
                  providers: { sns-eu: { type: sns, region: eu-west-1 } }
                  routes: [ { providers: [ sns-eu ] } ]
                  web: { tokens: "web:%s" }
                """.formatted(FreePorts.next(), TOKEN));
        Future<HttpIn> opened = open(Settings.read(file, Map.of("HOSTNAME", "one")));

        loop.settle();
        assertThat(opened.isComplete()).isFalse();
        loop.run(() -> time.advance(HttpDesk.FEED_WITHIN));
        await().atMost(LONG).until(opened::succeeded);
    }

    private Future<HttpIn> open(Settings settings) {
        Meters meters = new Meters(new SimpleMeterRegistry());
        KafkaClients clients = new KafkaClients(settings.kafka());
        AvailabilityReader availability =
                new AvailabilityReader(clients, settings.kafka().topics(), loop.context(), time, fatal::add);
        stops.push(() -> {
            availability.close();
            return Future.succeededFuture();
        });
        HttpDesk desk = new HttpDesk(settings, () -> settings, loop.context().owner(), clients, meters, stops::push);
        return loop.call(() -> desk.open(new Orders(), availability, loop.context(), time, fatal::add));
    }
}
