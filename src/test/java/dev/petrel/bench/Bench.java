package dev.petrel.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * How many requests a second Petrel takes from Kafka to a provider and back to Kafka, what each costs, and how that
 * stands to a {@link BarePipe}, and to a {@link PlainConsumer}. Broker, providers and each variant are processes of their
 * own, on one machine. {@link Turns} and {@link Rounds} say how they take turns, {@link Round} what is measured, {@link
 * Aim} what should be reached; {@link InFlight} is the last part.
 *
 * <p>{@code -Dbench.seconds=20} a window, {@code -Dbench.rounds=5} of each, {@code -Dbench.warmup=1} before;
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
                "%d rounds of %d s, after %d or more to warm up; each variant has a process with %s of heap."
                        + " About %d minutes%s",
                settings.rounds(),
                settings.seconds(),
                settings.warmUps(),
                settings.heap(),
                Math.round(settings.reckonedSeconds() / 60.0),
                settings.brief() ? ". A SHORT RUN: its figures are a hint" : "");
        long begin = System.nanoTime();
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
        InFlight.Result inFlight = settings.inFlight() ? new InFlight(stage, watchdog, settings.seconds()).run() : null;
        watchdog.rest();
        Report report = Report.of(settings, machine, comparisons, inFlight);
        report.write(RESULTS);
        say("%n%s", Aim.heading());
        report.aims().forEach(aim -> say("%s", aim.line()));
        say("%nAll of it, after %d minutes: %s", TimeUnit.NANOSECONDS.toMinutes(System.nanoTime() - begin), RESULTS);
    }

    private static void tell(Comparison comparison) {
        say("%n%s", Series.heading());
        comparison.variants().forEach(series -> say("%s", series.line()));
        say("");
        for (Series other : comparison.variants()) {
            comparison.variants().stream()
                    .map(series -> series.besideLine(other))
                    .filter(line -> !line.isEmpty())
                    .forEach(line -> say("%s", line));
        }
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
            Stream.of(series.marks(), series.unsteadiness())
                    .filter(Objects::nonNull)
                    .forEach(warning -> say("%s", warning));
        }
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
