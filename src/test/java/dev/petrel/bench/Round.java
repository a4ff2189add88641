package dev.petrel.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The window of one round of one variant. All that was used is told for each request that came to its outcome in it.
 *
 * @param round from 1
 * @param fromMillis since the epoch
 * @param events on the status topic
 * @param others requests that came to another end than they should have, in the window or not
 * @param repeated ends of requests that had one, in the window or not
 * @param cpuMicros of the process, its compilers left out
 * @param compilerMicros of its compilers
 * @param cpuShare of one core, its compilers left out
 * @param othersShare of the machine, for processes that are none of the bench's; null where the system does not tell it
 * @param heapBytes what is left of the heap after a collection
 * @param beside this round against those of other variants, by their key
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Round(
        int round,
        long fromMillis,
        double seconds,
        int requests,
        int events,
        int others,
        int repeated,
        double perSecond,
        double cpuMicros,
        double compilerMicros,
        double allocatedBytes,
        double cpuShare,
        @Nullable Double othersShare,
        long heapBytes,
        long residentBytes,
        int threads,
        Map<String, Part> byThread,
        Map<String, Ratio> beside) {

    /** What a kind of thread used for each request. */
    record Part(double cpuMicros, double allocatedBytes) {}

    /** Requests a second, and the processor's time for each: of this round, over another's. */
    record Ratio(double perSecond, double cpuMicros) {}

    static Round of(int round, Cost.Spent spent, Footprint footprint, Outcomes outcomes, @Nullable Double othersShare) {
        double seconds = (spent.toMillis() - spent.fromMillis()) / 1e3;
        double requests = outcomes.inWindow();
        Map<String, Part> byThread = new TreeMap<>();
        spent.byKind()
                .forEach((kind, used) ->
                        byThread.put(kind, new Part(used.cpuNanos() / 1e3 / requests, used.bytes() / requests)));
        return new Round(
                round,
                spent.fromMillis(),
                seconds,
                outcomes.inWindow(),
                outcomes.events(),
                outcomes.others(),
                outcomes.repeated(),
                requests / seconds,
                spent.cpuNanos() / 1e3 / requests,
                spent.compilerNanos() / 1e3 / requests,
                spent.bytes() / requests,
                spent.cpuNanos() / 1e9 / seconds,
                othersShare,
                footprint.heapBytes(),
                footprint.residentBytes(),
                footprint.threads(),
                byThread,
                Map.of());
    }

    /** @param against what this round is held against, averaged; with none it is as it was */
    Round beside(Variant variant, List<Round> against) {
        if (against.isEmpty()) {
            return this;
        }
        Map<String, Ratio> more = new TreeMap<>(beside);
        more.put(
                variant.key(),
                new Ratio(perSecond / mean(against, Round::perSecond), cpuMicros / mean(against, Round::cpuMicros)));
        return new Round(
                round,
                fromMillis,
                seconds,
                requests,
                events,
                others,
                repeated,
                perSecond,
                cpuMicros,
                compilerMicros,
                allocatedBytes,
                cpuShare,
                othersShare,
                heapBytes,
                residentBytes,
                threads,
                byThread,
                more);
    }

    private static double mean(List<Round> rounds, ToDoubleFunction<Round> figure) {
        return rounds.stream().mapToDouble(figure).average().orElseThrow();
    }

    /** What is wrong with it, as its mark; empty if nothing is. */
    String mark() {
        if (requests == 0) {
            return " [NONE IN ITS WINDOW]";
        }
        return others == 0 && repeated == 0
                ? ""
                : String.format(Locale.ROOT, " [%d ENDED OTHERWISE, %d TWICE]", others, repeated);
    }
}
