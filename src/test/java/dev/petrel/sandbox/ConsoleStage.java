package dev.petrel.sandbox;

import dev.petrel.guarantees.RequestStream;
import dev.petrel.testing.FreePorts;
import dev.petrel.testing.Platform;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the console is shown with: a broker, two simulated providers, two gateways that ask for a token, and a steady
 * stream of codes to three countries. Prints one line of JSON that says where all of it is, and ends when its stdin does.
 */
public final class ConsoleStage {
    private static final String TOKEN = "secret-of-nobody-000000-000000-000000";

    private ConsoleStage() {}

    public static void main(String[] args) throws Exception {
        try (Platform platform = Platform.start()) {
            int receiptPort = FreePorts.next();
            platform.gateway(settings(receiptPort, receiptPort));
            platform.gateway(settings(FreePorts.next(), receiptPort));
            codes(platform, "us-", "+120255501", 2, 12);
            codes(platform, "gb-", "+447700900", 3, 6);
            codes(platform, "fr-", "+3363998", 4, 6);
            System.out.println(whereabouts(platform).encode());
            awaitEndOfInput();
        }
        System.exit(0);
    }

    /** @param publicPort where receipts for all of them come */
    private static String settings(int port, int publicPort) {
        return """
                  management: { port: 0, tokens: "alice:%s" }
                  web: { port: %d, host: 127.0.0.1, public-url: "http://127.0.0.1:%d" }
                  receipts: { keys: "k1:%s" }
                """.formatted(TOKEN, port, publicPort, "0".repeat(32));
    }

    /** To numbers that are reserved for fiction. */
    private static void codes(Platform platform, String prefix, String begin, int digits, int perSecond) {
        RequestStream requests = platform.requests(prefix);
        AtomicInteger count = new AtomicInteger();
        int numbers = (int) Math.pow(10, digits);
        requests.start(
                perSecond,
                fields -> fields.put(
                        "to", begin + String.format("%0" + digits + "d", count.getAndIncrement() % numbers)));
    }

    private static JsonObject whereabouts(Platform platform) {
        JsonArray management = new JsonArray();
        platform.gateways().forEach(gateway -> management.add("http://127.0.0.1:" + gateway.managementPort()));
        return new JsonObject()
                .put("management", management)
                .put("token", TOKEN)
                .put("simulator", platform.simulator().controlUrl())
                .put("pid", ProcessHandle.current().pid());
    }

    private static void awaitEndOfInput() throws IOException {
        while (System.in.read() >= 0) {
            continue;
        }
    }
}
