package dev.petrel.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.petrel.trace.Plain;
import dev.petrel.trace.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** An explanation, as the management port gives it, told to a person: whom it is about, a line for each provider, the end of it. */
final class RouteWords {
    /** Where failures are the reason. */
    private static final Set<String> BY_RATE = Set.of("breaker_open", "not_delivering");

    private RouteWords() {}

    /** @param named whether the question named providers, and so asked past the route */
    static List<String> lines(JsonNode answer, boolean named) {
        List<String> lines = new ArrayList<>();
        lines.add("to " + text(answer, "to") + " (" + text(answer, "country") + "), " + route(answer, named));
        String first = text(answer, "first");
        int place = 0;
        for (JsonNode way : answer.path("ways")) {
            place++;
            lines.add(place + ". " + text(way, "provider") + ": " + way(way, first));
        }
        lines.add(end(answer, first));
        return lines;
    }

    private static String route(JsonNode answer, boolean named) {
        String route = text(answer, "route");
        if (!route.isEmpty()) {
            return "route " + route;
        }
        return named ? "through the providers that were named" : "no route";
    }

    private static String way(JsonNode way, String first) {
        boolean isFirst = text(way, "provider").equals(first);
        String reason = text(way, "passedOver");
        if (reason.isEmpty()) {
            return isFirst ? "tried first" : "tried after those before it";
        }
        String rate = BY_RATE.contains(reason)
                ? ", failure rate " + way.path("failureRate").asInt() + " %"
                : "";
        return (isFirst ? "tried all the same, though " : "passed over: ") + text(way, "why") + " (" + reason + rate
                + ")";
    }

    private static String end(JsonNode answer, String first) {
        JsonNode refused = answer.path("refused");
        if (refused.isObject()) {
            String reason = text(refused, "class");
            String detail = text(refused, "detail");
            return "would not be sent: " + text(refused, "status")
                    + (reason.isEmpty() ? "" : ", " + reason + ": " + Words.reason(reason))
                    + (detail.isEmpty() ? "" : " (" + detail + ")");
        }
        String hint = text(answer, "hint");
        return (first.isEmpty() ? "would go to nobody now" : "would go to " + first + " first")
                + (hint.isEmpty() ? "" : "; " + hint);
    }

    /** Empty where there is none. */
    private static String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isTextual() ? Plain.of(value.asText()) : "";
    }
}
