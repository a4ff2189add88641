package dev.petrel.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.petrel.bench.VariantMain.Window;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The window of one round of one variant. All that was used is told for each request that came to its outcome in it.
 *
 * @param round from 1
 * @param fromMillis since the epoch
 * @param events on the status topic
 * @param cpuMicros of the process, its compilers left out
 * @param compilerMicros of its compilers
 * @param cpuShare of one core, its compilers left out
 * @param othersShare of the machine, for processes that are none of the bench's; null where the system does not tell it
 * @param heapBytes what is left of the heap after a collection
 * @param ofPipe requests a second beside those of the bare pipe, of which the rounds before and after this one are averaged
 * @param cpuOfPipe the processor's time beside the bare pipe's in the same rounds
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Round(
        int round,
        long fromMillis,
        double seconds,
        int requests,
        int events,
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
        @Nullable Double ofPipe,
        @Nullable Double cpuOfPipe) {

    /** What a kind of thread used for each request. */
    record Part(double cpuMicros, double allocatedBytes) {}

    static Round of(int round, Window window, Outcomes outcomes, @Nullable Double othersShare) {
        Cost.Spent spent = window.spent();
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
                requests / seconds,
                spent.cpuNanos() / 1e3 / requests,
                spent.compilerNanos() / 1e3 / requests,
                spent.bytes() / requests,
                spent.cpuNanos() / 1e9 / seconds,
                othersShare,
                window.footprint().heapBytes(),
                window.footprint().residentBytes(),
                window.footprint().threads(),
                byThread,
                null,
                null);
    }

    /** @param after null if there was none */
    Round beside(Round before, @Nullable Round after) {
        double rate = after == null ? before.perSecond : (before.perSecond + after.perSecond) / 2;
        double cpu = after == null ? before.cpuMicros : (before.cpuMicros + after.cpuMicros) / 2;
        return new Round(
                round,
                fromMillis,
                seconds,
                requests,
                events,
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
                perSecond / rate,
                cpuMicros / cpu);
    }
}
