package dev.petrel.bench;

import dev.petrel.simulator.SimulatorMain;
import dev.petrel.testing.ChildProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** A broker and a simulated provider as processes of their own, which end with this one. All topics but that of the requests are there. */
final class Stage {
    private final ChildProcess broker = ChildProcess.start(BrokerMain.class);
    private final String bootstrapServers;
    private final String controlUrl;
    private final String providerUrl;

    Stage() throws IOException {
        ChildProcess simulator = ChildProcess.start(
                SimulatorMain.class, "--control-port", "0", "--provider", "twilio-main=twilio:0", "--no-calls");
        controlUrl = lastWord(simulator.awaitLine(line -> line.startsWith("control")));
        providerUrl = lastWord(simulator.awaitLine(line -> line.startsWith("twilio-main")));
        bootstrapServers = lastWord(broker.awaitLine(line -> line.startsWith(BrokerMain.READY)));
        create(Place.STATUS);
        create(Place.DEAD_LETTERS);
        create(Place.FEEDBACK);
        tellBroker("create-compacted " + Place.AVAILABILITY);
        tellBroker("create-compacted " + Place.CONTROL);
        tellBroker("create-compacted " + Place.INSTANCES);
    }

    Place place(int inFlight) {
        return new Place(bootstrapServers, providerUrl, inFlight);
    }

    void create(String topic) throws IOException {
        tellBroker("create " + topic);
    }

    /** Puts so many requests on a topic. */
    void fill(String topic, int count) throws IOException {
        tellBroker("fill " + topic + " " + count);
    }

    private void tellBroker(String command) throws IOException {
        broker.tell(command);
        broker.awaitLine(BrokerMain.OK::equals);
    }

    /** The provider behaves so from now on. */
    void behave(String behavior) throws IOException {
        call("PUT", "/behavior", behavior);
    }

    /** How many of the provider's calls hang. */
    int hanging() throws IOException {
        String state = call("GET", "", "");
        String name = "\"hanging\" : ";
        int at = state.indexOf(name) + name.length();
        return Integer.parseInt(state.substring(at, state.indexOf(',', at)).strip());
    }

    private String call(String method, String path, String body) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create(controlUrl + "/providers/twilio-main" + path).toURL().openConnection();
        connection.setRequestMethod(method);
        if (!body.isEmpty()) {
            connection.setDoOutput(true);
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body.getBytes(StandardCharsets.UTF_8));
            }
        }
        return new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static String lastWord(String line) {
        return line.substring(line.lastIndexOf(' ') + 1);
    }
}
