package dev.petrel.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
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
 * @param ofPipe null for the pipe itself, and where there was none
 * @param othersShare of the machine, for what has nothing to do with the bench; null where the system does not tell it
 * @param rateRise by how much requests a second were higher in the last third of the rounds than in the first
 * @param cpuRise the same of the processor's time for each request
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Series(
        String variant,
        String title,
        Spread perSecond,
        @Nullable Spread ofPipe,
        Spread cpuMicros,
        @Nullable Spread cpuOfPipe,
        Spread compilerMicros,
        Spread allocatedBytes,
        Spread heapBytes,
        Spread residentBytes,
        Spread threads,
        @Nullable Spread othersShare,
        double rateRise,
        double cpuRise,
        Map<String, Round.Part> byThread,
        List<Round> rounds) {
    /** More than this between the first third of the rounds and the last is not steady. */
    private static final double STEADY = 0.1;

    private static final double MENTIONED_MICROS = 0.3;
    private static final double MENTIONED_BYTES = 200;

    static Series of(Variant variant, List<Round> rounds) {
        boolean compared = rounds.stream().allMatch(round -> round.ofPipe() != null);
        return new Series(
                variant.key(),
                variant.title(),
                spread(rounds, Round::perSecond),
                compared ? spread(rounds, round -> Objects.requireNonNull(round.ofPipe())) : null,
                spread(rounds, Round::cpuMicros),
                compared ? spread(rounds, round -> Objects.requireNonNull(round.cpuOfPipe())) : null,
                spread(rounds, Round::compilerMicros),
                spread(rounds, Round::allocatedBytes),
                spread(rounds, Round::heapBytes),
                spread(rounds, Round::residentBytes),
                spread(rounds, Round::threads),
                rounds.stream().anyMatch(round -> round.othersShare() == null)
                        ? null
                        : spread(rounds, round -> Objects.requireNonNull(round.othersShare())),
                rise(rounds, Round::perSecond),
                rise(rounds, Round::cpuMicros),
                byThread(rounds),
                rounds);
    }

    private static Spread spread(List<Round> rounds, ToDoubleFunction<Round> figure) {
        return Spread.of(rounds.stream().mapToDouble(figure).boxed().toList());
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
                "%-14s %24s %20s %20s %20s %21s %8s %9s %8s",
                "",
                "requests/s",
                "of the pipe",
                "us of CPU",
                "of the pipe's",
                "kB allocated",
                "MB heap",
                "MB in all",
                "threads");
    }

    /** On one line: medians, with the lowest and the highest. */
    String line() {
        return String.format(
                Locale.ROOT,
                "%-14s %24s %20s %20s %20s %21s %8.0f %9.0f %8.0f",
                title,
                perSecond.tell("%.0f"),
                ofPipe == null ? "" : ofPipe.tell("%.2f"),
                cpuMicros.tell("%.0f"),
                cpuOfPipe == null ? "" : cpuOfPipe.tell("%.2f"),
                new Spread(allocatedBytes.median() / 1e3, allocatedBytes.min() / 1e3, allocatedBytes.max() / 1e3)
                        .tell("%.1f"),
                heapBytes.median() / 1e6,
                residentBytes.median() / 1e6,
                threads.median());
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
