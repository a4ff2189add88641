package dev.petrel.bench;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * How a run is made.
 *
 * @param seconds of a window
 * @param settleSeconds from the start of a variant to the window
 * @param warmUps rounds that do not count, at least: who still compiles much gets two more
 * @param brief shorter than figures should be that are shown to others
 * @param heap of a variant's process, as {@code -Xmx} takes it
 * @param heldMax texts that Petrel holds at most; the rest waits in Kafka
 * @param latencies of the providers in milliseconds
 * @param inFlight whether {@link InFlight} is run
 */
record BenchSettings(
        int seconds,
        int settleSeconds,
        int rounds,
        int warmUps,
        boolean brief,
        String heap,
        int heldMax,
        List<Integer> latencies,
        List<Variant> variants,
        boolean inFlight) {
    private static final int SECONDS = 20;
    private static final int ROUNDS = 5;
    private static final int WARM_UPS = 1;
    private static final int SETTLE_SECONDS = 3;
    /** Of a round, beside settling and its window: topics are filled and read, the variant starts and stops. */
    private static final int AROUND_SECONDS = 6;

    private static final int STARTING_SECONDS = 20;
    private static final String HEAP = "256m";

    static BenchSettings ofProperties() {
        int seconds = Integer.getInteger("bench.seconds", SECONDS);
        int rounds = Integer.getInteger("bench.rounds", ROUNDS);
        int warmUps = Integer.getInteger("bench.warmup", WARM_UPS);
        List<Variant> named = words("bench.variants", "").map(Variant::of).toList();
        return new BenchSettings(
                seconds,
                SETTLE_SECONDS,
                rounds,
                warmUps,
                seconds < SECONDS || rounds < ROUNDS || warmUps < WARM_UPS,
                HEAP,
                Petrel.HELD,
                words("bench.latencies", "0,50,300").map(Integer::valueOf).toList(),
                named.isEmpty() ? Variant.compared() : named,
                Boolean.parseBoolean(System.getProperty("bench.in-flight", "true")));
    }

    /** The rest has no turn with any of the latencies. */
    List<Variant> variantsWithTurns() {
        return variants.stream()
                .filter(variant -> latencies.stream().anyMatch(variant::meets))
                .toList();
    }

    /** How long it should take, while nobody needs more to warm up. */
    int reckonedSeconds() {
        int turns = warmUps * variantsWithTurns().size();
        for (int latency : latencies) {
            for (int round = 1; round <= rounds; round++) {
                turns += Turns.of(variants, round, latency).size();
            }
            turns += Turns.of(variants, 1, latency).contains(Variant.PIPE) ? 1 : 0;
        }
        return STARTING_SECONDS
                + turns * (settleSeconds + seconds + AROUND_SECONDS)
                + (inFlight ? InFlight.reckonedSeconds(seconds) : 0);
    }

    private static Stream<String> words(String property, String standard) {
        return Arrays.stream(System.getProperty(property, standard).split(","))
                .map(String::strip)
                .filter(word -> !word.isEmpty());
    }
}
