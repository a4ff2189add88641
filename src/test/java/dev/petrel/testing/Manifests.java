package dev.petrel.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What stands in k8s, before kustomize puts it together. */
public final class Manifests {
    public static final Path FOLDER = Path.of("k8s");

    private static final ObjectMapper JSON = new ObjectMapper();

    private Manifests() {}

    /** Every document of a file. */
    public static List<JsonNode> read(Path file) throws IOException {
        List<JsonNode> documents = new ArrayList<>();
        new Yaml(new SafeConstructor(new LoaderOptions()))
                .loadAll(Files.readString(file))
                .forEach(document -> documents.add(JSON.valueToTree(document)));
        return documents;
    }

    /** The one of this kind and name in a file of k8s. */
    public static JsonNode one(String file, String kind, String name) throws IOException {
        List<JsonNode> found = read(FOLDER.resolve(file)).stream()
                .filter(document -> document.path("kind").asText().equals(kind)
                        && document.at("/metadata/name").asText().equals(name))
                .toList();
        if (found.size() != 1) {
            throw new IllegalStateException(file + " has " + found.size() + " of " + kind + " " + name);
        }
        return found.get(0);
    }

    /** Every document of k8s that is for a cluster, or for kustomize. */
    public static List<JsonNode> all() throws IOException {
        List<JsonNode> documents = new ArrayList<>();
        try (Stream<Path> files = Files.walk(FOLDER)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".yaml")).toList()) {
                read(file).stream()
                        .filter(document -> document.has("apiVersion"))
                        .forEach(documents::add);
            }
        }
        return documents;
    }

    public static Stream<JsonNode> each(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    public static List<String> texts(JsonNode list) {
        return each(list).map(JsonNode::asText).toList();
    }
}
