package dev.petrel.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.petrel.testing.ChildProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A broker and two simulated providers as processes of their own, which end with this one. All topics but that of the requests are there. */
final class Stage {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> PROVIDERS = List.of("twilio-main", "sns-eu");

    private final ChildProcess broker = ChildProcess.start(BrokerMain.class);
    private final String bootstrapServers;
    private final String controlUrl;
    private final String twilioUrl;
    private final String snsUrl;

    Stage() throws IOException {
        ChildProcess simulator = ChildProcess.start(
                ProvidersMain.class,
                "--control-port",
                "0",
                "--provider",
                "twilio-main=twilio:0",
                "--provider",
                "sns-eu=sns:0",
                "--no-calls");
        controlUrl = lastWord(simulator.awaitLine(line -> line.startsWith("control")));
        twilioUrl = lastWord(simulator.awaitLine(line -> line.startsWith("twilio-main")));
        snsUrl = lastWord(simulator.awaitLine(line -> line.startsWith("sns-eu")));
        bootstrapServers = lastWord(broker.awaitLine(line -> line.startsWith(BrokerMain.READY)));
        create(Place.STATUS);
        create(Place.DEAD_LETTERS);
        create(Place.FEEDBACK);
        tellBroker("create-compacted " + Place.AVAILABILITY);
        tellBroker("create-compacted " + Place.CONTROL);
        tellBroker("create-compacted " + Place.INSTANCES);
    }

    Place place(String requests, String status, int inFlight) {
        return new Place(bootstrapServers, twilioUrl, snsUrl, requests, status, inFlight);
    }

    void create(String topic) throws IOException {
        tellBroker("create " + topic);
    }

    void delete(String topic) throws IOException {
        tellBroker("delete " + topic);
    }

    /** Puts so many requests on a topic. */
    void fill(String topic, int count) throws IOException {
        tellBroker("fill " + topic + " " + count);
    }

    private void tellBroker(String command) throws IOException {
        broker.tell(command);
        broker.awaitLine(BrokerMain.OK::equals);
    }

    /** The providers behave so from now on. */
    void behave(String behavior) throws IOException {
        for (String provider : PROVIDERS) {
            call("PUT", provider + "/behavior", behavior);
        }
    }

    /** How many calls the providers have not answered yet. */
    int waiting() throws IOException {
        int waiting = 0;
        for (String provider : PROVIDERS) {
            waiting += counts(provider).path("waiting").asInt();
        }
        return waiting;
    }

    /** Returns when no receipt is under way any more, or after a while. */
    void awaitNoReceipts() throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (receiptsUnderWay() > 0 && System.nanoTime() - until < 0) {
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private long receiptsUnderWay() throws IOException {
        JsonNode receipts = counts("twilio-main").path("receipts");
        return receipts.path("sent").asLong()
                - receipts.path("acknowledged").asLong()
                - receipts.path("failed").asLong();
    }

    private JsonNode counts(String provider) throws IOException {
        return JSON.readTree(call("GET", provider, "")).path("counts");
    }

    private String call(String method, String path, String body) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create(controlUrl + "/providers/" + path).toURL().openConnection();
        connection.setConnectTimeout(30_000);
        connection.setReadTimeout(30_000);
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
