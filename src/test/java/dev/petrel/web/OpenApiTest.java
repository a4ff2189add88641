package dev.petrel.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Holds openapi.yaml to the code and to the schemas of the topics; that the answers are as it says is for {@code .ci/http}. */
class OpenApiTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** The last two of a connection too many. */
    private static final Set<HttpAnswer> OF_EVERY_CALL = Set.of(
            HttpAnswer.TOO_SLOW,
            HttpAnswer.BROKEN,
            HttpAnswer.TOO_LARGE,
            HttpAnswer.METHOD,
            HttpAnswer.BUSY,
            HttpAnswer.UNAVAILABLE);

    private static final Map<Endpoint, Set<HttpAnswer>> ANSWERS = Map.of(
            Endpoint.SEND,
            Set.of(
                    HttpAnswer.ACCEPTED,
                    HttpAnswer.REPEATED,
                    HttpAnswer.INVALID,
                    HttpAnswer.UNAUTHORIZED,
                    HttpAnswer.FORBIDDEN,
                    HttpAnswer.CONFLICT,
                    HttpAnswer.CONTENT_TYPE,
                    HttpAnswer.OVER_RATE,
                    HttpAnswer.FAILED),
            Endpoint.TELL,
            Set.of(
                    HttpAnswer.TOLD,
                    HttpAnswer.INVALID,
                    HttpAnswer.UNAUTHORIZED,
                    HttpAnswer.NOT_FOUND,
                    HttpAnswer.FAILED),
            Endpoint.FOLLOW,
            Set.of(
                    HttpAnswer.STREAMED,
                    HttpAnswer.INVALID,
                    HttpAnswer.UNAUTHORIZED,
                    HttpAnswer.NOT_FOUND,
                    HttpAnswer.FAILED),
            Endpoint.AVAILABILITY,
            Set.of(HttpAnswer.TOLD, HttpAnswer.INVALID, HttpAnswer.UNAUTHORIZED, HttpAnswer.FAILED),
            Endpoint.DESCRIPTION,
            Set.of(HttpAnswer.TOLD));

    private final JsonNode description = description();

    @Test
    void describesEveryRouteAndNoOther() {
        Set<String> routes = new TreeSet<>();
        description
                .path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .fieldNames()
                        .forEachRemaining(method -> routes.add(method.toUpperCase() + " " + path.getKey())));

        assertThat(routes)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(Endpoint.values())
                        .map(endpoint -> endpoint.method() + " " + endpoint.path())
                        .toList());
    }

    @Test
    void describesEveryAnswerAndNoOther() {
        Map<String, Set<String>> described = new TreeMap<>();
        Map<String, Set<String>> given = new TreeMap<>();
        for (Endpoint endpoint : Endpoint.values()) {
            Set<String> statuses = new TreeSet<>();
            operation(endpoint).path("responses").fieldNames().forEachRemaining(statuses::add);
            described.put(endpoint.name(), statuses);
            Set<String> codes = new TreeSet<>();
            ANSWERS.get(endpoint).forEach(answer -> codes.add(Integer.toString(answer.status())));
            OF_EVERY_CALL.forEach(answer -> codes.add(Integer.toString(answer.status())));
            codes.remove("405"); // of methods that are not described
            if (endpoint == Endpoint.FOLLOW) {
                codes.add("204");
            }
            given.put(endpoint.name(), codes);
        }

        assertThat(described).isEqualTo(given);
        Set<HttpAnswer> all = new TreeSet<>(OF_EVERY_CALL);
        ANSWERS.values().forEach(all::addAll);
        assertThat(all).containsExactly(HttpAnswer.values());
    }

    @Test
    void everyCallButTheOneForItselfWantsAToken() {
        assertThat(description.path("security").toString()).isEqualTo("[{\"tenant\":[]}]");
        for (Endpoint endpoint : Endpoint.values()) {
            assertThat(operation(endpoint).has("security")).isEqualTo(endpoint == Endpoint.DESCRIPTION);
        }
    }

    @Test
    void theSchemasAreThoseOfTheTopics() throws IOException {
        assertThat(schema("SendRequest")).isEqualTo(ofTopic("send-request"));
        assertThat(schema("StatusEvent")).isEqualTo(ofTopic("status-event"));
        JsonNode availability = ofTopic("availability").path("properties");
        assertThat(fields(schema("Availability").path("properties")))
                .isEqualTo(without("handsetsReport", fields(availability)));
    }

    private JsonNode operation(Endpoint endpoint) {
        return description
                .path("paths")
                .path(endpoint.path())
                .path(endpoint.method().toLowerCase());
    }

    private JsonNode schema(String name) {
        return description.path("components").path("schemas").path(name);
    }

    private static JsonNode ofTopic(String name) throws IOException {
        ObjectNode schema = (ObjectNode)
                JSON.readTree(Path.of("docs/" + name + ".schema.json").toFile());
        return schema.without(List.of("$schema", "$id"));
    }

    private static Set<String> fields(JsonNode object) {
        Set<String> names = new TreeSet<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static Set<String> without(String name, Set<String> names) {
        names.remove(name);
        return names;
    }

    private static JsonNode description() {
        try (InputStream yaml = HttpIn.class.getResourceAsStream("openapi.yaml")) {
            Object read = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
            return JSON.readTree(JSON.writeValueAsString(read)); // so that numbers are of one kind
        } catch (IOException broken) {
            throw new java.io.UncheckedIOException(broken);
        }
    }
}
