package dev.petrel.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.petrel.bench.InFlight.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What Petrel should reach, beside what was found.
 *
 * @param atMost whether less is better
 * @param found null where the run does not show it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Aim(
        String what, boolean atMost, double aim, @Nullable Spread found, boolean met) {
    /** So much later may the slowest twentieth be submitted with many in flight than with few. */
    private static final double FLAT_MILLIS = 100;

    static List<Aim> all(List<Comparison> comparisons, InFlight.@Nullable Result inFlight) {
        Optional<Comparison> atOnce = comparisons.stream()
                .filter(comparison -> comparison.latencyMillis() == 0)
                .findFirst();
        return List.of(
                atLeast("twilio, requests/s beside the bare pipe", 0.65, atOnce, Variant.TWILIO, Aim::ofPipe),
                atLeast("receipts, requests/s beside the bare pipe", 0.35, atOnce, Variant.RECEIPTS, Aim::ofPipe),
                atMost("twilio, us of CPU a request", 60, found(atOnce, Variant.TWILIO, Series::cpuMicros)),
                atMost("twilio, kB allocated a request", 25, found(atOnce, Variant.TWILIO, Aim::allocatedKilobytes)),
                atMost(
                        String.format(
                                Locale.ROOT,
                                "95 %% submitted, ms more with %d in flight than %d, in %s",
                                InFlight.HIGHEST,
                                InFlight.LOWEST,
                                InFlight.HEAP),
                        FLAT_MILLIS,
                        inFlight == null ? null : steepness(inFlight.levels())));
    }

    private static Aim atLeast(
            String what,
            double aim,
            Optional<Comparison> comparison,
            Variant variant,
            Function<Series, @Nullable Spread> figure) {
        Spread found = found(comparison, variant, figure);
        return new Aim(what, false, aim, found, found != null && found.median() >= aim);
    }

    private static Aim atMost(String what, double aim, @Nullable Spread found) {
        return new Aim(what, true, aim, found, found != null && found.median() <= aim);
    }

    private static @Nullable Spread found(
            Optional<Comparison> comparison, Variant variant, Function<Series, @Nullable Spread> figure) {
        return comparison
                .flatMap(all -> all.variants().stream()
                        .filter(series -> series.variant().equals(variant.key()))
                        .findFirst())
                .map(figure)
                .orElse(null);
    }

    private static @Nullable Spread ofPipe(Series series) {
        Series.Beside pipe = series.beside().get(Variant.PIPE.key());
        return pipe == null ? null : pipe.perSecond();
    }

    private static Spread allocatedKilobytes(Series series) {
        Spread bytes = series.allocatedBytes();
        return new Spread(bytes.median() / 1e3, bytes.min() / 1e3, bytes.max() / 1e3);
    }

    /** From each of the lowest levels to the highest. Null where one of them was not what it should have been. */
    private static @Nullable Spread steepness(List<Level> levels) {
        List<Double> millis = new ArrayList<>();
        Level highest = levels.stream().max(Comparator.comparingInt(Level::aim)).orElseThrow();
        for (Level level : levels) {
            if (level.aim() == InFlight.LOWEST) {
                if (!level.atAim() || !highest.atAim()) {
                    return null;
                }
                millis.add((double) (highest.p95Millis() - level.p95Millis()));
            }
        }
        return millis.isEmpty() ? null : Spread.of(millis);
    }

    static String heading() {
        return String.format(Locale.ROOT, "%-58s %10s   %s", "aim (medians count)", "aim", "found");
    }

    String line() {
        return String.format(
                Locale.ROOT,
                "%-58s %10s   %s",
                what,
                (atMost ? "<= " : ">= ") + (aim < 1 ? String.format(Locale.ROOT, "%.2f", aim) : Math.round(aim)),
                found == null ? "not shown" : found.tell(aim < 1 ? "%.2f" : "%.1f") + (met ? "  met" : "  MISSED"));
    }
}
