package dev.petrel.sandbox;

import dev.petrel.app.Gateway;
import dev.petrel.simulator.Latency;
import dev.petrel.testing.FreePorts;
import dev.petrel.testing.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.ExecutionException;

/**
 * A whole Petrel that takes requests by HTTP, for whoever wants to try that from outside, a fuzzer or k6 above all: a broker,
 * two simulated providers and a gateway that hears receipts.
 *
 * <p>Told nothing, it listens where people look for it ({@code -Dstage.port=8080}, {@code -Dstage.management=8081} and
 * {@code -Dstage.simulator=9090}), says where, and stays until it is killed. Told a file, it listens on free ports, and
 * stays until its input ends. Into the file it writes, each on a line, its address, its tenant's token, the address of the
 * simulator's control port, and the token of a tenant who may send {@value #FEW} requests a second.
 */
public final class HttpStage {
    private static final String TOKEN = "token-of-nobody-000000-000000-000000";
    private static final String TOKEN_FOR_FEW = "token-for-few-00000000-000000-000000";
    private static final int FEW = 5;

    private HttpStage() {}

    public static void main(String[] arguments) throws Exception {
        try {
            run(arguments);
            System.exit(0); // threads of the broker are left
        } catch (ExecutionException failed) {
            System.err.println(failed.getCause().getMessage());
            System.exit(1);
        }
    }

    private static void run(String[] arguments) throws Exception {
        boolean forPeople = arguments.length == 0;
        int web = forPeople ? Integer.getInteger("stage.port", 8080) : FreePorts.next();
        int management = forPeople ? Integer.getInteger("stage.management", 8081) : 0;
        int simulator = forPeople ? Integer.getInteger("stage.simulator", 9090) : 0;
        try (Platform platform = Platform.withSimulator(simulator, Latency.of(50, 400))) {
            Gateway gateway = platform.gateway(settings(web, management));
            String address = "http://127.0.0.1:" + gateway.webPort();
            String control = platform.simulator().controlUrl();
            if (forPeople) {
                System.out.println("requests   " + address + "   (docs/http.md)");
                System.out.println("token      " + TOKEN);
                System.out.println("faults     " + control + "/providers   (docs/simulator.md)");
                System.out.println("console    http://127.0.0.1:" + gateway.managementPort() + "/#token=" + TOKEN
                        + "\nUntil Ctrl-C");
                Thread.currentThread().join();
            }
            write(Path.of(arguments[0]), List.of(address, TOKEN, control, TOKEN_FOR_FEW));
            System.out.println(address);
            while (System.in.read() >= 0) {
                // whatever is typed
            }
        }
    }

    private static String settings(int web, int management) {
        return """
                  management: { port: %d, tokens: "stage:%s" }
                  web: { port: %d, host: 127.0.0.1, public-url: "http://127.0.0.1:%d", tokens: "web:%s,few:%s" }
                  tenants: { few: { max-per-second: %d } }
                  receipts: { keys: "k1:%s" }
                """.formatted(management, TOKEN, web, web, TOKEN, TOKEN_FOR_FEW, FEW, "0".repeat(32));
    }

    private static void write(Path file, List<String> lines) throws IOException {
        Path whole = Files.createTempFile("petrel-stage", "");
        Files.writeString(whole, String.join("\n", lines) + "\n");
        Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING);
    }
}
