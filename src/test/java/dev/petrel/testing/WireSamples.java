package dev.petrel.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What goes over the wire, as files. A request is {@code request.good.WHAT}, {@code request.bad.FIELD.WHAT}, or {@code
 * request.beyond.FIELD.WHAT} where the rule that it breaks is beyond what a schema can express; a status is {@code
 * status.WHAT}.
 */
public final class WireSamples {
    public static final ObjectMapper JSON = new ObjectMapper();
    private static final Path FOLDER = Path.of("src/test/resources/wire");
    private static final SchemaRegistry REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private static final Schema REQUEST = schema("docs/send-request.schema.json");
    private static final Schema STATUS = schema("docs/status-event.schema.json");
    private static final Schema AVAILABILITY = schema("docs/availability.schema.json");

    private WireSamples() {}

    /** The names of the samples that begin so, without their ending. */
    public static List<String> names(String prefix) {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(prefix))
                    .map(name -> name.substring(0, name.length() - ".json".length()))
                    .sorted()
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    public static byte[] sample(String name) {
        try {
            return Files.readAllBytes(FOLDER.resolve(name + ".json"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** What the schema of requests says against it; empty where nothing. */
    public static List<String> faultsOfRequest(String json) {
        return faults(REQUEST, json);
    }

    /** What the schema of status events says against it; empty where nothing. */
    public static List<String> faultsOfStatus(String json) {
        return faults(STATUS, json);
    }

    /** What the schema of availability says against it; empty where nothing. */
    public static List<String> faultsOfAvailability(String json) {
        return faults(AVAILABILITY, json);
    }

    private static List<String> faults(Schema schema, String json) {
        return schema
                .validate(
                        json,
                        InputFormat.JSON,
                        context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)))
                .stream()
                .map(Object::toString)
                .toList();
    }

    private static Schema schema(String file) {
        try {
            return REGISTRY.getSchema(Files.readString(Path.of(file)), InputFormat.JSON);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
