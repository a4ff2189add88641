package dev.petrel.guarantees;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A status event as it stands on the status topic. */
public record Told(String requestId, int partition, long offset, Instant recordedAt, String value, JsonNode event) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Nothing for the marks of owners, which readers skip. */
    public static Optional<Told> of(ConsumerRecord<byte[], byte[]> status) {
        if (status.value() == null) {
            return Optional.empty();
        }
        String value = new String(status.value(), java.nio.charset.StandardCharsets.UTF_8);
        try {
            JsonNode event = JSON.readTree(value);
            return Optional.of(new Told(
                    event.path("requestId").asText(),
                    status.partition(),
                    status.offset(),
                    Instant.ofEpochMilli(status.timestamp()),
                    value,
                    event));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    public String status() {
        return event.path("status").asText();
    }

    public boolean isFinal() {
        return event.path("final").asBoolean();
    }

    public boolean isAttempt() {
        return event.path("attempt").isObject();
    }

    public String provider() {
        return event.path("attempt").path("provider").asText();
    }

    public String result() {
        return event.path("attempt").path("result").asText();
    }

    /** Whether the request of this attempt may have reached the provider. */
    public boolean sent() {
        return event.path("attempt").path("sent").asBoolean();
    }

    public String reasonClass() {
        return event.path("reason").path("class").asText();
    }
}
