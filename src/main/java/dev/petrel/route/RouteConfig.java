package dev.petrel.route;

import dev.petrel.config.Check;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The routes, of which the first that matches a recipient's country counts. */
public record RouteConfig(List<Rule> rules) {

    /** @param countries ISO 3166 codes; empty: every country */
    public record Rule(Set<String> countries, List<Choice> choices) {
        public Rule {
            countries = Set.copyOf(countries);
            choices = List.copyOf(choices);
        }

        /** How operators call it: its countries, sorted and joined by commas, or {@code *} if it has none. */
        public String name() {
            return countries.isEmpty() ? "*" : String.join(",", new TreeSet<>(countries));
        }

        public boolean matches(String country) {
            return countries.isEmpty() || countries.contains(country);
        }
    }

    /**
     * A provider within a rule.
     *
     * @param priority the lowest comes first
     * @param weight its share among those of the same priority
     */
    public record Choice(String provider, int priority, int weight) {}

    /** The rule that counts for a country. */
    public Optional<Rule> rule(String country) {
        return rules.stream().filter(rule -> rule.matches(country)).findFirst();
    }

    public RouteConfig {
        rules = List.copyOf(rules);
        Check check = Check.of("petrel");
        for (int i = 0; i < rules.size(); i++) {
            List<Choice> choices = rules.get(i).choices();
            check = check.that(!choices.isEmpty(), "routes[" + i + "].providers", "empty", "at least one");
            for (int j = 0; j < choices.size(); j++) {
                String key = "routes[" + i + "].providers[" + j + "].";
                check = check.between(key + "priority", choices.get(j).priority(), 1, 1000)
                        .between(key + "weight", choices.get(j).weight(), 1, 1_000_000);
            }
        }
        check.done();
    }
}
