package dev.petrel.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How many requests a second Petrel takes from Kafka to a provider and back to Kafka, what each costs, and how that
 * stands to a {@link BarePipe}. Broker, simulator and each variant are processes of their own, on one machine; variants take
 * turns, so that what else happens there hits all of them, and a ratio says more than a figure.
 *
 * <p>A round: a new topic of requests, full, and an empty one of statuses; the variant starts on them and settles; then
 * the window opens in which its process is measured; then it stops. What starting costs, and what older rounds left, is in no window.
 *
 * <p>{@code -Dbench.seconds=20} a window, {@code -Dbench.rounds=5} of each, {@code -Dbench.warmup=2} before;
 * {@code -Dbench.latencies=0,50,300} of the providers in milliseconds; {@code -Dbench.variants=pipe,twilio,...}, else all.
 */
public final class Bench {
    private static final int SECONDS = Integer.getInteger("bench.seconds", 20);
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 5);
    private static final int WARM_UPS = Integer.getInteger("bench.warmup", 2);
    private static final List<Integer> LATENCIES =
            words("bench.latencies", "0,50,300").map(Integer::valueOf).toList();
    private static final List<Variant> VARIANTS = variants();

    private static final int SETTLE_SECONDS = 3;
    private static final String HEAP = "256m";
    private static final Path RESULTS = Path.of("target", "bench.json");

    private static final int FULL_SECONDS = 20;
    private static final int FULL_ROUNDS = 5;
    private static final int FULL_WARM_UPS = 2;

    /** Requests a second that a variant is thought to manage at most before it was seen. */
    private static final int FIRST_GUESS = 15_000;
    /** Or more than it was seen to manage: something else may have kept the machine busy. */
    private static final int LOWEST_GUESS = 3_000;

    private static final double SPARE = 1.3;
    private static final int MOST_TRIES = 4;
    private static final int MORE_EACH_TRY = 3;

    private final Watchdog watchdog = new Watchdog();
    private final Stage stage;
    private final Map<Variant, VariantProcess> processes = new EnumMap<>(Variant.class);
    private int topics;

    private Bench() throws IOException {
        watchdog.allow(120, "starting");
        stage = new Stage();
        for (Variant variant : VARIANTS) {
            processes.put(variant, new VariantProcess(variant, HEAP));
        }
    }

    private static List<Variant> variants() {
        List<Variant> named = words("bench.variants", "").map(Variant::of).toList();
        return named.isEmpty() ? List.of(Variant.values()) : named;
    }

    private static Stream<String> words(String property, String standard) {
        return Arrays.stream(System.getProperty(property, standard).split(","))
                .filter(word -> !word.isBlank())
                .map(String::strip);
    }

    public static void main(String[] args) {
        try {
            new Bench().run();
            System.exit(0);
        } catch (Exception failed) {
            failed.printStackTrace();
            System.exit(1); // the children end with this JVM
        }
    }

    private void run() throws Exception {
        boolean brief = SECONDS < FULL_SECONDS || ROUNDS < FULL_ROUNDS || WARM_UPS < FULL_WARM_UPS;
        Report.Machine machine = Report.Machine.here();
        say("%s", machine);
        say(
                "%d rounds of %d s, after %d to warm up; each variant has a process with %s of heap%s",
                ROUNDS, SECONDS, WARM_UPS, HEAP, brief ? ". A SHORT RUN: its figures are a hint" : "");
        List<Comparison> comparisons = new ArrayList<>();
        for (int latency : LATENCIES) {
            Comparison comparison = compare(latency);
            tell(comparison);
            comparisons.add(comparison);
        }
        Report.of(
                        new Report.Settings(
                                SECONDS,
                                SETTLE_SECONDS,
                                ROUNDS,
                                WARM_UPS,
                                brief,
                                HEAP,
                                Petrel.HELD,
                                VARIANTS.stream().map(Variant::key).toList()),
                        machine,
                        comparisons)
                .write(RESULTS);
        say("%nAll of it: %s", RESULTS);
        watchdog.allow(60, "ending");
        for (VariantProcess process : processes.values()) {
            process.close();
        }
    }

    private Comparison compare(int latencyMillis) throws Exception {
        int inFlight = latencyMillis == 0 ? 500 : 2000;
        say("%nProviders that take %d ms, at most %d requests with them", latencyMillis, inFlight);
        stage.behave("""
                {"mode": "healthy", "latency": {"ms": %d},
                 "receipts": {"kind": "delivered", "sentAfter": {"ms": 0}, "finalAfter": {"ms": 0}}}
                """.formatted(latencyMillis));
        List<Variant> variants = VARIANTS.stream()
                .filter(variant -> latencyMillis == 0 || variant.meetsSlowProviders())
                .toList();
        Map<Variant, List<Round>> rounds = new EnumMap<>(Variant.class);
        variants.forEach(variant -> rounds.put(variant, new ArrayList<>()));
        Map<Variant, Double> best = new EnumMap<>(Variant.class);
        for (int i = 1 - WARM_UPS; i <= ROUNDS; i++) {
            StringBuilder line = new StringBuilder(i < 1 ? "warm-up " : "round " + i + " ");
            for (Variant variant : variants) {
                Round round = round(i, variant, inFlight, best);
                line.append(String.format(
                        Locale.ROOT, "  %s %.0f/s %.0f us", variant.title(), round.perSecond(), round.cpuMicros()));
                if (i > 0) {
                    rounds.get(variant).add(round);
                }
            }
            say("%s", line);
        }
        List<Round> pipe = new ArrayList<>(rounds.getOrDefault(Variant.PIPE, List.of()));
        if (!pipe.isEmpty()) {
            pipe.add(round(ROUNDS + 1, Variant.PIPE, inFlight, best)); // for what came after the last
        }
        return new Comparison(
                latencyMillis,
                inFlight,
                variants.stream()
                        .map(variant -> Series.of(variant, beside(rounds.get(variant), variant, pipe)))
                        .toList());
    }

    /** @param pipe the pipe's rounds, one more than there are of the others; none if it does not take part */
    private static List<Round> beside(List<Round> rounds, Variant variant, List<Round> pipe) {
        if (variant == Variant.PIPE || pipe.isEmpty()) {
            return rounds;
        }
        List<Round> compared = new ArrayList<>();
        for (int i = 0; i < rounds.size(); i++) {
            compared.add(rounds.get(i).beside(pipe.get(i), pipe.get(i + 1)));
        }
        return compared;
    }

    /** @param best requests a second that variants were seen to manage */
    private Round round(int number, Variant variant, int inFlight, Map<Variant, Double> best) throws Exception {
        double expected = Math.max(LOWEST_GUESS, best.getOrDefault(variant, (double) FIRST_GUESS));
        for (int i = 1; i <= MOST_TRIES; i++) {
            int count = (int) (expected * SPARE * (SETTLE_SECONDS + SECONDS + 1));
            watchdog.allow(120 + SETTLE_SECONDS + SECONDS, "a round of " + variant.title());
            Round round = attempt(number, variant, inFlight, count);
            if (round != null) {
                best.merge(variant, round.perSecond(), Math::max);
                return round;
            }
            expected *= MORE_EACH_TRY;
        }
        throw new IllegalStateException(variant.title() + " has no more to do before the round is over");
    }

    /** Null if there was not enough to do. */
    private @Nullable Round attempt(int number, Variant variant, int inFlight, int count) throws Exception {
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
        Thread.sleep(SETTLE_SECONDS * 1000L);
        process.begin();
        Thread.sleep(SECONDS * 1000L);
        VariantMain.Window window = process.end();
        process.stop();
        Outcomes outcomes = Outcomes.read(
                place.bootstrapServers(),
                status,
                variant.outcome(),
                window.spent().fromMillis(),
                window.spent().toMillis());
        stage.delete(requests);
        stage.delete(status);
        if (outcomes.others() > 0 || outcomes.repeated() > 0) {
            say("%s: %d requests ended otherwise, %d twice", variant.title(), outcomes.others(), outcomes.repeated());
        }
        if (!outcomes.outlastTheWindow() && outcomes.ended() >= count) {
            return null;
        }
        return Round.of(number, window, outcomes);
    }

    private static void tell(Comparison comparison) {
        say("%n%s", Series.heading());
        comparison.variants().forEach(series -> say("%s", series.line()));
        say("%nFor each request, by thread (means)");
        comparison.variants().forEach(series -> say("%-14s %s", series.title(), series.threadLine()));
        for (Series series : comparison.variants()) {
            String unsteadiness = series.unsteadiness();
            if (unsteadiness != null) {
                say("%s", unsteadiness);
            }
        }
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
