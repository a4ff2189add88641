package dev.petrel.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.petrel.testing.Manifests;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class SimulatorManifestTest {
    @Test
    void isReachedWhereThePlayedProvidersAreSaidToBe() throws IOException {
        JsonNode container = Manifests.one("overlays/dev/simulator.yaml", "Deployment", "simulator")
                .at("/spec/template/spec/containers/0");
        JsonNode ports = Manifests.one("overlays/dev/simulator.yaml", "Service", "simulator")
                .at("/spec/ports");
        SimulatorSettings settings =
                Arguments.read(Manifests.texts(container.path("args")).toArray(new String[0]));

        assertThat(settings.host()).isEqualTo("0.0.0.0");
        String petrel = Files.readString(Manifests.FOLDER.resolve("overlays/dev/petrel.yaml"));
        for (SimulatorSettings.Provider provider : settings.providers()) {
            assertThat(petrel).contains(provider.name() + ":").contains("http://simulator:" + provider.port() + "\n");
            assertThat(Manifests.each(ports).map(port -> port.path("port").asInt()))
                    .contains(provider.port());
        }
        assertThat(Manifests.each(container.path("ports"))
                        .map(port -> port.path("containerPort").asInt()))
                .contains(settings.controlPort())
                .containsExactlyElementsOf(Manifests.each(ports)
                        .map(port -> port.path("port").asInt())
                        .toList());
    }
}
