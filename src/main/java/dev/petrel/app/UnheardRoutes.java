package dev.petrel.app;

import dev.petrel.metrics.Meters;
import dev.petrel.route.RouteConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of routes that may begin with a provider that gives no receipts: when it takes codes and delivers none, only the
 * auth service can tell, by its feedback.
 */
final class UnheardRoutes {
    private static final Logger log = LoggerFactory.getLogger(UnheardRoutes.class);

    private UnheardRoutes() {}

    /** @param heard whether a provider's receipts reach us */
    static void warn(RouteConfig routes, Predicate<String> heard, Meters meters) {
        List<String> unheard = find(routes, heard);
        unheard.forEach(line -> log.warn("{}: what it takes counts as in hand, unless feedback says otherwise", line));
        meters.gauge(
                "petrel.routes.unheard",
                "Routes whose first provider gives no receipts, as they were at the start",
                null,
                unheard::size);
    }

    /** A line for each, by the provider's id. */
    static List<String> find(RouteConfig routes, Predicate<String> heard) {
        List<String> lines = new ArrayList<>();
        for (RouteConfig.Rule rule : routes.rules()) {
            int first = rule.choices().stream()
                    .mapToInt(RouteConfig.Choice::priority)
                    .min()
                    .orElseThrow();
            rule.choices().stream()
                    .filter(choice -> choice.priority() == first && !heard.test(choice.provider()))
                    .findFirst()
                    .ifPresent(choice -> lines.add("the route for "
                            + (rule.countries().isEmpty()
                                    ? "all other countries"
                                    : String.join(", ", new TreeSet<>(rule.countries())))
                            + " begins with " + choice.provider() + ", which gives no receipts"));
        }
        return lines;
    }
}
