package dev.petrel.bench;

import dev.petrel.app.Gateway;
import dev.petrel.app.Settings;
import dev.petrel.testing.FreePorts;
import dev.petrel.testing.Platform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The gateway as it is. It takes in no more than it can send soon: what waits should wait in Kafka, and what is decoded
 * in a round should be what is sent in it.
 */
final class Petrel implements Pipeline {
    static final String TWILIO = "[ { providers: [ twilio-main ] } ]";
    static final String SNS = "[ { providers: [ sns-eu ] } ]";
    static final String BOTH = "[ { providers: [ { id: twilio-main, priority: 1, weight: 50 },"
            + " { id: sns-eu, priority: 1, weight: 50 } ] } ]";

    static final String ACCOUNT = "AC00000000000000000000000000000000";
    static final String AUTH_TOKEN = "invented";
    static final String KEYS = "k1:" + "0".repeat(32);
    /** Of somebody who may look at the console. */
    static final String SECRET = "0".repeat(32);

    static final int HELD = 10_000;

    private static final String UNWATCHED = "  management: { port: 0 }\n";
    private static final long PATIENCE_SECONDS = 60;

    private final Place place;
    private final String routes;
    private final String more;
    private final int inFlight;
    private final String twilio;
    private Gateway gateway;

    Petrel(Place place, String routes) {
        this(place, routes, UNWATCHED, place.inFlight(), "");
    }

    /**
     * @param inFlight of the gateway, and of each provider
     * @param twilio lines of settings for this provider
     */
    private Petrel(Place place, String routes, String more, int inFlight, String twilio) {
        this.place = place;
        this.routes = routes;
        this.more = more;
        this.inFlight = inFlight;
        this.twilio = twilio;
    }

    /** It waits for four seconds for the provider, does not think it slow, and may have half as many again with it. */
    static Petrel patient(Place place) {
        return new Petrel(place, TWILIO, UNWATCHED, place.inFlight() * 3 / 2, """
                      timeout: 4s
                      circuit-breaker: { slow-call: 4s }
                """);
    }

    /** It takes receipts on a port of this machine, where the simulator brings them. */
    static Petrel withReceipts(Place place) {
        int port = FreePorts.next();
        return new Petrel(place, TWILIO, UNWATCHED + """
                  web: { port: %d, host: 127.0.0.1, public-url: "%s" }
                  receipts: { keys: "%s" }
                """.formatted(port, publicUrl(port), KEYS), place.inFlight(), "");
    }

    /** One can look at its console. */
    static Petrel withConsole(Place place) {
        String management = "  management: { port: 0, tokens: \"bench:" + SECRET + "\" }\n";
        return new Petrel(place, TWILIO, management, place.inFlight(), "");
    }

    static String publicUrl(int port) {
        return "http://127.0.0.1:" + port;
    }

    @Override
    public void start() throws Exception {
        gateway = Platform.get(Gateway.start(settings()));
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!gateway.ready()) {
            if (System.nanoTime() - until > 0) {
                throw new TimeoutException("the gateway is not ready");
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    @Override
    public void stop() throws Exception {
        Platform.get(gateway.stop());
    }

    @Override
    public int managementPort() {
        return gateway.managementPort();
    }

    Gateway gateway() {
        return gateway;
    }

    private Settings settings() throws Exception {
        String yaml = """
                petrel:
                  instance-id: bench
                  kafka:
                    bootstrap-servers: "%s"
                    group-id: %s
                    topics: { requests: %s, status: %s, dead-letter: %s, feedback: %s, availability: %s, control: %s, instances: %s }
                  logging: { level: error }
                  in-flight: { max: %d }
                  held: { max: %d }
                  routes: %s
                  providers:
                """.formatted(
                                place.bootstrapServers(),
                                place.requests(),
                                place.requests(),
                                place.status(),
                                Place.DEAD_LETTERS,
                                Place.FEEDBACK,
                                Place.AVAILABILITY,
                                Place.CONTROL,
                                Place.INSTANCES,
                                inFlight,
                                Math.max(HELD, inFlight),
                                routes)
                + (routes.contains("twilio-main") ? twilio() : "")
                + (routes.contains("sns-eu") ? sns() : "")
                + more;
        Path file = Files.createTempFile("petrel", ".yaml");
        try {
            Files.writeString(file, yaml);
            return Settings.read(file, Map.of("TWILIO_AUTH_TOKEN", AUTH_TOKEN));
        } finally {
            Files.delete(file);
        }
    }

    private String twilio() {
        return """
                    twilio-main:
                      type: twilio
                      account-sid: %s
                      auth-token: ${TWILIO_AUTH_TOKEN}
                      from: "+15005550006"
                      base-url: %s
                      max-in-flight: %d
                """.formatted(ACCOUNT, place.twilioUrl(), inFlight) + twilio;
    }

    private String sns() {
        return """
                    sns-eu:
                      type: sns
                      region: eu-west-1
                      endpoint: %s
                      max-in-flight: %d
                """.formatted(place.snsUrl(), inFlight);
    }
}
