package dev.petrel.kafka;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.petrel.console.InstanceLine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The values of the topic of instances. Fields that are not known are ignored. */
final class InstanceCodec {
    private static final ObjectMapper JSON = new ObjectMapper();

    private InstanceCodec() {}

    static byte[] encode(InstanceLine line) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            out.writeStartObject();
            out.writeNumberField("version", 1);
            out.writeStringField("instance", line.instance());
            out.writeStringField("at", line.at().toString());
            out.writeBooleanField("ready", line.ready());
            out.writeArrayFieldStart("partitions");
            for (int partition : line.partitions()) {
                out.writeNumber(partition);
            }
            out.writeEndArray();
            out.writeNumberField("leaseAgeMs", line.leaseAge().toMillis());
            out.writeNumberField("inFlight", line.inFlight());
            out.writeNumberField("held", line.held());
            out.writeNumberField("waiting", line.waiting());
            out.writeNumberField("lag", line.lag());
            out.writeObjectFieldStart("providers");
            for (Entry<String, InstanceLine.Provider> entry : new TreeMap<>(line.providers()).entrySet()) {
                InstanceLine.Provider provider = entry.getValue();
                out.writeObjectFieldStart(entry.getKey());
                out.writeStringField("breaker", provider.breaker());
                writeInstant("since", provider.since(), out);
                out.writeNumberField("failureRate", provider.failureRate());
                out.writeStringField("shut", provider.shut());
                writeInstant("restingUntil", provider.restingUntil(), out);
                out.writeNumberField("inFlight", provider.inFlight());
                out.writeEndObject();
            }
            out.writeEndObject();
            out.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    /** Null where it is no such line. */
    static @Nullable InstanceLine decode(byte @Nullable [] value) {
        if (value == null) {
            return null;
        }
        try {
            JsonNode node = JSON.readTree(value);
            String instance = node.path("instance").asText();
            if (!node.isObject() || instance.isEmpty()) {
                return null;
            }
            List<Integer> partitions = new ArrayList<>();
            node.path("partitions").forEach(partition -> partitions.add(partition.asInt()));
            Map<String, InstanceLine.Provider> providers = new LinkedHashMap<>();
            node.path("providers").fields().forEachRemaining(field -> {
                JsonNode of = field.getValue();
                JsonNode shut = of.path("shut");
                providers.put(
                        field.getKey(),
                        new InstanceLine.Provider(
                                of.path("breaker").asText(),
                                instant(of.path("since")),
                                of.path("failureRate").asInt(),
                                shut.isTextual() ? shut.asText() : null,
                                instant(of.path("restingUntil")),
                                of.path("inFlight").asInt()));
            });
            return new InstanceLine(
                    instance,
                    Instant.parse(node.path("at").asText()),
                    node.path("ready").asBoolean(),
                    partitions,
                    Duration.ofMillis(node.path("leaseAgeMs").asLong()),
                    node.path("inFlight").asInt(),
                    node.path("held").asInt(),
                    node.path("waiting").asInt(),
                    node.path("lag").asLong(),
                    providers);
        } catch (IOException | DateTimeException foreign) {
            return null;
        }
    }

    private static void writeInstant(String name, @Nullable Instant instant, JsonGenerator out) throws IOException {
        out.writeStringField(name, instant == null ? null : instant.toString());
    }

    private static @Nullable Instant instant(JsonNode node) {
        return node.isTextual() ? Instant.parse(node.asText()) : null;
    }
}
