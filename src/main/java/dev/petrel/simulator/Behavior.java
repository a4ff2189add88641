package dev.petrel.simulator;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything a provider does from now on: for each request the first rule that is for its number; where there is none,
 * healthy.
 *
 * @param latency null: the one that the provider was started with
 * @param receipts of the messages whose rule says nothing of them; null: as healthy
 */
public record Behavior(
        List<Rule> rules,
        @Nullable Latency latency,
        @Nullable Receipts receipts) {

    public Behavior {
        rules = List.copyOf(rules);
        if (rules.size() > 1 && rules.stream().anyMatch(rule -> rule.mode() instanceof Mode.Refuse)) {
            throw new IllegalArgumentException("rules: refuse must be the only rule");
        }
        Map<String, Double> shares = new HashMap<>();
        for (Rule rule : rules) {
            if (rule.share() < 1 && shares.merge(scope(rule), rule.share(), Double::sum) > 1 + 1e-9) {
                throw new IllegalArgumentException("rules: the shares of one country add up to more than 1");
            }
        }
    }

    public Behavior(List<Rule> rules, @Nullable Latency latency) {
        this(rules, latency, null);
    }

    public static Behavior healthy() {
        return new Behavior(List.of(), null);
    }

    public static Behavior of(Mode mode) {
        return of(mode.forEverything());
    }

    public static Behavior of(Rule... rules) {
        return new Behavior(List.of(rules), null);
    }

    public Behavior withLatency(Latency newLatency) {
        return new Behavior(rules, newLatency, receipts);
    }

    public Behavior withReceipts(Receipts newReceipts) {
        return new Behavior(rules, latency, newReceipts);
    }

    boolean refuses() {
        return rules.size() == 1 && rules.get(0).mode() instanceof Mode.Refuse;
    }

    /** Shares of the same scope stand side by side. */
    static String scope(Rule rule) {
        return rule.country() == null ? "" : rule.country();
    }
}
