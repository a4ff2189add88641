package dev.petrel.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Behavior} as JSON, both ways. Either one rule:
 *
 * <pre>{@code {"mode": "error", "code": "21211", "share": 0.1, "country": "+44", "latency": {"ms": 50}}}</pre>
 *
 * or several, of which the first that is for the number counts:
 *
 * <pre>{@code {"rules": [{"mode": "black_hole", "country": "+44"}, {"mode": "html_502", "share": 0.2}],
 *  "latency": {"medianMs": 50, "p99Ms": 400}}}</pre>
 *
 * <p>Modes and their own fields: {@code healthy}; {@code black_hole}; {@code refuse}; {@code reset_after_reading};
 * {@code status} with {@code httpStatus}; {@code html_502}; {@code empty_503}; {@code rubbish_2xx}; {@code throttle}
 * with {@code retryAfterSeconds} or without; {@code error} with {@code code} and perhaps {@code httpStatus} and {@code
 * message}. {@code share}, {@code country} and {@code latency} go with every mode but {@code refuse}; {@code receipts}, a
 * {@link ReceiptsJson}, with {@code healthy}; {@code "taken": true}, and then {@code receipts}, with the modes whose
 * answer is lost. A {@code latency} beside {@code rules} is the provider's: that of healthy answers, errors and rubbish;
 * beside the {@code mode} of a single rule it is both the rule's and the provider's. {@code receipts} beside {@code
 * rules} are the provider's too; beside the {@code mode} of a single rule they are that rule's alone. A field that is
 * left out is as at the start, and a field that nobody knows is a mistake.
 */
final class BehaviorJson {
    private static final Set<String> OF_ANY_RULE = Set.of("mode", "share", "country", "latency", "receipts", "taken");

    private BehaviorJson() {}

    /** @throws IllegalArgumentException names the field that is wrong */
    static Behavior read(JsonObject json) {
        JsonFields fields = new JsonFields(json, "");
        if (!fields.has("rules")) {
            Rule rule = rule(fields);
            if (rule.mode() instanceof Mode.Healthy && rule.share() == 1 && rule.country() == null) {
                return new Behavior(List.of(), rule.latency(), rule.receipts());
            }
            return new Behavior(List.of(rule), rule.latency(), null);
        }
        fields.onlyKnown(Set.of("rules", "latency", "receipts"));
        List<Rule> rules = new ArrayList<>();
        int index = 0;
        for (Object each : fields.value("rules", JsonArray.class)) {
            String name = "rules[" + index++ + "]";
            if (!(each instanceof JsonObject object)) {
                throw fields.mistake(name, "must be an object");
            }
            rules.add(rule(new JsonFields(object, name + ".")));
        }
        return new Behavior(rules, latency(fields), receipts(fields));
    }

    static JsonObject write(Behavior behavior, Latency usual) {
        JsonArray rules = new JsonArray();
        behavior.rules().forEach(rule -> rules.add(write(rule)));
        Latency latency = behavior.latency() == null ? usual : behavior.latency();
        JsonObject json = new JsonObject().put("rules", rules).put("latency", LatencyJson.write(latency));
        return behavior.receipts() == null ? json : json.put("receipts", ReceiptsJson.write(behavior.receipts()));
    }

    private static Rule rule(JsonFields fields) {
        Mode mode = mode(fields);
        double share = fields.has("share") ? fields.number("share") : 1;
        String country = fields.has("country") ? fields.value("country", String.class) : null;
        Latency latency = latency(fields);
        Receipts receipts = receipts(fields);
        boolean taken = fields.has("taken") && fields.value("taken", Boolean.class);
        return fields.made(() -> new Rule(mode, share, country, latency, receipts, taken));
    }

    private static @Nullable Latency latency(JsonFields fields) {
        return fields.has("latency") ? LatencyJson.read(fields.object("latency")) : null;
    }

    private static @Nullable Receipts receipts(JsonFields fields) {
        return fields.has("receipts") ? ReceiptsJson.read(fields.object("receipts")) : null;
    }

    private static Mode mode(JsonFields fields) {
        Mode.Kind kind = kind(fields);
        Set<String> known = new HashSet<>(OF_ANY_RULE);
        known.addAll(own(kind));
        fields.onlyKnown(known);
        return fields.made(() -> switch (kind) {
            case HEALTHY -> Mode.healthy();
            case BLACK_HOLE -> Mode.blackHole();
            case REFUSE -> Mode.refuse();
            case RESET_AFTER_READING -> Mode.resetAfterReading();
            case STATUS -> Mode.status(fields.whole("httpStatus"));
            case HTML_502 -> Mode.html502();
            case EMPTY_503 -> Mode.empty503();
            case RUBBISH_2XX -> Mode.rubbish2xx();
            case THROTTLE ->
                fields.has("retryAfterSeconds")
                        ? Mode.throttle(Duration.ofSeconds(fields.whole("retryAfterSeconds")))
                        : Mode.throttle();
            case ERROR ->
                new Mode.Error(
                        fields.word("code"),
                        fields.has("httpStatus") ? (Integer) fields.whole("httpStatus") : null,
                        fields.has("message") ? fields.value("message", String.class) : null);
        });
    }

    private static Set<String> own(Mode.Kind kind) {
        return switch (kind) {
            case STATUS -> Set.of("httpStatus");
            case THROTTLE -> Set.of("retryAfterSeconds");
            case ERROR -> Set.of("code", "httpStatus", "message");
            default -> Set.of();
        };
    }

    private static Mode.Kind kind(JsonFields fields) {
        String word = fields.value("mode", String.class);
        for (Mode.Kind kind : Mode.Kind.values()) {
            if (kind.wire().equals(word)) {
                return kind;
            }
        }
        String words = Arrays.stream(Mode.Kind.values()).map(Mode.Kind::wire).collect(Collectors.joining(", "));
        throw fields.mistake("mode", "must be one of " + words);
    }

    private static JsonObject write(Rule rule) {
        Mode mode = rule.mode();
        JsonObject json = new JsonObject().put("mode", mode.kind().wire());
        if (mode instanceof Mode.Status status) {
            json.put("httpStatus", status.httpStatus());
        } else if (mode instanceof Mode.Throttle throttle && throttle.retryAfter() != null) {
            json.put("retryAfterSeconds", throttle.retryAfter().toSeconds());
        } else if (mode instanceof Mode.Error error) {
            json.put("code", error.code());
            putUnlessNull(json, "httpStatus", error.httpStatus());
            putUnlessNull(json, "message", error.message());
        }
        if (rule.share() < 1) {
            json.put("share", rule.share());
        }
        putUnlessNull(json, "country", rule.country());
        if (rule.latency() != null) {
            json.put("latency", LatencyJson.write(rule.latency()));
        }
        if (rule.taken()) {
            json.put("taken", true);
        }
        return rule.receipts() == null ? json : json.put("receipts", ReceiptsJson.write(rule.receipts()));
    }

    private static void putUnlessNull(JsonObject json, String name, @Nullable Object value) {
        if (value != null) {
            json.put(name, value);
        }
    }
}
