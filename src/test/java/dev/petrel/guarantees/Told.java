package dev.petrel.guarantees;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A status event as it stands on the status topic.
 *
 * @param writer the header: instance, its start and its term
 */
public record Told(
        String requestId, int partition, long offset, Instant recordedAt, String writer, String value, JsonNode event) {
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
                    new String(status.headers().lastHeader("writer").value(), java.nio.charset.StandardCharsets.UTF_8),
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
        return event.path("attempt").has("result");
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

    /** Of the attempt, from 1. */
    public int number() {
        return event.path("attempt").path("number").asInt();
    }

    public int round() {
        return event.path("attempt").path("round").asInt();
    }

    /** {@code provider reason}, in the order of the event. */
    public List<String> skipped() {
        List<String> skipped = new ArrayList<>();
        event.path("skipped")
                .forEach(skip -> skipped.add(skip.path("provider").asText() + " "
                        + skip.path("reason").asText()));
        return skipped;
    }

    public boolean possiblySent() {
        return event.path("possiblySent").asBoolean();
    }

    /** {@code next}, with {@code after} its seconds and {@code charge} where it says so; empty where there is none. */
    public String advice() {
        JsonNode advice = event.path("advice");
        return (advice.path("next").asText()
                        + (advice.has("afterSeconds")
                                ? " after " + advice.path("afterSeconds").asInt()
                                : "")
                        + (advice.path("chargeUser").asBoolean() ? " charge" : ""))
                .strip();
    }

    public String reasonCode() {
        return event.path("reason").path("code").asText();
    }

    public String detail() {
        return event.path("reason").path("detail").asText();
    }

    public Instant at() {
        return Instant.parse(event.path("at").asText());
    }

    public String reasonClass() {
        return event.path("reason").path("class").asText();
    }
}
