package dev.petrel.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * One round of one variant.
 *
 * @param seconds from the first event to the last outcome
 */
record Round(int requests, double seconds, Cost cost, int threads) {
    double perSecond() {
        return requests / seconds;
    }

    double micros() {
        return cost.cpuNanos() / 1e3 / requests;
    }

    double kilobytes() {
        return cost.bytes() / 1e3 / requests;
    }

    /** What these came to, and by kind of thread what the last of them cost. */
    static void tell(String name, List<Round> rounds) {
        List<Double> rates = rounds.stream().map(Round::perSecond).sorted().toList();
        Round last = rounds.get(rounds.size() - 1);
        say(
                "%-13s %.0f/s (%.0f to %.0f), %.1f us of CPU and %.1f kB a request, %d threads",
                name,
                rates.get(rates.size() / 2),
                rates.get(0),
                rates.get(rates.size() - 1),
                average(rounds, Round::micros),
                average(rounds, Round::kilobytes),
                last.threads());
        last.cost()
                .byKind()
                .forEach((kind, used) -> say(
                        "              %-10s %5.1f us %5.1f kB",
                        kind, used.cpuNanos() / 1e3 / last.requests(), used.bytes() / 1e3 / last.requests()));
    }

    /** How these stand to the same rounds of another. */
    static void tellRatio(String name, List<Round> rounds, List<Round> others) {
        double[] ratios = new double[rounds.size()];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = rounds.get(i).perSecond() / others.get(i).perSecond();
        }
        Arrays.sort(ratios);
        say(
                "%-13s %.2f (%.2f to %.2f) in throughput, %.2f in CPU",
                name,
                ratios[ratios.length / 2],
                ratios[0],
                ratios[ratios.length - 1],
                average(others, Round::micros) / average(rounds, Round::micros));
    }

    private static double average(List<Round> rounds, ToDoubleFunction<Round> figure) {
        return rounds.stream().mapToDouble(figure).average().orElseThrow();
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
