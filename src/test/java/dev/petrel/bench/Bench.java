package dev.petrel.bench;

import dev.petrel.simulator.SimulatorMain;
import dev.petrel.testing.ChildProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * How many requests a second Petrel takes from Kafka to a provider and back to Kafka, what each costs, and how that
 * stands to a {@link BarePipe} in the same JVM. Broker and simulator are processes of their own. Both are warmed up, and
 * then take turns: what else happens on the machine hits both, so that the ratio says more than the figures.
 *
 * <p>{@code -Dbench.seconds=10} a round, {@code -Dbench.rounds=3} of each, {@code -Dbench.warmup=3} before.
 */
public final class Bench {
    private static final int SECONDS = Integer.getInteger("bench.seconds", 10);
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 3);
    private static final int WARM_UP = Integer.getInteger("bench.warmup", 3);
    private static final String STATUS = "sms.status";
    private static final String DEAD_LETTERS = "sms.requests.dlq";
    private static final int FIRST_COUNT = 20_000;

    private final ChildProcess broker;
    private final String bootstrapServers;
    private final ChildProcess simulator;
    private final String controlUrl;
    private final String providerUrl;
    private int topics;

    /** One round of one variant. */
    private record Round(int requests, double seconds, Cost cost, int threads) {
        double perSecond() {
            return requests / seconds;
        }

        double micros() {
            return cost.cpuNanos() / 1e3 / requests;
        }

        double kilobytes() {
            return cost.bytes() / 1e3 / requests;
        }
    }

    private Bench() throws IOException {
        broker = ChildProcess.start(BrokerMain.class);
        simulator = ChildProcess.start(
                SimulatorMain.class, "--control-port", "0", "--provider", "twilio-main=twilio:0", "--no-calls");
        controlUrl = lastWord(simulator.awaitLine(line -> line.startsWith("control")));
        providerUrl = lastWord(simulator.awaitLine(line -> line.startsWith("twilio-main")));
        bootstrapServers = lastWord(broker.awaitLine(line -> line.startsWith(BrokerMain.READY)));
        tellBroker("create " + STATUS);
        tellBroker("create " + DEAD_LETTERS);
    }

    public static void main(String[] args) {
        try {
            Bench bench = new Bench();
            bench.compare(0, 500);
            bench.compare(50, 2000);
            bench.memory(2000);
            System.exit(0);
        } catch (Exception failed) {
            failed.printStackTrace();
            System.exit(1); // the children end with this JVM
        }
    }

    private void compare(int latencyMillis, int inFlight) throws Exception {
        say("%nA provider that takes %d ms; %d in flight at most", latencyMillis, inFlight);
        behave("{\"mode\":\"healthy\",\"latency\":{\"ms\":" + latencyMillis + "}}");
        Place place = new Place(bootstrapServers, STATUS, DEAD_LETTERS, providerUrl, inFlight);
        Variant bare = new BarePipe(place);
        Variant petrel = new Petrel(place, "");
        List<Round> ofBare = new ArrayList<>();
        List<Round> ofPetrel = new ArrayList<>();
        try (StatusTail tail = new StatusTail(bootstrapServers, STATUS)) {
            int bareCount = FIRST_COUNT;
            int petrelCount = FIRST_COUNT;
            for (int i = 0; i < WARM_UP + ROUNDS; i++) {
                boolean warm = i >= WARM_UP;
                Round one = round(bare, bareCount, tail);
                Round other = round(petrel, petrelCount, tail);
                say(
                        "%-8s bare pipe %6.0f/s  petrel %6.0f/s  ratio %.2f",
                        warm ? "round" : "warm-up",
                        one.perSecond(),
                        other.perSecond(),
                        other.perSecond() / one.perSecond());
                double seconds = i < WARM_UP - 1 ? SECONDS / 2.0 : SECONDS;
                bareCount = (int) (one.perSecond() * seconds);
                petrelCount = (int) (other.perSecond() * seconds);
                if (warm) {
                    ofBare.add(one);
                    ofPetrel.add(other);
                }
            }
        }
        tell("bare pipe", ofBare);
        tell("petrel", ofPetrel);
        double[] ratios = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            ratios[i] = ofPetrel.get(i).perSecond() / ofBare.get(i).perSecond();
        }
        java.util.Arrays.sort(ratios);
        say(
                "ratio     %.2f (%.2f to %.2f) in throughput, %.2f in CPU",
                ratios[ROUNDS / 2],
                ratios[0],
                ratios[ROUNDS - 1],
                ofBare.stream().mapToDouble(Round::micros).average().orElseThrow()
                        / ofPetrel.stream().mapToDouble(Round::micros).average().orElseThrow());
    }

    private Round round(Variant variant, int count, StatusTail tail) throws Exception {
        String topic = "requests-" + ++topics;
        tellBroker("create " + topic);
        tellBroker("fill " + topic + " " + count);
        System.gc();
        tail.expect(count);
        variant.start(topic);
        tail.awaitFirst();
        Cost before = Cost.now();
        tail.awaitLast();
        Cost cost = Cost.now().since(before);
        int threads = ManagementFactory.getThreadMXBean().getThreadCount();
        variant.stop();
        return new Round(count, tail.seconds(), cost, threads);
    }

    private static void tell(String name, List<Round> rounds) {
        List<Double> rates = rounds.stream().map(Round::perSecond).sorted().toList();
        say(
                "%-9s %.0f/s (%.0f to %.0f), %.1f us of CPU and %.1f kB a request, %d threads",
                name,
                rates.get(rates.size() / 2),
                rates.get(0),
                rates.get(rates.size() - 1),
                rounds.stream().mapToDouble(Round::micros).average().orElseThrow(),
                rounds.stream().mapToDouble(Round::kilobytes).average().orElseThrow(),
                rounds.get(rounds.size() - 1).threads());
        Round last = rounds.get(rounds.size() - 1);
        last.cost()
                .byKind()
                .forEach((kind, used) -> say(
                        "          %-10s %5.1f us %5.1f kB",
                        kind, used.cpuNanos() / 1e3 / last.requests(), used.bytes() / 1e3 / last.requests()));
    }

    /** What Petrel holds while a provider hangs with so many requests. */
    private void memory(int inFlight) throws Exception {
        say("%nA provider that hangs, %d in flight", inFlight);
        Place place = new Place(bootstrapServers, STATUS, DEAD_LETTERS, providerUrl, inFlight);
        String topic = "requests-" + ++topics;
        tellBroker("create " + topic);
        long empty = heapAfterCollection();
        behave("{\"mode\":\"black_hole\"}");
        Variant petrel = new Petrel(place, "      timeout: 4s\n");
        tellBroker("fill " + topic + " " + inFlight);
        petrel.start(topic);
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
        while (hanging() < inFlight && System.nanoTime() - until < 0) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        say(
                "%d hang: %.1f MB of heap after a collection, %.1f more than without a gateway; %d threads",
                hanging(),
                heapAfterCollection() / 1e6,
                (heapAfterCollection() - empty) / 1e6,
                ManagementFactory.getThreadMXBean().getThreadCount());
        behave("{\"mode\":\"refuse\"}"); // ends them
        petrel.stop();
    }

    private static long heapAfterCollection() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private int hanging() throws IOException {
        String state = call("GET", "", "");
        String name = "\"hanging\" : ";
        int at = state.indexOf(name) + name.length();
        return Integer.parseInt(state.substring(at, state.indexOf(',', at)).strip());
    }

    private void behave(String behavior) throws IOException {
        call("PUT", "/behavior", behavior);
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

    private void tellBroker(String command) throws IOException {
        broker.tell(command);
        broker.awaitLine(BrokerMain.OK::equals);
    }

    private static String lastWord(String line) {
        return line.substring(line.lastIndexOf(' ') + 1);
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
