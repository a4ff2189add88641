package dev.petrel.web;

import dev.petrel.control.InvalidOrder;
import dev.petrel.control.Order;
import dev.petrel.control.Warrant;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An order as operators write it. A field that is not known is a mistake here: {@code contry} must not drain a provider
 * everywhere.
 */
record OrderForm(Order order, boolean confirmed) {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,5})([mhd])");
    private static final Pattern FIELD = Pattern.compile("[A-Za-z]{1,20}");
    private static final List<String> COMMON = List.of("kind", "author", "reason", "for", "end", "confirm");

    /** @throws InvalidOrder that names the field which is wrong */
    static OrderForm read(Buffer body, Instant now) {
        JsonObject json = json(body);
        Order.Kind kind = kind(json);
        Set<String> known = new LinkedHashSet<>(fields(kind));
        known.addAll(COMMON);
        refuseOthers(json, known);
        Warrant warrant = Warrant.of(text(json, "author"), text(json, "reason"), now, end(json, now));
        Order order = switch (kind) {
            case DRAIN ->
                new Order.Drain(
                        text(json, "provider"), json.containsKey("country") ? text(json, "country") : null, warrant);
            case BREAKER -> new Order.HoldBreaker(text(json, "provider"), hold(json), warrant);
            case WEIGHTS -> new Order.Weights(text(json, "route"), weights(json), warrant);
            case STOP_COUNTRY -> new Order.StopCountry(text(json, "country"), warrant);
            case STOP_TENANT -> new Order.StopTenant(text(json, "tenant"), warrant);
        };
        return new OrderForm(order, isConfirmed(json));
    }

    /** Who lifts an order, and whether it is to be done. */
    record Lifted(Warrant.Lifting lifting, boolean confirmed) {}

    /** @throws InvalidOrder that names the field which is wrong */
    static Lifted lifting(Buffer body, Instant now) {
        JsonObject json = json(body);
        refuseOthers(json, Set.of("author", "reason", "confirm"));
        return new Lifted(new Warrant.Lifting(text(json, "author"), text(json, "reason"), now), isConfirmed(json));
    }

    private static JsonObject json(Buffer body) {
        try {
            return new JsonObject(body);
        } catch (DecodeException | ClassCastException unreadable) {
            throw new InvalidOrder("body", "a JSON object");
        }
    }

    private static List<String> fields(Order.Kind kind) {
        return switch (kind) {
            case DRAIN -> List.of("provider", "country");
            case BREAKER -> List.of("provider", "hold");
            case WEIGHTS -> List.of("route", "weights");
            case STOP_COUNTRY -> List.of("country");
            case STOP_TENANT -> List.of("tenant");
        };
    }

    private static void refuseOthers(JsonObject json, Set<String> known) {
        for (String field : json.fieldNames()) {
            if (!known.contains(field)) {
                String shown = FIELD.matcher(field).matches() ? field : "a field";
                throw new InvalidOrder(shown, "left out: here are only " + String.join(", ", known));
            }
        }
    }

    private static Order.Kind kind(JsonObject json) {
        String wire = text(json, "kind");
        for (Order.Kind kind : Order.Kind.values()) {
            if (kind.wire().equals(wire)) {
                return kind;
            }
        }
        throw new InvalidOrder("kind", "drain, breaker, weights, stop-country or stop-tenant");
    }

    private static Order.Hold hold(JsonObject json) {
        String wire = text(json, "hold");
        for (Order.Hold hold : Order.Hold.values()) {
            if (hold.wire().equals(wire)) {
                return hold;
            }
        }
        throw new InvalidOrder("hold", "open or closed");
    }

    private static Map<String, Integer> weights(JsonObject json) {
        if (!(json.getValue("weights") instanceof JsonObject written)) {
            throw new InvalidOrder("weights", "an object with a number for each provider: { \"sns-eu\": 70 }");
        }
        Map<String, Integer> weights = new HashMap<>();
        for (Map.Entry<String, Object> weight : written) {
            if (!(weight.getValue() instanceof Integer number)) {
                throw new InvalidOrder("weights", "whole numbers from 0 to " + Order.HEAVIEST);
            }
            weights.put(weight.getKey(), number);
        }
        return weights;
    }

    private static Instant end(JsonObject json, Instant now) {
        boolean both = json.containsKey("for") && json.containsKey("end");
        if (both) {
            throw new InvalidOrder("end", "left out where for is there");
        }
        if (json.containsKey("end")) {
            return instant(text(json, "end"));
        }
        return now.plus(json.containsKey("for") ? duration(text(json, "for")) : Warrant.BY_DEFAULT);
    }

    private static Instant instant(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException unreadable) {
            throw new InvalidOrder("end", "a time such as 2026-11-24T05:00:00Z");
        }
    }

    private static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        Duration duration = Duration.ZERO;
        if (matcher.matches()) {
            long amount = Long.parseLong(matcher.group(1));
            duration = switch (matcher.group(2)) {
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
            };
        }
        if (duration.compareTo(Warrant.SHORTEST) < 0 || duration.compareTo(Warrant.LONGEST) > 0) {
            throw new InvalidOrder("for", "1m to 30d, such as 30m, 2h or 1d");
        }
        return duration;
    }

    private static boolean isConfirmed(JsonObject json) {
        Object confirm = json.getValue("confirm");
        if (confirm != null && !(confirm instanceof Boolean)) {
            throw notConfirmed();
        }
        return Boolean.TRUE.equals(confirm);
    }

    static InvalidOrder notConfirmed() {
        return new InvalidOrder("confirm", "true, or left out to see what would follow");
    }

    private static String text(JsonObject json, String field) {
        @Nullable Object value = json.getValue(field);
        if (value instanceof String text) {
            return text;
        }
        throw new InvalidOrder(field, "there, and a text");
    }
}
