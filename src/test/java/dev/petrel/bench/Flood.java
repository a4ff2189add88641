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
import org.awaitility.core.ConditionTimeoutException;

/**
 * How many receipts a second the webhook takes, and what becomes of sending while its port is flooded. Broker, simulator
 * and flooder are processes of their own; the gateway is in this one. Receipts come over fifty connections, each the next
 * when the last was answered, and are of no request that is open. Then requests are sent at a steady rate, in rounds that
 * take turns: quiet; with forged calls, over fifty connections; with thousands of sockets that are slow, endless, or
 * never read.
 *
 * <p>{@code -Dflood.rate=2000} calls of the flooder a second, since it shares the machine with the gateway; 0: as many
 * as it can, and then there are rounds too in which it calls nobody and burns as much CPU as there is: what is worse
 * than those is not owed to a shared machine. {@code -Dflood.seconds=10} a round, {@code -Dflood.rounds=2} of each.
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
    private final Place place = stage.place(2000);
    private final Petrel petrel = Petrel.withReceipts(place);
    private final Map<Kind, List<Asked>> asked = new EnumMap<>(Kind.class);
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
        petrel.start(REQUESTS);
        await().atMost(PATIENCE).until(() -> petrel.gateway().ready());
        receipts();
        try (Sendings sendings = new Sendings(place.bootstrapServers())) {
            sending(sendings);
        }
        petrel.stop();
    }

    private void receipts() throws IOException {
        say("Receipts over fifty connections, %d s, after as long to warm up", SECONDS);
        flood(Kind.RECEIPTS, 0);
        Cost before = Cost.now();
        String answers = flood(Kind.RECEIPTS, 0);
        Cost cost = Cost.now().since(before);
        say("  %s", answers);
        say("  the gateway used %.0f %% of a core", cost.cpuNanos() / 1e7 / SECONDS);
        cost.byKind().forEach((kind, used) -> say("    %-10s %3.0f %%", kind, used.cpuNanos() / 1e7 / SECONDS));
    }

    private void sending(Sendings sendings) throws IOException {
        say("%nRequests at %d/s, %s", RATE, FLOOD_RATE == 0 ? "flooded without limit" : FLOOD_RATE + " calls a second");
        List<Kind> turns = new ArrayList<>(List.of(Kind.QUIET, Kind.FORGED, Kind.QUIET, Kind.SLOW));
        if (FLOOD_RATE == 0) {
            turns.addAll(List.of(Kind.QUIET, Kind.SPINNING));
        }
        round(Kind.QUIET, sendings); // so that all is warm
        asked.clear();
        for (int i = 0; i < ROUNDS; i++) {
            for (Kind kind : turns) {
                round(kind, sendings);
            }
        }
        List<Asked> all = asked.values().stream().flatMap(List::stream).toList();
        waitFor("delivered", () -> sendings.allDelivered(all));
        Times quiet = sendings.toSubmitted(asked.get(Kind.QUIET));
        say(
                "%n%-9s %8s %9s %25s %25s %9s %22s",
                "",
                "requests",
                "submitted",
                "within, 50 % / 99 % / all",
                "of quiet, 50 % / 99 %",
                "delivered",
                "50 % / 99 % / all");
        asked.forEach((kind, requests) -> {
            Times times = sendings.toSubmitted(requests);
            Times ends = sendings.toDelivered(requests);
            say(
                    "%-9s %8d %9d %8d / %4d / %4d ms %18.1f / %4.1f %9d %8d / %d / %d ms",
                    name(kind),
                    requests.size(),
                    times.count(),
                    times.within(0.50),
                    times.within(0.99),
                    times.worst(),
                    (double) times.within(0.50) / quiet.within(0.50),
                    (double) times.within(0.99) / quiet.within(0.99),
                    ends.count(),
                    ends.within(0.50),
                    ends.within(0.99),
                    ends.worst());
        });
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
            asked.computeIfAbsent(kind, first -> new ArrayList<>()).addAll(these);
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
        flooder.tell(kind + " " + petrel.gateway().webhookPort() + " " + rate + " " + SECONDS);
        return flooder.awaitLine(line -> line.startsWith(FlooderMain.DONE)).substring(FlooderMain.DONE.length());
    }

    private static String name(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
