package dev.petrel.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The files of k8s/monitoring, and the docs. */
final class Monitoring {
    static final Path RULES = Path.of("k8s/monitoring/petrel-rules.yaml");
    static final Path DASHBOARD = Path.of("k8s/monitoring/petrel-dashboard.json");
    static final Path OPERATIONS = Path.of("docs/operations.md");

    private Monitoring() {}

    /** Every rule, as it stands there. */
    @SuppressWarnings("unchecked")
    static List<Map<String, Object>> rules() throws IOException {
        Map<String, Object> file = new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(RULES));
        Map<String, Object> spec = (Map<String, Object>) file.get("spec");
        return ((List<Map<String, Object>>) spec.get("groups"))
                .stream()
                        .flatMap(group -> ((List<Map<String, Object>>) group.get("rules")).stream())
                        .toList();
    }

    static List<Map<String, Object>> alerts() throws IOException {
        return rules().stream().filter(rule -> rule.containsKey("alert")).toList();
    }

    static JsonNode dashboard() throws IOException {
        return new ObjectMapper().readTree(Files.readString(DASHBOARD));
    }

    /** What the panels ask. */
    static List<String> questions() throws IOException {
        List<String> questions = new ArrayList<>();
        for (JsonNode panel : dashboard().path("panels")) {
            panel.path("targets")
                    .forEach(target -> questions.add(target.path("expr").asText()));
        }
        return questions;
    }

    static List<Path> docs() throws IOException {
        try (Stream<Path> docs = Files.walk(Path.of("docs"))) {
            return Stream.concat(
                            Stream.of(Path.of("README.md")),
                            docs.filter(path -> path.toString().endsWith(".md")))
                    .toList();
        }
    }
}
