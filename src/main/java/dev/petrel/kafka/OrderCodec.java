package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.petrel.control.InvalidOrder;
import dev.petrel.control.Order;
import dev.petrel.control.Warrant;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The values of the control topic.
 *
 * <p>Fields that are not known are ignored, but {@code version} is not: who writes what older instances would
 * misunderstand raises it, and they pass it over.
 */
final class OrderCodec {
    /** What an order of this version's fields may be longer by is nothing that we write. */
    static final int LONGEST = 16 << 10;

    private static final int VERSION = 1;
    /** An order that begins later than this after its record was written would outlive the longest one. */
    private static final Duration CLOCKS = Duration.ofHours(1);

    private static final ObjectMapper JSON = new ObjectMapper();

    private OrderCodec() {}

    static byte[] encode(Order order) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeNumberField("version", VERSION);
            out.writeStringField("kind", order.kind().wire());
            write(order, out);
            Warrant warrant = order.warrant();
            out.writeStringField("author", warrant.author());
            out.writeStringField("reason", warrant.reason());
            out.writeStringField("begin", time(warrant.begin()));
            out.writeStringField("end", time(warrant.end()));
            Warrant.Lifting lifted = warrant.lifted();
            if (lifted != null) {
                out.writeObjectFieldStart("lifted");
                out.writeStringField("author", lifted.author());
                out.writeStringField("reason", lifted.reason());
                out.writeStringField("at", time(lifted.at()));
                out.writeEndObject();
            }
            out.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void write(Order order, JsonGenerator out) throws IOException {
        if (order instanceof Order.Drain drain) {
            out.writeStringField("provider", drain.provider());
            if (drain.country() != null) {
                out.writeStringField("country", drain.country());
            }
        } else if (order instanceof Order.HoldBreaker held) {
            out.writeStringField("provider", held.provider());
            out.writeStringField("hold", held.hold().wire());
        } else if (order instanceof Order.Weights weights) {
            out.writeStringField("route", weights.route());
            out.writeObjectFieldStart("weights");
            for (Map.Entry<String, Integer> weight : weights.weights().entrySet()) {
                out.writeNumberField(weight.getKey(), weight.getValue());
            }
            out.writeEndObject();
        } else if (order instanceof Order.StopCountry stop) {
            out.writeStringField("country", stop.country());
        } else if (order instanceof Order.StopTenant stop) {
            out.writeStringField("tenant", stop.tenant());
        }
    }

    /**
     * Empty where it is no order that this version understands.
     *
     * @param key of the record; it must be the order's own
     * @param written when the record was
     */
    static Optional<Order> decode(byte @Nullable [] key, byte[] value, Instant written) {
        if (key == null || value.length > LONGEST) {
            return Optional.empty();
        }
        try {
            JsonNode json = JSON.readTree(new String(value, UTF_8));
            if (json.path("version").asInt() != VERSION) {
                return Optional.empty();
            }
            Warrant warrant = warrant(json);
            Order order = order(json, warrant);
            boolean itsOwn = order.key().equals(new String(key, UTF_8));
            return itsOwn && !warrant.begin().isAfter(written.plus(CLOCKS)) ? Optional.of(order) : Optional.empty();
        } catch (JsonProcessingException | InvalidOrder foreign) {
            return Optional.empty();
        }
    }

    private static Order order(JsonNode json, Warrant warrant) {
        String kind = text(json, "kind");
        for (Order.Kind known : Order.Kind.values()) {
            if (known.wire().equals(kind)) {
                return switch (known) {
                    case DRAIN ->
                        new Order.Drain(
                                text(json, "provider"),
                                json.path("country").isMissingNode() ? null : text(json, "country"),
                                warrant);
                    case BREAKER -> new Order.HoldBreaker(text(json, "provider"), hold(json), warrant);
                    case WEIGHTS -> new Order.Weights(text(json, "route"), weights(json.path("weights")), warrant);
                    case STOP_COUNTRY -> new Order.StopCountry(text(json, "country"), warrant);
                    case STOP_TENANT -> new Order.StopTenant(text(json, "tenant"), warrant);
                };
            }
        }
        throw new InvalidOrder("kind", "one that is known");
    }

    private static Order.Hold hold(JsonNode json) {
        String wire = text(json, "hold");
        for (Order.Hold hold : Order.Hold.values()) {
            if (hold.wire().equals(wire)) {
                return hold;
            }
        }
        throw new InvalidOrder("hold", "open or closed");
    }

    private static Map<String, Integer> weights(JsonNode json) {
        Map<String, Integer> weights = new HashMap<>();
        json.properties().forEach(weight -> {
            if (!weight.getValue().canConvertToInt() || !weight.getValue().isIntegralNumber()) {
                throw new InvalidOrder("weights", "whole numbers");
            }
            weights.put(weight.getKey(), weight.getValue().intValue());
        });
        return weights;
    }

    private static Warrant warrant(JsonNode json) {
        JsonNode lifted = json.path("lifted");
        return new Warrant(
                text(json, "author"),
                text(json, "reason"),
                instant(json, "begin"),
                instant(json, "end"),
                lifted.isObject()
                        ? new Warrant.Lifting(text(lifted, "author"), text(lifted, "reason"), instant(lifted, "at"))
                        : null);
    }

    private static String text(JsonNode json, String field) {
        JsonNode value = json.path(field);
        if (!value.isTextual()) {
            throw new InvalidOrder(field, "a text");
        }
        return value.textValue();
    }

    private static Instant instant(JsonNode json, String field) {
        Instant instant = Timestamps.parse(text(json, field));
        if (instant == null) {
            throw new InvalidOrder(field, "a time");
        }
        return instant;
    }

    private static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
