package dev.petrel.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Whose turn it is, and which rounds are held against each other.
 *
 * <p>The bare pipe begins each round, and has one more behind the last: so each round of another stands between two of
 * the pipe's. The others' order is turned round each time: who came late in one round comes early in the next, and what
 * changes slowly on the machine favours nobody.
 */
final class Turns {
    private Turns() {}

    /**
     * @param round from 1
     * @param latencyMillis of the providers
     */
    static List<Variant> of(List<Variant> variants, int round, int latencyMillis) {
        List<Variant> others = new ArrayList<>(variants.stream()
                .filter(variant -> variant != Variant.PIPE && variant.meets(latencyMillis) && variant.hasTurn(round))
                .toList());
        if (round % 2 == 0) {
            Collections.reverse(others);
        }
        if (variants.contains(Variant.PIPE) && Variant.PIPE.meets(latencyMillis)) {
            others.add(0, Variant.PIPE);
        }
        return others;
    }

    /**
     * Each round beside the pipe's before and after it, and beside the plain consumers' of the same number.
     *
     * @param rounds in the order of their numbers
     */
    static Map<Variant, List<Round>> beside(Map<Variant, List<Round>> rounds) {
        Map<Variant, List<Round>> compared = new EnumMap<>(Variant.class);
        rounds.forEach((variant, own) -> compared.put(
                variant,
                own.stream().map(round -> beside(round, variant, rounds)).toList()));
        return compared;
    }

    private static Round beside(Round round, Variant variant, Map<Variant, List<Round>> rounds) {
        Round compared = round;
        for (Variant other : List.of(Variant.PIPE, Variant.PLAIN, Variant.PLAIN_WIDE)) {
            if (other == variant) {
                break; // what comes behind it is held against it
            }
            int last = other == Variant.PIPE ? round.round() + 1 : round.round();
            compared = compared.beside(
                    other,
                    rounds.getOrDefault(other, List.of()).stream()
                            .filter(against -> against.round() >= round.round() && against.round() <= last)
                            .toList());
        }
        return compared;
    }
}
