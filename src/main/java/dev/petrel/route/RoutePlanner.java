package dev.petrel.route;

import dev.petrel.message.SendRequest;
import dev.petrel.route.RouteConfig.Choice;
import dev.petrel.route.RouteConfig.Rule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Plans one round: the request's own providers in their order, or the first rule that matches the recipient's country,
 * by priority and within a priority by a weighted draw.
 *
 * <p>The draw is made of the request id and the round, so that the same request is planned the same way by whoever
 * plans it, and another round is drawn anew. Each provider gets the key {@code -ln(u) / weight} with {@code u} uniform
 * from the hash; the smallest key comes first. That is the weighted draw without replacement of Efraimidis and
 * Spirakis (2006): providers that join or leave a priority don't reorder the others.
 */
public final class RoutePlanner {
    private final Supplier<RouteConfig> config;
    private final Function<String, Map<String, Integer>> overrides;

    /** @param overrides by a route's name, the weights by provider that count instead of those of the settings now */
    public RoutePlanner(Supplier<RouteConfig> config, Function<String, Map<String, Integer>> overrides) {
        this.config = config;
        this.overrides = overrides;
    }

    /**
     * @param round from 1
     * @param candidates the state of a provider now; null for ids that nobody knows, which are left out
     */
    public Route plan(SendRequest request, int round, Function<String, @Nullable Candidate> candidates) {
        List<String> named = request.providers();
        if (named != null) {
            return new Route(hops(new LinkedHashSet<>(named), candidates));
        }
        for (Rule rule : config.get().rules()) {
            if (rule.matches(request.to().country())) {
                List<Choice> choices = overruled(rule.choices(), overrides.apply(rule.name()));
                return new Route(hops(choices, request.requestId(), round, candidates));
            }
        }
        return new Route(List.of());
    }

    /** The name of the rule that counts; null where the request names providers, or no rule matches. */
    public @Nullable String name(SendRequest request) {
        return request.providers() != null
                ? null
                : config.get().rule(request.to().country()).map(Rule::name).orElse(null);
    }

    /**
     * Those of a rule with other weights: who is weighed anew stands in one priority, the first that any of them had; 0
     * leaves out.
     */
    public static List<Choice> overruled(List<Choice> choices, Map<String, Integer> weights) {
        if (weights.isEmpty()) {
            return choices;
        }
        int first = choices.stream()
                .filter(choice -> weights.getOrDefault(choice.provider(), 0) > 0)
                .mapToInt(Choice::priority)
                .min()
                .orElse(1);
        List<Choice> overruled = new ArrayList<>(choices.size());
        for (Choice choice : choices) {
            Integer weight = weights.get(choice.provider());
            if (weight == null) {
                overruled.add(choice);
            } else if (weight > 0) {
                overruled.add(new Choice(choice.provider(), first, weight));
            }
        }
        return overruled;
    }

    private static List<Hop> hops(LinkedHashSet<String> named, Function<String, @Nullable Candidate> candidates) {
        List<Hop> hops = new ArrayList<>(named.size());
        for (String provider : named) {
            Candidate candidate = candidates.apply(provider);
            if (candidate != null) {
                hops.add(new Hop(candidate));
            }
        }
        return hops;
    }

    private record Drawn(Hop hop, int priority, double key) {
        static final Comparator<Drawn> ORDER =
                Comparator.comparingInt(Drawn::priority).thenComparingDouble(Drawn::key);
    }

    private static List<Hop> hops(
            List<Choice> choices, String requestId, int round, Function<String, @Nullable Candidate> candidates) {
        List<Drawn> drawn = new ArrayList<>(choices.size());
        for (Choice choice : choices) {
            Candidate candidate = candidates.apply(choice.provider());
            if (candidate != null) {
                boolean alone = isAlone(choice, choices);
                double key = alone ? 0 : -Math.log(Draw.uniform(requestId, round, choice.provider())) / choice.weight();
                drawn.add(new Drawn(new Hop(candidate), choice.priority(), key));
            }
        }
        drawn.sort(Drawn.ORDER);
        List<Hop> hops = new ArrayList<>(drawn.size());
        for (Drawn next : drawn) {
            hops.add(next.hop);
        }
        return hops;
    }

    private static boolean isAlone(Choice choice, List<Choice> choices) {
        int same = 0;
        for (Choice other : choices) {
            same += other.priority() == choice.priority() ? 1 : 0;
        }
        return same == 1;
    }
}
