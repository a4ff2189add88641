package dev.petrel.bench;

import dev.petrel.app.Gateway;
import dev.petrel.app.Settings;
import dev.petrel.testing.FreePorts;
import dev.petrel.testing.Platform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The gateway as it is, with one provider. */
final class Petrel implements Variant {
    static final String ACCOUNT = "AC00000000000000000000000000000000";
    static final String AUTH_TOKEN = "invented";
    static final String KEYS = "k1:" + "0".repeat(32);

    private final Place place;
    private final boolean receipts;
    private final String more;
    private Gateway gateway;

    private Petrel(Place place, boolean receipts, String more) {
        this.place = place;
        this.receipts = receipts;
        this.more = more;
    }

    static Petrel plain(Place place) {
        return new Petrel(place, false, "");
    }

    /** It waits for four seconds for the provider. */
    static Petrel patient(Place place) {
        return new Petrel(place, false, "      timeout: 4s\n");
    }

    /** It takes receipts on a port of this machine, where the simulator brings them. */
    static Petrel withReceipts(Place place) {
        int port = FreePorts.next();
        return new Petrel(place, true, """
                  web: { port: %d, host: 127.0.0.1, public-url: "%s" }
                  receipts: { keys: "%s" }
                """.formatted(port, publicUrl(port), KEYS));
    }

    static String publicUrl(int port) {
        return "http://127.0.0.1:" + port;
    }

    @Override
    public String name() {
        return receipts ? "with receipts" : "petrel";
    }

    @Override
    public String outcome() {
        return receipts ? "delivered" : "submitted";
    }

    /** The simulator queues no more receipts, and what it drops would be waited for. */
    @Override
    public int most() {
        return receipts ? 20_000 : Integer.MAX_VALUE;
    }

    @Override
    public void start(String requestTopic) throws Exception {
        gateway = Platform.get(Gateway.start(settings(requestTopic)));
    }

    @Override
    public void stop() throws Exception {
        Platform.get(gateway.stop());
    }

    Gateway gateway() {
        return gateway;
    }

    Settings settings(String requestTopic) throws Exception {
        String yaml = """
                petrel:
                  instance-id: bench
                  kafka:
                    bootstrap-servers: "%s"
                    group-id: %s
                    topics: { requests: %s, status: %s, dead-letter: %s, feedback: %s, availability: %s, control: %s, instances: %s }
                  management: { port: 0 }
                  logging: { level: error }
                  in-flight: { max: %d }
                  routes: [ { providers: [ twilio-main ] } ]
                  providers:
                    twilio-main:
                      type: twilio
                      account-sid: %s
                      auth-token: ${TWILIO_AUTH_TOKEN}
                      from: "+15005550006"
                      base-url: %s
                      max-in-flight: %d
                """.formatted(
                                place.bootstrapServers(),
                                requestTopic,
                                requestTopic,
                                Place.STATUS,
                                Place.DEAD_LETTERS,
                                Place.FEEDBACK,
                                Place.AVAILABILITY,
                                Place.CONTROL,
                                Place.INSTANCES,
                                place.inFlight(),
                                ACCOUNT,
                                place.providerUrl(),
                                place.inFlight())
                + more;
        Path file = Files.createTempFile("petrel", ".yaml");
        try {
            Files.writeString(file, yaml);
            return Settings.read(file, Map.of("TWILIO_AUTH_TOKEN", AUTH_TOKEN));
        } finally {
            Files.delete(file);
        }
    }
}
