package dev.petrel.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How many requests a second Petrel takes from Kafka to a provider and back to Kafka, what each costs, and how that
 * stands to a {@link BarePipe}, and to a {@link PlainConsumer}. Broker, providers and each variant are processes of their
 * own, on one machine. {@link Rounds} says how they take turns, {@link Round} what is measured; {@link InFlight} is the last part.
 *
 * <p>{@code -Dbench.seconds=20} a window, {@code -Dbench.rounds=5} of each, {@code -Dbench.warmup=2} before;
 * {@code -Dbench.latencies=0,50,300} of the providers in milliseconds; {@code -Dbench.variants=pipe,twilio,...}, else all;
 * {@code -Dbench.in-flight=false}: without {@link InFlight}.
 */
public final class Bench {
    private static final Path RESULTS = Path.of("target", "bench.json");
    private static final int PATIENCE_SECONDS = 120;

    private Bench() {}

    public static void main(String[] args) {
        try {
            run(BenchSettings.ofProperties());
            System.exit(0);
        } catch (Exception failed) {
            failed.printStackTrace();
            System.exit(1); // the children end with this JVM
        }
    }

    private static void run(BenchSettings settings) throws Exception {
        Machine machine = Machine.here();
        say("%s", machine);
        say(
                "%d rounds of %d s, after %d or more to warm up; each variant has a process with %s of heap%s",
                settings.rounds(),
                settings.seconds(),
                settings.warmUps(),
                settings.heap(),
                settings.brief() ? ". A SHORT RUN: its figures are a hint" : "");
        Watchdog watchdog = new Watchdog();
        watchdog.allow(PATIENCE_SECONDS, "starting");
        Stage stage = new Stage();
        Rounds rounds = new Rounds(settings, stage, watchdog);
        List<Comparison> comparisons = new ArrayList<>();
        for (int latency : settings.latencies()) {
            Comparison comparison = rounds.compare(latency);
            tell(comparison);
            comparisons.add(comparison);
            Report.of(settings, machine, comparisons, null)
                    .write(RESULTS); // so that it is there if the next part fails
        }
        watchdog.allow(PATIENCE_SECONDS, "ending");
        rounds.close();
        if (settings.inFlight()) {
            InFlight.Result inFlight = new InFlight(stage, watchdog, settings.heap(), settings.seconds()).run();
            Report.of(settings, machine, comparisons, inFlight).write(RESULTS);
        }
        watchdog.rest();
        say("%nAll of it: %s", RESULTS);
    }

    private static void tell(Comparison comparison) {
        say("%n%s", Series.heading());
        comparison.variants().forEach(series -> say("%s", series.line()));
        say("%nFor each request, by thread (means)");
        comparison.variants().forEach(series -> say("%-14s %s", series.title(), series.threadLine()));
        say("");
        comparison.variants().stream()
                .filter(series -> series.othersShare() != null)
                .mapToDouble(series -> series.othersShare().max())
                .max()
                .ifPresent(share -> say(
                        "others had up to %.0f %% of the machine%s",
                        100 * share, share > Neighbours.QUIET ? ": MEASURE AGAIN WHERE IT IS QUIET" : ""));
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
