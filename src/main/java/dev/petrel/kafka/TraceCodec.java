package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.petrel.trace.TracedEvent;
import dev.petrel.trace.TracedEvent.Advised;
import dev.petrel.trace.TracedEvent.Attempt;
import dev.petrel.trace.TracedEvent.Cause;
import dev.petrel.trace.TracedEvent.Passed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Reads a status event for people: its whole value, whatever version wrote it. Safe for any thread. */
final class TraceCodec {
    private static final JsonMapper JSON = new JsonMapper();

    private TraceCodec() {}

    /** Null where the record is no status event. */
    static @Nullable TracedEvent read(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value();
        return value == null ? null : read(record.partition(), record.timestamp(), value);
    }

    static @Nullable TracedEvent read(int partition, long timestamp, byte[] value) {
        String text = new String(value, UTF_8);
        JsonNode event;
        try {
            event = JSON.readTree(text);
        } catch (JacksonException foreign) {
            return null;
        }
        String status = text(event, "status");
        if (status == null) {
            return null;
        }
        Instant at = instant(event, "at");
        JsonNode recipient = event.path("recipient");
        return new TracedEvent(
                partition,
                status,
                event.path("final").asBoolean(),
                at == null ? Instant.ofEpochMilli(timestamp) : at,
                attempt(event.path("attempt")),
                text(event, "receipt"),
                cause(event.path("reason")),
                skipped(event.path("skipped")),
                advice(event.path("advice")),
                instant(event, "expiresAt"),
                text(recipient, "masked"),
                text(recipient, "country"),
                event.path("elapsedMs").asLong(),
                event.path("late").asBoolean(),
                text(event, "tenant"),
                text(event, "purpose"),
                source(event.path("source")),
                event.toString());
    }

    private static @Nullable Attempt attempt(JsonNode attempt) {
        String provider = text(attempt, "provider");
        return provider == null
                ? null
                : new Attempt(
                        attempt.path("number").asInt(),
                        attempt.path("round").asInt(),
                        provider,
                        text(attempt, "result"),
                        attempt.path("sent").asBoolean(true),
                        attempt.path("durationMs").asLong());
    }

    private static @Nullable Cause cause(JsonNode reason) {
        String reasonClass = text(reason, "class");
        return reasonClass == null ? null : new Cause(reasonClass, text(reason, "code"), text(reason, "detail"));
    }

    private static List<Passed> skipped(JsonNode skipped) {
        List<Passed> passed = new ArrayList<>();
        for (JsonNode skip : skipped) {
            passed.add(new Passed(
                    skip.path("provider").asText(), skip.path("reason").asText()));
        }
        return passed;
    }

    private static @Nullable Advised advice(JsonNode advice) {
        String next = text(advice, "next");
        JsonNode after = advice.path("afterSeconds");
        return next == null
                ? null
                : new Advised(
                        next,
                        after.isNumber() ? after.asLong() : null,
                        advice.path("chargeUser").asBoolean());
    }

    private static @Nullable String source(JsonNode source) {
        String topic = text(source, "topic");
        return topic == null
                ? null
                : topic + " " + source.path("partition").asInt() + ":"
                        + source.path("offset").asLong();
    }

    private static @Nullable Instant instant(JsonNode event, String name) {
        String text = text(event, name);
        return text == null ? null : Timestamps.parse(text);
    }

    private static @Nullable String text(JsonNode node, String name) {
        JsonNode value = node.path(name);
        return value.isTextual() ? value.asText() : null;
    }
}
