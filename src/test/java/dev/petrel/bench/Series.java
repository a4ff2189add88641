package dev.petrel.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.petrel.bench.Round.Ratio;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * All rounds of one variant at one latency, and what they came to.
 *
 * @param poolThreads that wait for providers; null where none does
 * @param beside the rounds of other variants, by their key, those that there were
 * @param othersShare of the machine, for what has nothing to do with the bench; null where the system does not tell it
 * @param others requests that ended otherwise than they should have, in all rounds
 * @param repeated ends of requests that had one, in all rounds
 * @param rateRise by how much requests a second were higher in the last third of the rounds than in the first
 * @param cpuRise the same of the processor's time for each request
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Series(
        String variant,
        String title,
        @Nullable Integer poolThreads,
        Spread perSecond,
        Spread cpuMicros,
        Spread compilerMicros,
        Spread allocatedBytes,
        Spread heapBytes,
        Spread residentBytes,
        Spread threads,
        @Nullable Spread othersShare,
        Map<String, Beside> beside,
        int others,
        int repeated,
        double rateRise,
        double cpuRise,
        Map<String, Round.Part> byThread,
        List<Round> rounds) {
    /** More than this between the first third of the rounds and the last is not steady. */
    private static final double STEADY = 0.1;

    private static final double MENTIONED_MICROS = 0.3;
    private static final double MENTIONED_BYTES = 200;

    /** What its rounds' ratios to another's came to. */
    record Beside(Spread perSecond, Spread cpuMicros) {}

    static Series of(Variant variant, int inFlight, List<Round> rounds) {
        return new Series(
                variant.key(),
                variant.title(),
                variant.poolThreads(inFlight),
                spread(rounds, Round::perSecond),
                spread(rounds, Round::cpuMicros),
                spread(rounds, Round::compilerMicros),
                spread(rounds, Round::allocatedBytes),
                spread(rounds, Round::heapBytes),
                spread(rounds, Round::residentBytes),
                spread(rounds, Round::threads),
                rounds.stream().anyMatch(round -> round.othersShare() == null)
                        ? null
                        : spread(rounds, round -> Objects.requireNonNull(round.othersShare())),
                beside(rounds),
                rounds.stream().mapToInt(Round::others).sum(),
                rounds.stream().mapToInt(Round::repeated).sum(),
                rise(rounds, Round::perSecond),
                rise(rounds, Round::cpuMicros),
                byThread(rounds),
                rounds);
    }

    private static <T> Spread spread(List<T> rounds, ToDoubleFunction<T> figure) {
        return Spread.of(rounds.stream().mapToDouble(figure).boxed().toList());
    }

    private static Map<String, Beside> beside(List<Round> rounds) {
        Map<String, Beside> all = new TreeMap<>();
        rounds.stream()
                .flatMap(round -> round.beside().keySet().stream())
                .distinct()
                .forEach(other -> {
                    List<Ratio> ratios = rounds.stream()
                            .map(round -> round.beside().get(other))
                            .filter(Objects::nonNull)
                            .toList();
                    all.put(other, new Beside(spread(ratios, Ratio::perSecond), spread(ratios, Ratio::cpuMicros)));
                });
        return all;
    }

    private static double rise(List<Round> rounds, ToDoubleFunction<Round> figure) {
        return Spread.rise(rounds.stream().mapToDouble(figure).toArray());
    }

    /** Means over the rounds. */
    private static Map<String, Round.Part> byThread(List<Round> rounds) {
        Map<String, Round.Part> means = new TreeMap<>();
        for (Round round : rounds) {
            round.byThread()
                    .forEach((kind, part) -> means.merge(
                            kind,
                            new Round.Part(part.cpuMicros() / rounds.size(), part.allocatedBytes() / rounds.size()),
                            (one, other) -> new Round.Part(
                                    one.cpuMicros() + other.cpuMicros(),
                                    one.allocatedBytes() + other.allocatedBytes())));
        }
        return means;
    }

    static String heading() {
        return String.format(
                Locale.ROOT,
                "%-14s %24s %20s %21s %8s %9s %8s %6s",
                "",
                "requests/s",
                "us of CPU",
                "kB allocated",
                "MB heap",
                "MB in all",
                "threads",
                "rounds");
    }

    /** On one line: medians, with the lowest and the highest. */
    String line() {
        return String.format(
                Locale.ROOT,
                "%-14s %24s %20s %21s %8.0f %9.0f %8.0f %6d%s",
                title,
                perSecond.tell("%.0f"),
                cpuMicros.tell("%.0f"),
                new Spread(allocatedBytes.median() / 1e3, allocatedBytes.min() / 1e3, allocatedBytes.max() / 1e3)
                        .tell("%.1f"),
                heapBytes.median() / 1e6,
                residentBytes.median() / 1e6,
                threads.median(),
                rounds.size(),
                poolThreads == null ? "" : "  (" + poolThreads + " threads wait for the provider)");
    }

    /** What it is beside this one, on a line; empty if the two had no turns together. */
    String besideLine(Series other) {
        Beside ratio = beside.get(other.variant());
        return ratio == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        "%-14s beside %-14s %20s of its requests/s %20s of its CPU a request",
                        title,
                        other.title(),
                        ratio.perSecond().tell("%.2f"),
                        ratio.cpuMicros().tell("%.2f"));
    }

    /** Null if all requests ended as they should have, and once. */
    @Nullable
    String marks() {
        long marked = rounds.stream().filter(round -> !round.mark().isEmpty()).count();
        return marked == 0
                ? null
                : String.format(
                        Locale.ROOT,
                        "%s: DON'T TRUST %d of its %d rounds: %d requests ended otherwise, %d twice",
                        title,
                        marked,
                        rounds.size(),
                        others,
                        repeated);
    }

    /** What its threads used for each request, on a line; those that matter. */
    String threadLine() {
        StringBuilder line = new StringBuilder();
        byThread.forEach((kind, part) -> {
            if (part.cpuMicros() >= MENTIONED_MICROS || part.allocatedBytes() >= MENTIONED_BYTES) {
                line.append(String.format(
                        Locale.ROOT,
                        "%s%s %.1f us %.1f kB",
                        line.isEmpty() ? "" : ", ",
                        kind,
                        part.cpuMicros(),
                        part.allocatedBytes() / 1e3));
            }
        });
        return line.append(String.format(Locale.ROOT, "; compilers %.1f us", compilerMicros.median()))
                .toString();
    }

    /** Null if the last rounds were like the first. */
    @Nullable
    String unsteadiness() {
        if (Math.abs(rateRise) <= STEADY && Math.abs(cpuRise) <= STEADY) {
            return null;
        }
        return String.format(
                Locale.ROOT,
                "%s was not steady: from the first third of its rounds to the last %+.0f %% in requests/s, %+.0f %% in CPU a request",
                title,
                100 * rateRise,
                100 * cpuRise);
    }
}
