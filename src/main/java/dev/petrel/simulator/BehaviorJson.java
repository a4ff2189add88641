package dev.petrel.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
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
 * message}. {@code share}, {@code country} and {@code latency} go with every mode but {@code refuse}. A {@code latency}
 * beside {@code rules} is the provider's: that of healthy answers, errors and rubbish; beside the {@code mode} of a
 * single rule it is both the rule's and the provider's. A field that is left out is as at the start, and a field that
 * nobody knows is a mistake.
 */
final class BehaviorJson {
    private static final Set<String> OF_ANY_RULE = Set.of("mode", "share", "country", "latency");

    private static final Map<String, String> NAMES =
            Map.of("median", "medianMs", "p99", "p99Ms", "retryAfter", "retryAfterSeconds");

    private BehaviorJson() {}

    /** @throws IllegalArgumentException names the field that is wrong */
    static Behavior read(JsonObject json) {
        if (!json.containsKey("rules")) {
            Rule rule = rule(json, "");
            if (rule.mode() instanceof Mode.Healthy && rule.share() == 1 && rule.country() == null) {
                return new Behavior(List.of(), rule.latency());
            }
            return new Behavior(List.of(rule), rule.latency());
        }
        onlyKnown(json, "", Set.of("rules", "latency"));
        List<Rule> rules = new ArrayList<>();
        int index = 0;
        for (Object each : value(json, "", "rules", JsonArray.class)) {
            String path = "rules[" + index++ + "]";
            if (!(each instanceof JsonObject object)) {
                throw new FieldMistake(path + ": must be an object");
            }
            rules.add(rule(object, path + "."));
        }
        return new Behavior(rules, json.containsKey("latency") ? latency(json, "") : null);
    }

    static JsonObject write(Behavior behavior, Latency usual) {
        JsonArray rules = new JsonArray();
        behavior.rules().forEach(rule -> rules.add(write(rule)));
        Latency latency = behavior.latency() == null ? usual : behavior.latency();
        return new JsonObject().put("rules", rules).put("latency", write(latency));
    }

    private static Rule rule(JsonObject json, String path) {
        Mode mode = mode(json, path);
        Double share = json.containsKey("share")
                ? (Double) value(json, path, "share", Number.class).doubleValue()
                : null;
        String country = json.containsKey("country") ? value(json, path, "country", String.class) : null;
        Latency latency = json.containsKey("latency") ? latency(json, path) : null;
        return at(path, () -> new Rule(mode, share == null ? 1 : share, country, latency));
    }

    private static Mode mode(JsonObject json, String path) {
        Mode.Kind kind = kind(value(json, path, "mode", String.class), path);
        Set<String> known = new HashSet<>(OF_ANY_RULE);
        known.addAll(own(kind));
        onlyKnown(json, path, known);
        return at(path, () -> switch (kind) {
            case HEALTHY -> Mode.healthy();
            case BLACK_HOLE -> Mode.blackHole();
            case REFUSE -> Mode.refuse();
            case RESET_AFTER_READING -> Mode.resetAfterReading();
            case STATUS -> Mode.status(whole(json, path, "httpStatus"));
            case HTML_502 -> Mode.html502();
            case EMPTY_503 -> Mode.empty503();
            case RUBBISH_2XX -> Mode.rubbish2xx();
            case THROTTLE ->
                json.containsKey("retryAfterSeconds")
                        ? Mode.throttle(Duration.ofSeconds(whole(json, path, "retryAfterSeconds")))
                        : Mode.throttle();
            case ERROR ->
                new Mode.Error(
                        value(json, path, "code", Object.class).toString(),
                        json.containsKey("httpStatus") ? (Integer) whole(json, path, "httpStatus") : null,
                        json.containsKey("message") ? value(json, path, "message", String.class) : null);
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

    private static Mode.Kind kind(String word, String path) {
        for (Mode.Kind kind : Mode.Kind.values()) {
            if (kind.wire().equals(word)) {
                return kind;
            }
        }
        String words = Arrays.stream(Mode.Kind.values()).map(Mode.Kind::wire).collect(Collectors.joining(", "));
        throw new FieldMistake(path + "mode: must be one of " + words);
    }

    private static Latency latency(JsonObject json, String path) {
        JsonObject latency = value(json, path, "latency", JsonObject.class);
        String inside = path + "latency.";
        if (latency.containsKey("ms")) {
            onlyKnown(latency, inside, Set.of("ms"));
            int millis = whole(latency, inside, "ms");
            if (millis < 0 || millis > 3_600_000) {
                throw new FieldMistake(inside + "ms: is " + millis + ", must be 0 to 3600000");
            }
            return Latency.fixed(millis);
        }
        onlyKnown(latency, inside, Set.of("medianMs", "p99Ms"));
        return at(inside, () -> Latency.of(whole(latency, inside, "medianMs"), whole(latency, inside, "p99Ms")));
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
        return rule.latency() == null ? json : json.put("latency", write(rule.latency()));
    }

    private static JsonObject write(Latency latency) {
        long median = latency.median().toMillis();
        return latency.median().equals(latency.p99())
                ? new JsonObject().put("ms", median)
                : new JsonObject()
                        .put("medianMs", median)
                        .put("p99Ms", latency.p99().toMillis());
    }

    private static void putUnlessNull(JsonObject json, String name, @Nullable Object value) {
        if (value != null) {
            json.put(name, value);
        }
    }

    private static void onlyKnown(JsonObject json, String path, Set<String> known) {
        for (String name : json.fieldNames()) {
            if (!known.contains(name)) {
                throw new FieldMistake(path + name + ": no such field here");
            }
        }
    }

    private static int whole(JsonObject json, String path, String name) {
        Number number = value(json, path, name, Number.class);
        if (number.doubleValue() != number.intValue()) {
            throw new FieldMistake(path + name + ": must be a whole number below 2147483648");
        }
        return number.intValue();
    }

    private static <T> T value(JsonObject json, String path, String name, Class<T> type) {
        Object value = json.getValue(name);
        if (!type.isInstance(value)) {
            String wanted =
                    type == Object.class ? "there" : type.getSimpleName().replace("Json", "");
            throw new FieldMistake(path + name + ": must be " + wanted.toLowerCase(Locale.ROOT)
                    + (value == null ? ", is missing" : ""));
        }
        return type.cast(value);
    }

    /** What the records find wrong begins with their name of the field: this makes it the JSON's, with the way to it. */
    private static <T> T at(String path, Supplier<T> made) {
        try {
            return made.get();
        } catch (FieldMistake known) {
            throw known;
        } catch (IllegalArgumentException wrong) {
            String message = String.valueOf(wrong.getMessage());
            String field = message.substring(0, Math.max(0, message.indexOf(':')));
            throw new FieldMistake(path + NAMES.getOrDefault(field, field) + message.substring(field.length()));
        }
    }

    /** A mistake that is told with the whole way to its field. */
    private static final class FieldMistake extends IllegalArgumentException {
        FieldMistake(String message) {
            super(message);
        }
    }
}
