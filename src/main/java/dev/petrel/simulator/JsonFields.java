package dev.petrel.simulator;

import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * A JSON object that came in, with the way to it, so that whatever is wrong is told with the whole way to its field.
 *
 * @param path empty, or with a dot at the end
 */
record JsonFields(JsonObject json, String path) {
    private static final Map<String, String> NAMES =
            Map.of("median", "medianMs", "p99", "p99Ms", "retryAfter", "retryAfterSeconds");

    boolean has(String name) {
        return json.containsKey(name);
    }

    <T> T value(String name, Class<T> type) {
        Object value = json.getValue(name);
        if (!type.isInstance(value)) {
            String wanted =
                    type == Object.class ? "there" : type.getSimpleName().replace("Json", "");
            throw mistake(name, "must be " + wanted.toLowerCase(Locale.ROOT) + (value == null ? ", is missing" : ""));
        }
        return type.cast(value);
    }

    int whole(String name) {
        Number number = value(name, Number.class);
        if (number.doubleValue() != number.intValue()) {
            throw mistake(name, "must be a whole number below 2147483648");
        }
        return number.intValue();
    }

    double number(String name) {
        return value(name, Number.class).doubleValue();
    }

    /** A code or a number that stands for one. */
    String word(String name) {
        return value(name, Object.class).toString();
    }

    JsonFields object(String name) {
        return new JsonFields(value(name, JsonObject.class), path + name + ".");
    }

    void onlyKnown(Set<String> known) {
        for (String name : json.fieldNames()) {
            if (!known.contains(name)) {
                throw mistake(name, "no such field here");
            }
        }
    }

    /** What the records find wrong begins with their name of the field: this makes it the JSON's, with the way to it. */
    <T> T made(Supplier<T> record) {
        try {
            return record.get();
        } catch (Mistake known) {
            throw known;
        } catch (IllegalArgumentException wrong) {
            String message = String.valueOf(wrong.getMessage());
            String field = message.substring(0, Math.max(0, message.indexOf(':')));
            throw new Mistake(path + NAMES.getOrDefault(field, field) + message.substring(field.length()));
        }
    }

    IllegalArgumentException mistake(String name, String what) {
        return new Mistake(path + name + ": " + what);
    }

    /** Told with the whole way to its field. */
    private static final class Mistake extends IllegalArgumentException {
        Mistake(String message) {
            super(message);
        }
    }
}
