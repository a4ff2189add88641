package dev.petrel.bench;

import dev.petrel.app.Gateway;
import dev.petrel.app.Settings;
import dev.petrel.testing.Platform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The gateway as it is, with one provider. */
final class Petrel implements Variant {
    private final Place place;
    private final String more;
    Gateway gateway;

    /** @param more lines of YAML below the provider, indented by six */
    Petrel(Place place, String more) {
        this.place = place;
        this.more = more;
    }

    @Override
    public String name() {
        return "petrel";
    }

    @Override
    public void start(String requestTopic) throws Exception {
        gateway = Platform.get(Gateway.start(settings(requestTopic)));
    }

    @Override
    public void stop() throws Exception {
        Platform.get(gateway.stop());
    }

    private Settings settings(String requestTopic) throws Exception {
        String yaml = """
                petrel:
                  instance-id: bench
                  kafka:
                    bootstrap-servers: "%s"
                    group-id: %s
                    topics: { requests: %s, status: %s, dead-letter: %s }
                  management: { port: 0 }
                  logging: { level: error }
                  in-flight: { max: %d }
                  routes: [ { providers: [ twilio-main ] } ]
                  providers:
                    twilio-main:
                      type: twilio
                      account-sid: AC00000000000000000000000000000000
                      auth-token: ${TWILIO_AUTH_TOKEN}
                      from: "+15005550006"
                      base-url: %s
                      max-in-flight: %d
                """.formatted(
                                place.bootstrapServers(),
                                requestTopic,
                                requestTopic,
                                place.statusTopic(),
                                place.deadLetterTopic(),
                                place.inFlight(),
                                place.providerUrl(),
                                place.inFlight())
                + more;
        Path file = Files.createTempFile("petrel", ".yaml");
        try {
            Files.writeString(file, yaml);
            return Settings.read(file, Map.of("TWILIO_AUTH_TOKEN", "invented"));
        } finally {
            Files.delete(file);
        }
    }
}
