package dev.petrel.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.petrel.testing.Manifests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whether each library may be shipped with a project under Apache-2.0, by the list that {@code mvn package} makes of them.
 * Where one has several licences, we choose; the others must be known all the same.
 */
class LicencesIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path LIST = Path.of("target/bom.json");

    /** Ask for a notice at the most, or (EPL) for the sources of the library itself, which are where it came from. */
    private static final Set<String> SHIPPED = Set.of(
            "Apache-2.0",
            "MIT",
            "MIT-0",
            "BSD-2-Clause",
            "BSD-3-Clause",
            "CC0-1.0",
            "EPL-1.0",
            "EPL-2.0",
            "Public Domain");

    /** Not chosen: good only beside one of those. */
    private static final Set<String> BESIDE = Set.of("LGPL-2.1-only", "GPL-2.0-with-classpath-exception");

    @Test
    void everyLibraryMayBeShipped() throws IOException {
        JsonNode list = JSON.readTree(LIST.toFile());
        assertThat(list.path("components")).hasSizeGreaterThan(100);
        assertThat(faults(list)).isEmpty();
    }

    @Test
    void theListIsOfAllThatIsShipped() throws IOException {
        List<String> listed = Manifests.each(JSON.readTree(LIST.toFile()).path("components"))
                .map(library -> library.path("name").asText() + "-"
                        + library.path("version").asText() + ".jar")
                .toList();
        try (Stream<Path> jars = Files.list(Path.of("target/lib"))) {
            assertThat(jars.map(jar -> jar.getFileName().toString()))
                    .as("target/lib, where only mvn clean removes what is not wanted any more")
                    .containsExactlyInAnyOrderElementsOf(listed);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "AGPL-3.0-only, false",
        "GPL-2.0-only, false",
        "GPL-2.0-with-classpath-exception, false",
        "LGPL-2.1-only, false",
        "EPL-2.0 LGPL-2.1-only, true",
        "MIT AGPL-3.0-only, false",
        "Some words, false",
        "'', false",
        "Apache-2.0, true"
    })
    void itFailsWhereOneMayNotOrNobodyKnows(String licences, boolean good) {
        ObjectNode library = JSON.createObjectNode().put("name", "a").put("version", "1");
        ArrayNode all = library.putArray("licenses");
        Stream.of(licences.split(" "))
                .filter(licence -> !licence.isEmpty())
                .forEach(licence -> all.addObject().putObject("license").put("id", licence));
        ObjectNode list = JSON.createObjectNode();
        list.putArray("components").add(library);

        assertThat(faults(list).isEmpty()).isEqualTo(good);
    }

    private static List<String> faults(JsonNode list) {
        List<String> faults = new ArrayList<>();
        for (JsonNode library : list.path("components")) {
            List<String> licences = Manifests.each(library.path("licenses"))
                    .map(LicencesIT::name)
                    .toList();
            boolean known = licences.stream().allMatch(name -> SHIPPED.contains(name) || BESIDE.contains(name));
            if (!known || licences.stream().noneMatch(SHIPPED::contains)) {
                faults.add(library.path("name").asText() + " "
                        + library.path("version").asText() + ": " + licences);
            }
        }
        return faults;
    }

    /** By its SPDX name, or else as the library writes it. */
    private static String name(JsonNode entry) {
        JsonNode licence = entry.path("license");
        return Stream.of(licence.path("id"), licence.path("name"), entry.path("expression"))
                .map(JsonNode::asText)
                .filter(name -> !name.isEmpty())
                .findFirst()
                .orElse("none");
    }
}
