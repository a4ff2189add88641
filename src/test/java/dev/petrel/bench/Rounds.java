package dev.petrel.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Lets the variants take turns, as {@link Turns} has it. A round: a new topic of requests, full, and a new one of
 * statuses; the variant starts on them and settles; then its window opens and closes, and it stops. It must have had
 * enough to do until then; else the round is made again with more.
 *
 * <p>A variant keeps its process, and with it what was compiled, and starts in it anew each time. What it cost to
 * start, and what older rounds left on topics, is in no window; and whoever waits for his turn does nothing at all meanwhile.
 */
final class Rounds {
    /** Requests a second that a variant is thought to manage at most before it was seen. */
    private static final double FIRST_GUESS = 15_000;
    /** Or more than it was seen to manage: something else may have kept the machine busy. */
    private static final int LOWEST_GUESS = 3_000;

    private static final double SPARE = 1.3;
    private static final int MOST_TRIES = 4;
    private static final int MORE_EACH_TRY = 3;
    private static final int MORE_WARM_UPS = 2;
    /** Whose compilers take no more than this, beside all else that its process does. */
    private static final double WARM = 0.1;

    private static final int PATIENCE_SECONDS = 120;

    /** With providers that answer at once, and with those that take their time. */
    private static final int IN_FLIGHT = 500;

    private static final int SLOWLY_IN_FLIGHT = 2000;

    private final BenchSettings settings;
    private final Stage stage;
    private final Watchdog watchdog;
    private final Map<Variant, VariantProcess> processes = new EnumMap<>(Variant.class);
    private final Set<Variant> warm = EnumSet.noneOf(Variant.class);
    /** Requests a second that variants were seen to manage with the providers before these. */
    private Map<Variant, Double> guesses = Map.of();

    private int topics;

    Rounds(BenchSettings settings, Stage stage, Watchdog watchdog) throws IOException {
        this.settings = settings;
        this.stage = stage;
        this.watchdog = watchdog;
        for (Variant variant : settings.variantsWithTurns()) {
            processes.put(variant, new VariantProcess(variant, settings.heap()));
        }
    }

    Comparison compare(int latencyMillis) throws Exception {
        int inFlight = latencyMillis == 0 ? IN_FLIGHT : SLOWLY_IN_FLIGHT;
        say("%nProviders that take %d ms, at most %d requests with them", latencyMillis, inFlight);
        stage.behave("""
                {"mode": "healthy", "latency": {"ms": %d},
                 "receipts": {"kind": "delivered", "sentAfter": {"ms": 0}, "finalAfter": {"ms": 0}}}
                """.formatted(latencyMillis));
        List<Variant> variants = Turns.of(settings.variants(), 1, latencyMillis);
        Map<Variant, List<Round>> rounds = new EnumMap<>(Variant.class);
        variants.forEach(variant -> rounds.put(variant, new ArrayList<>()));
        Map<Variant, Double> best = new EnumMap<>(Variant.class);
        warmUp(variants, inFlight, best);
        for (int i = 1; i <= settings.rounds(); i++) {
            StringBuilder line = new StringBuilder("round ").append(i);
            for (Variant variant : Turns.of(variants, i, latencyMillis)) {
                Round round = round(i, variant, inFlight, best);
                rounds.get(variant).add(round);
                line.append(brief(variant, round));
            }
            say("%s", line);
        }
        if (variants.contains(Variant.PIPE)) { // for what came after the last
            Round last = round(settings.rounds() + 1, Variant.PIPE, inFlight, best);
            rounds.get(Variant.PIPE).add(last);
            say("at the end%s", brief(Variant.PIPE, last));
        }
        guesses = best;
        Map<Variant, List<Round>> compared = Turns.beside(rounds);
        return new Comparison(
                latencyMillis,
                inFlight,
                variants.stream()
                        .map(variant -> Series.of(variant, inFlight, compared.get(variant)))
                        .toList());
    }

    /** As often as was asked for, and on until little is left to compile. Other latencies have warmed up as well. */
    private void warmUp(List<Variant> variants, int inFlight, Map<Variant, Double> best) throws Exception {
        List<Variant> cold = new ArrayList<>(variants);
        cold.removeAll(warm);
        int least = settings.warmUps();
        int most = least == 0 ? 0 : least + MORE_WARM_UPS;
        for (int i = 1; i <= most && !cold.isEmpty(); i++) {
            StringBuilder line = new StringBuilder("warm-up ").append(i);
            for (Variant variant : List.copyOf(cold)) {
                Round round = round(0, variant, inFlight, best);
                line.append(brief(variant, round));
                if (i >= least && round.requests() > 0 && round.compilerMicros() <= WARM * round.cpuMicros()) {
                    cold.remove(variant);
                }
            }
            say("%s", line);
        }
        if (!cold.isEmpty()) {
            say("still compiling much: %s", cold.stream().map(Variant::title).collect(Collectors.joining(", ")));
        }
        warm.addAll(variants);
    }

    private static String brief(Variant variant, Round round) {
        return String.format(
                Locale.ROOT,
                "  %s %.0f/s %.0f us%s",
                variant.title(),
                round.perSecond(),
                round.cpuMicros(),
                round.mark());
    }

    /** @param best requests a second that variants were seen to manage */
    private Round round(int number, Variant variant, int inFlight, Map<Variant, Double> best) throws Exception {
        double expected =
                Math.max(LOWEST_GUESS, best.getOrDefault(variant, guesses.getOrDefault(variant, FIRST_GUESS)));
        for (int i = 1; i <= MOST_TRIES; i++) {
            int seconds = settings.settleSeconds() + settings.seconds();
            watchdog.allow(PATIENCE_SECONDS + seconds, "a round of " + variant.title());
            Round round = round(number, variant, inFlight, (int) (expected * SPARE * (seconds + 1)));
            if (round != null) {
                best.merge(variant, round.perSecond(), Math::max);
                return round;
            }
            expected *= MORE_EACH_TRY;
        }
        throw new IllegalStateException(variant.title() + " has no more to do before the round is over");
    }

    /** Null if there was not enough to do. */
    private @Nullable Round round(int number, Variant variant, int inFlight, int count) throws Exception {
        String requests = "requests-" + ++topics;
        String status = "status-" + topics;
        stage.create(requests);
        stage.create(status);
        stage.fill(requests, count);
        stage.awaitNoReceipts();
        Place place = stage.place(requests, status, inFlight);
        VariantProcess process = processes.get(variant);
        int managementPort = process.start(place);
        if (variant == Variant.CONSOLE) {
            Viewer.look(managementPort);
        }
        TimeUnit.SECONDS.sleep(settings.settleSeconds());
        Neighbours before = Neighbours.now();
        process.begin();
        TimeUnit.SECONDS.sleep(settings.seconds());
        Cost.Spent spent = process.end();
        Double othersShare = Neighbours.shareSince(before);
        Footprint footprint = process.weigh();
        process.stop();
        Outcomes outcomes = Outcomes.read(
                place.bootstrapServers(), status, variant.outcome(), spent.fromMillis(), spent.toMillis());
        stage.delete(requests);
        stage.delete(status);
        if (!outcomes.outlastTheWindow() && outcomes.ended() >= count) {
            return null;
        }
        return Round.of(number, spent, footprint, outcomes, othersShare);
    }

    void close() throws InterruptedException {
        for (VariantProcess process : processes.values()) {
            process.close();
        }
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
