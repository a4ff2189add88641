package dev.petrel.bench;

import static org.awaitility.Awaitility.await;

import dev.petrel.bench.FlooderMain.Kind;
import dev.petrel.bench.Sendings.Times;
import dev.petrel.guarantees.Asked;
import dev.petrel.guarantees.RequestStream;
import dev.petrel.testing.ChildProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.awaitility.core.ConditionTimeoutException;

/**
 * How many receipts a second the webhook takes, and what becomes of sending while its port is flooded. Broker, simulator
 * and flooder are processes of their own; the gateway is in this one. Receipts come over fifty connections, each the next
 * when the last was answered, and are of no request that is open. Then requests are sent at a steady rate, in rounds that
 * take turns: quiet; with forged calls, over fifty connections; with thousands of sockets that are slow, endless, or
 * never read.
 *
 * <p>{@code -Dflood.rate=2000} calls of the flooder a second, since it shares the machine with the gateway; 0: as many
 * as it can. In some rounds it makes the forged calls to a server of its own: what is worse than those is not owed to the
 * machine. {@code -Dflood.seconds=10} a round, {@code -Dflood.rounds=2} of each.
 */
public final class Flood {
    private static final int FLOOD_RATE = Integer.getInteger("flood.rate", 2000);
    private static final int SECONDS = Integer.getInteger("flood.seconds", 10);
    private static final int ROUNDS = Integer.getInteger("flood.rounds", 2);
    private static final int RATE = 200;
    private static final String REQUESTS = "sms.requests";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Stage stage = new Stage();
    private final ChildProcess flooder = ChildProcess.start(FlooderMain.class);
    private final Place place = stage.place(REQUESTS, Place.STATUS, 2000);
    private final Petrel petrel = Petrel.withReceipts(place);
    private final Map<Kind, List<List<Asked>>> asked = new EnumMap<>(Kind.class);
    private int streams;

    private Flood() throws IOException {}

    public static void main(String[] args) {
        try {
            new Flood().run();
            System.exit(0);
        } catch (Exception failed) {
            failed.printStackTrace();
            System.exit(1); // the children end with this JVM
        }
    }

    private void run() throws Exception {
        flooder.awaitLine(line -> line.startsWith(FlooderMain.DONE));
        stage.create(REQUESTS);
        petrel.start();
        receipts();
        try (Sendings sendings = new Sendings(place.bootstrapServers(), Place.STATUS)) {
            sending(sendings);
        }
        petrel.stop();
    }

    private void receipts() throws IOException {
        say("Receipts over fifty connections, %d s, after as long to warm up", SECONDS);
        flood(Kind.RECEIPTS, 0);
        Cost before = Cost.now();
        String answers = flood(Kind.RECEIPTS, 0);
        Cost.Spent cost = Cost.now().since(before);
        say("  %s", answers);
        say("  the gateway used %.0f %% of a core", cost.cpuNanos() / 1e7 / SECONDS);
        cost.byKind().forEach((kind, used) -> say("    %-10s %3.0f %%", kind, used.cpuNanos() / 1e7 / SECONDS));
    }

    private void sending(Sendings sendings) throws IOException {
        say("%nRequests at %d/s, %s", RATE, FLOOD_RATE == 0 ? "flooded without limit" : FLOOD_RATE + " calls a second");
        List<Kind> turns = List.of(Kind.QUIET, Kind.FORGED, Kind.ELSEWHERE, Kind.QUIET, Kind.SLOW);
        round(Kind.QUIET, sendings); // so that all is warm
        asked.clear();
        for (int i = 0; i < ROUNDS; i++) {
            for (Kind kind : turns) {
                round(kind, sendings);
            }
        }
        List<Asked> all = asked.values().stream()
                .flatMap(List::stream)
                .flatMap(List::stream)
                .toList();
        waitFor("delivered", () -> sendings.allDelivered(all));
        tell(sendings);
    }

    /** A round in which something else happened on the machine should not decide: of each kind the middle one. */
    private void tell(Sendings sendings) {
        say(
                "%n%-9s %8s %9s %24s %8s %21s %9s %8s",
                "", "requests", "submitted", "50 % / 99 % of a round", "worst", "of quiet", "delivered", "99 %");
        List<Times> quiet = times(Kind.QUIET, sendings::toSubmitted);
        asked.keySet().forEach(kind -> {
            List<Times> times = times(kind, sendings::toSubmitted);
            List<Times> ends = times(kind, sendings::toDelivered);
            say(
                    "%-9s %8d %9d %13d / %5d ms %5d ms %14.1f / %4.1f %9d %5d ms",
                    name(kind),
                    asked.get(kind).stream().mapToInt(List::size).sum(),
                    times.stream().mapToInt(Times::count).sum(),
                    middle(times, 0.50),
                    middle(times, 0.99),
                    times.stream().mapToLong(Times::worst).max().orElseThrow(),
                    (double) middle(times, 0.50) / middle(quiet, 0.50),
                    (double) middle(times, 0.99) / middle(quiet, 0.99),
                    ends.stream().mapToInt(Times::count).sum(),
                    middle(ends, 0.99));
        });
    }

    private List<Times> times(Kind kind, Function<List<Asked>, Times> reading) {
        return asked.get(kind).stream().map(reading).toList();
    }

    private static long middle(List<Times> rounds, double share) {
        long[] sorted =
                rounds.stream().mapToLong(times -> times.within(share)).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private void round(Kind kind, Sendings sendings) throws IOException {
        try (RequestStream requests =
                new RequestStream(place.bootstrapServers(), REQUESTS, "flood-" + ++streams + "-")) {
            Loops before = Loops.now();
            requests.start(RATE);
            String answers = flood(kind, FLOOD_RATE);
            requests.pause();
            String loops = Loops.now().since(before);
            requests.flush();
            List<Asked> these = requests.asked();
            asked.computeIfAbsent(kind, first -> new ArrayList<>()).add(these);
            waitFor("submitted", () -> sendings.allSubmitted(these));
            Times times = sendings.toSubmitted(these);
            say(
                    "  %-9s 50 %% within %d ms, 99 %% %d ms, all %d ms; flooder: %s; event loops %s",
                    name(kind), times.within(0.50), times.within(0.99), times.worst(), answers, loops);
        }
    }

    /** The figures show who is missing. */
    private static void waitFor(String what, Callable<Boolean> all) {
        try {
            await().atMost(PATIENCE).until(all);
        } catch (ConditionTimeoutException late) {
            say("  not all %s", what);
        }
    }

    /** What the flooder says of it. */
    private String flood(Kind kind, int rate) throws IOException {
        flooder.tell(kind + " " + petrel.gateway().webPort() + " " + rate + " " + SECONDS);
        return flooder.awaitLine(line -> line.startsWith(FlooderMain.DONE)).substring(FlooderMain.DONE.length());
    }

    private static String name(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
