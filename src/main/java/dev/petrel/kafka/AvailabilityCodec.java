package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.petrel.availability.CountryState;
import dev.petrel.availability.CountryState.State;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The values of the availability topic. */
final class AvailabilityCodec {
    private static final ObjectMapper JSON = new ObjectMapper();

    private AvailabilityCodec() {}

    static byte[] encode(CountryState state) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeStringField("country", state.country());
            out.writeStringField("state", state.state().wire());
            out.writeStringField("since", time(state.since()));
            write("medianSeconds", state.medianSeconds(), out);
            write("p95Seconds", state.p95Seconds(), out);
            write("inHandShare", state.inHandShare(), out);
            out.writeNumberField("requests", state.requests());
            out.writeObjectFieldStart("advice");
            out.writeStringField("next", state.advice().next().wire());
            out.writeBooleanField("chargeUser", state.advice().chargeUser());
            out.writeEndObject();
            out.writeArrayFieldStart("handsetsReport");
            for (String provider : state.handsetsReport()) {
                out.writeString(provider);
            }
            out.writeEndArray();
            out.writeStringField("at", time(state.at()));
            out.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /** Null where it is nothing that we write. */
    static @Nullable CountryState decode(byte @Nullable [] value) {
        if (value == null) {
            return null;
        }
        try {
            JsonNode json = JSON.readTree(new String(value, UTF_8));
            Instant since = Timestamps.parse(json.path("since").asText());
            Instant at = Timestamps.parse(json.path("at").asText());
            State state = state(json.path("state").asText());
            if (since == null
                    || at == null
                    || state == null
                    || !json.path("country").isTextual()) {
                return null;
            }
            return new CountryState(
                    json.path("country").textValue(),
                    state,
                    since,
                    number(json.path("medianSeconds")),
                    number(json.path("p95Seconds")),
                    number(json.path("inHandShare")),
                    json.path("requests").asLong(),
                    state.advice(),
                    at,
                    texts(json.path("handsetsReport")));
        } catch (JsonProcessingException foreign) {
            return null;
        }
    }

    private static @Nullable State state(String wire) {
        for (State state : State.values()) {
            if (state.wire().equals(wire)) {
                return state;
            }
        }
        return null;
    }

    private static List<String> texts(JsonNode json) {
        List<String> texts = new ArrayList<>();
        json.forEach(each -> texts.add(each.asText()));
        return texts;
    }

    private static @Nullable Double number(JsonNode json) {
        return json.isNumber() ? json.doubleValue() : null;
    }

    private static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private static void write(String name, @Nullable Double value, JsonGenerator out) throws IOException {
        if (value == null) {
            out.writeNullField(name);
        } else {
            out.writeNumberField(name, value);
        }
    }
}
