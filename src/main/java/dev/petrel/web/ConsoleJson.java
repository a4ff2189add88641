package dev.petrel.web;

import dev.petrel.availability.CountryState;
import dev.petrel.console.Board;
import dev.petrel.console.Board.Cell;
import dev.petrel.console.Board.Decision;
import dev.petrel.console.Board.Finding;
import dev.petrel.console.Board.Instance;
import dev.petrel.console.Board.Provider;
import dev.petrel.console.Board.Series;
import dev.petrel.console.Board.Totals;
import dev.petrel.console.InstanceLine;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Map.Entry;
import java.util.StringJoiner;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A board as the page gets it, part by part, each encoded: what is written as before has not changed and need not be sent.
 *
 * @param parts of the JSON object, but for the cells, by their name
 * @param cells by their key
 */
record ConsoleJson(Map<String, String> parts, Map<String, String> cells) {
    static ConsoleJson of(Board board, String by, JsonArray orders) {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("at", Json.encode(time(board.at())));
        parts.put("by", Json.encode(by));
        parts.put("reading", Json.encode(board.reading()));
        parts.put(
                "verdict",
                new JsonObject()
                        .put("level", word(board.verdict().level()))
                        .put("words", board.verdict().words() + overruled(orders.size()))
                        .encode());
        parts.put("findings", array(board.findings(), ConsoleJson::finding));
        parts.put("countries", array(board.countries(), ConsoleJson::country));
        parts.put("providers", array(board.providers(), ConsoleJson::provider));
        parts.put("series", series(board.series()).encode());
        parts.put("totals", totals(board.totals()).encode());
        parts.put("decisions", array(board.decisions(), ConsoleJson::decision));
        parts.put("instances", array(board.instances(), ConsoleJson::instance));
        parts.put("partitions", Json.encode(board.partitions()));
        parts.put("unowned", new JsonArray(board.unowned()).encode());
        parts.put("orders", orders.encode());
        Map<String, String> cells = new LinkedHashMap<>();
        board.cells().forEach(cell -> cells.put(cell.key(), cell(cell).encode()));
        return new ConsoleJson(parts, cells);
    }

    /** Whether nothing is still being read. */
    boolean isWhole() {
        return "null".equals(parts.get("reading"));
    }

    /** All of it. */
    String whole() {
        StringJoiner object = new StringJoiner(",", "{", "}");
        parts.forEach((name, part) -> object.add(Json.encode(name) + ":" + part));
        return object.add("\"cells\":[" + String.join(",", cells.values()) + "]")
                .toString();
    }

    /** What is not as it was before: parts whole, of the cells those that are new or have changed, and who is gone. */
    String since(ConsoleJson before) {
        StringJoiner object = new StringJoiner(",", "{", "}");
        parts.forEach((name, part) -> {
            if (!part.equals(before.parts.get(name))) {
                object.add(Json.encode(name) + ":" + part);
            }
        });
        List<String> changed = new ArrayList<>();
        for (Entry<String, String> cell : cells.entrySet()) {
            if (!cell.getValue().equals(before.cells.get(cell.getKey()))) {
                changed.add(cell.getValue());
            }
        }
        if (!changed.isEmpty()) {
            object.add("\"cells\":[" + String.join(",", changed) + "]");
        }
        JsonArray gone = new JsonArray();
        before.cells.keySet().stream().filter(key -> !cells.containsKey(key)).forEach(gone::add);
        if (!gone.isEmpty()) {
            object.add("\"gone\":" + gone.encode());
        }
        return object.toString();
    }

    private static String overruled(int orders) {
        return orders == 0 ? "" : orders == 1 ? "; 1 order is in force" : "; " + orders + " orders are in force";
    }

    private static <T> String array(List<T> all, Function<T, JsonObject> json) {
        JsonArray array = new JsonArray();
        all.forEach(each -> array.add(json.apply(each)));
        return array.encode();
    }

    private static JsonObject finding(Finding finding) {
        String drain = finding.drain();
        JsonObject order = drain == null
                ? null
                : new JsonObject().put("kind", "drain").put("provider", drain).put("country", finding.country());
        return new JsonObject()
                .put("key", finding.key())
                .put("level", word(finding.level()))
                .put("title", finding.title())
                .put("since", time(finding.since()))
                .put("what", finding.what())
                .put("done", finding.done())
                .put("may", new JsonArray(finding.may()))
                .put("order", order)
                .put("page", finding.page());
    }

    private static JsonObject country(CountryState state) {
        return new JsonObject()
                .put("country", state.country())
                .put("state", state.state().wire())
                .put("since", time(state.since()))
                .put("medianSeconds", state.medianSeconds())
                .put("p95Seconds", state.p95Seconds())
                .put("inHandShare", state.inHandShare())
                .put("requests", state.requests());
    }

    private static JsonObject provider(Provider provider) {
        return new JsonObject()
                .put("provider", provider.provider())
                .put("breaker", provider.breaker())
                .put("openAt", new JsonArray(provider.openAt()))
                .put("instances", provider.instances())
                .put("since", time(provider.since()))
                .put("shut", provider.shut())
                .put("restingUntil", time(provider.restingUntil()))
                .put("inFlight", provider.inFlight())
                .put("failureRate", provider.failureRate());
    }

    private static JsonObject cell(Cell cell) {
        return new JsonObject()
                .put("provider", cell.provider())
                .put("country", cell.country())
                .put("health", word(cell.health()))
                .put("words", cell.words())
                .put("why", cell.why() == null ? null : cell.why().wire())
                .put("attempts", cell.attempts())
                .put("taken", cell.taken())
                .put("receipts", cell.receipts())
                .put("delivered", cell.delivered())
                .put("undelivered", cell.undelivered())
                .put("answerP50", cell.answerP50())
                .put("answerP95", cell.answerP95())
                .put("inHandP50", cell.inHandP50())
                .put("inHandP95", cell.inHandP95())
                .put("share", cell.share() == null ? null : Math.round(cell.share() * 1000) / 1000.0)
                .put("since", time(cell.since()));
    }

    private static JsonObject series(Series series) {
        return new JsonObject()
                .put("step", series.stepSeconds())
                .put("begin", time(series.begin()))
                .put("requests", new JsonArray(series.requests()))
                .put("inHand", new JsonArray(series.inHand()))
                .put("failed", new JsonArray(series.failed()))
                .put("p50", new JsonArray(series.p50()))
                .put("p95", new JsonArray(series.p95()));
    }

    private static JsonObject totals(Totals totals) {
        return new JsonObject()
                .put("perSecond", Math.round(totals.perSecond() * 10) / 10.0)
                .put("lag", totals.lag())
                .put("held", totals.held())
                .put("inFlight", totals.inFlight())
                .put("waiting", totals.waiting());
    }

    private static JsonObject decision(Decision decision) {
        return new JsonObject()
                .put("key", decision.key())
                .put("at", time(decision.at()))
                .put("last", time(decision.last()))
                .put("country", decision.country())
                .put("from", decision.from())
                .put("to", decision.to())
                .put("why", decision.why())
                .put("words", decision.words())
                .put("codes", decision.codes())
                .put("over", decision.over());
    }

    private static JsonObject instance(Instance instance) {
        InstanceLine line = instance.line();
        return new JsonObject()
                .put("instance", line.instance())
                .put("at", time(line.at()))
                .put("state", word(instance.state()))
                .put("partitions", new JsonArray(line.partitions()))
                .put("leaseAgeMs", line.leaseAge().toMillis())
                .put("inFlight", line.inFlight())
                .put("held", line.held())
                .put("lag", line.lag());
    }

    private static @Nullable String time(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
