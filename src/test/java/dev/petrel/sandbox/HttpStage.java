package dev.petrel.sandbox;

import dev.petrel.app.Gateway;
import dev.petrel.testing.EmbeddedBroker;
import dev.petrel.testing.FreePorts;
import dev.petrel.testing.Platform;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A whole Petrel that takes requests by HTTP, for whoever wants to try that from outside, a fuzzer above all: a broker, two
 * simulated providers and a gateway. Writes its address and its tenant's token, each on a line, into the file that it is
 * told, and stays until its input ends.
 */
public final class HttpStage {
    private static final String TOKEN = "token-of-nobody-000000-000000-000000";

    private HttpStage() {}

    public static void main(String[] arguments) throws Exception {
        int port = FreePorts.next();
        try (EmbeddedBroker broker = EmbeddedBroker.start();
                Platform platform = Platform.on(broker)) {
            Gateway gateway =
                    platform.gateway("  web: { port: " + port + ", host: 127.0.0.1, tokens: \"web:" + TOKEN + "\" }\n");
            String address = "http://127.0.0.1:" + gateway.webPort();
            Path whole = Files.createTempFile("petrel-stage", "");
            Files.writeString(whole, address + "\n" + TOKEN + "\n");
            Files.move(whole, Path.of(arguments[0]), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            System.out.println(address);
            while (System.in.read() >= 0) {
                // whatever is typed
            }
        }
        System.exit(0); // threads of the broker are left
    }
}
