package dev.petrel.guarantees;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Holds what stands on a status topic against its schema, and headers and keys against the values. */
final class StatusContract {
    private static final String WRITER = "[A-Za-z0-9._-]+/[0-9a-z]+/[0-9]+";
    private static final Schema SCHEMA = schema();

    private StatusContract() {}

    private static Schema schema() {
        try {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(Files.readString(Path.of("docs/status-event.schema.json")));
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    static List<String> violations(Collection<ConsumerRecord<byte[], byte[]>> records) {
        List<String> violations = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            check(record)
                    .forEach(what -> violations.add(
                            "contract " + new String(record.key(), UTF_8) + " at " + record.offset() + ": " + what));
        }
        return violations;
    }

    private static List<String> check(ConsumerRecord<byte[], byte[]> record) {
        Map<String, String> headers = new TreeMap<>();
        List<String> violations = new ArrayList<>();
        for (Header header : record.headers()) {
            if (headers.put(header.key(), new String(header.value(), UTF_8)) != null) {
                violations.add("header " + header.key() + " stands there twice");
            }
        }
        String writer = headers.getOrDefault("writer", "");
        if (!writer.matches(WRITER)) {
            violations.add("writer is " + writer);
        }
        Told told = Told.of(record).orElse(null);
        Map<String, String> wanted = new TreeMap<>(Map.of("writer", writer));
        if (told == null) {
            if (!new String(record.key(), UTF_8).equals("_owner")) {
                violations.add("no value, and no mark of an owner");
            }
        } else {
            wanted.putAll(wanted(told));
            if (!new String(record.key(), UTF_8).equals(told.requestId())) {
                violations.add("the key is not the request id");
            }
            if (told.event().path("source").path("partition").asInt() != record.partition()) {
                violations.add("on another partition than its request");
            }
            SCHEMA.validate(
                            told.value(),
                            InputFormat.JSON,
                            context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)))
                    .forEach(error -> violations.add(error.toString()));
        }
        if (told != null) {
            long requested =
                    told.at().toEpochMilli() - told.event().path("elapsedMs").asLong();
            String header = headers.remove("requested");
            // both are cut to the millisecond
            if (header == null || Math.abs(Long.parseLong(header) - requested) > 1) {
                violations.add("requested is " + header + ", and not " + requested);
            }
        }
        if (!headers.equals(wanted)) {
            violations.add("headers are " + headers + ", and not " + wanted);
        }
        return violations;
    }

    /** All but the writer's. */
    private static Map<String, String> wanted(Told told) {
        Map<String, String> wanted = new TreeMap<>();
        wanted.put("status", told.status());
        wanted.put("final", Boolean.toString(told.isFinal()));
        wanted.put(
                "source",
                told.partition() + ":"
                        + told.event().path("source").path("offset").asLong());
        if (told.event().path("recipient").isObject()) {
            wanted.put("country", told.event().path("recipient").path("country").asText());
        }
        if (told.event().path("attempt").isObject()) {
            wanted.put("attempt-id", told.event().path("attempt").path("id").asText());
        }
        if (told.event().has("receipt")) {
            wanted.put(
                    "receipt",
                    told.number() + "/" + told.round() + "/" + told.provider() + "/"
                            + told.event().path("receipt").asText());
        }
        if (told.isAttempt()) {
            wanted.put("attempt", told.number() + "/" + told.round() + "/" + told.provider() + "/" + told.result());
        }
        if (told.event().path("reason").isObject()) {
            wanted.put("reason", told.reasonClass());
        }
        return wanted;
    }
}
