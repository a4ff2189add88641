package dev.petrel.app;

import dev.petrel.route.RouteConfig;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The section {@code petrel.routes}, whose providers are written in a short form or a long one. */
final class RouteSettings {
    private final SettingsReader in;

    RouteSettings(SettingsReader in) {
        this.in = in;
    }

    /** Null if there were mistakes. */
    @Nullable
    RouteConfig read() {
        int count = in.count("petrel.routes");
        if (count == 0) {
            in.ignoreBelow("petrel.routes");
            in.wrong("petrel.routes", "empty", "a list with at least one route");
        }
        Set<String> ids = new HashSet<>(in.namesBelow("petrel.providers"));
        List<RouteConfig.Rule> rules = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String key = "petrel.routes[" + i + "]";
            Set<String> countries = in.countries(key + ".countries");
            rules.add(new RouteConfig.Rule(countries, choices(key + ".providers", ids)));
        }
        return in.make(() -> new RouteConfig(rules));
    }

    /** Either ids in the order to try them, or one section for each with priority and weight. */
    private List<RouteConfig.Choice> choices(String key, Set<String> ids) {
        List<RouteConfig.Choice> choices = new ArrayList<>();
        boolean sections = !in.namesBelow(key + "[0]").isEmpty();
        if (sections) {
            for (int i = 0; i < in.count(key); i++) {
                String choice = key + "[" + i + "].";
                choices.add(new RouteConfig.Choice(
                        in.required(choice + "id", "the id of a provider"),
                        in.number(choice + "priority", 1),
                        in.number(choice + "weight", 1)));
            }
        } else {
            for (String id : in.list(key, List.of())) {
                choices.add(new RouteConfig.Choice(id, choices.size() + 1, 1));
            }
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < choices.size(); i++) {
            String id = choices.get(i).provider();
            String where = key + "[" + i + "]" + (sections ? ".id" : "");
            if (!id.isEmpty() && !ids.contains(id)) {
                in.wrong(where, id, "the id of a provider: " + String.join(" or ", in.namesBelow("petrel.providers")));
            }
            if (!seen.add(id)) {
                in.wrong(where, id, "there once in a route");
            }
        }
        return choices;
    }
}
