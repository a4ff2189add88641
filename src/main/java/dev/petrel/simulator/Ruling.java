package dev.petrel.simulator;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A behavior made ready to be asked for every request. */
final class Ruling {
    private static final Rule HEALTHY = Mode.healthy().forEverything();

    private final Rule[] rules;
    private final double[] from;
    private final Latency latency;
    private final Receipts receipts;

    Ruling(Behavior behavior, Latency usual) {
        List<Rule> given = behavior.rules();
        rules = given.toArray(Rule[]::new);
        from = new double[rules.length];
        latency = behavior.latency() == null ? usual : behavior.latency();
        receipts = behavior.receipts() == null ? Receipts.delivered() : behavior.receipts();
        Map<String, Double> begun = new HashMap<>();
        for (int i = 0; i < rules.length; i++) {
            if (rules[i].share() < 1) {
                double end = begun.merge(Behavior.scope(rules[i]), rules[i].share(), Double::sum);
                from[i] = end - rules[i].share();
            }
        }
    }

    Rule ruleFor(@Nullable String number) {
        for (int i = 0; i < rules.length; i++) {
            if (matches(i, number == null ? "" : number)) {
                return rules[i];
            }
        }
        return HEALTHY;
    }

    Latency latencyOf(Rule rule) {
        if (rule.latency() != null) {
            return rule.latency();
        }
        return rule.mode().kind().unhurried() ? latency : Latency.NONE;
    }

    Receipts receiptsOf(Rule rule) {
        return rule.receipts() == null ? receipts : rule.receipts();
    }

    private boolean matches(int i, String number) {
        Rule rule = rules[i];
        if (rule.country() != null && !number.startsWith(rule.country())) {
            return false;
        }
        if (rule.share() == 1) {
            return true;
        }
        double place = place(number);
        return place >= from[i] && place < from[i] + rule.share();
    }

    /** Where a number stands between 0 and 1: the same on every machine and in every run. */
    static double place(String number) {
        return (mix(number.hashCode()) >>> 11) * 0x1.0p-53;
    }

    /** The finalizer of SplitMix64: every bit of the input changes half of the output. */
    static long mix(long bits) {
        long z = (bits + 0x9E3779B97F4A7C15L);
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
