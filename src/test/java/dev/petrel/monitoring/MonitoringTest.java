package dev.petrel.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.petrel.metrics.Alert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MonitoringTest {
    @Test
    void everyAlertSaysHowBadItIsWhatItMeansAndWhereToRead() throws IOException {
        String operations = Files.readString(Monitoring.OPERATIONS);
        for (Map<String, Object> alert : Monitoring.alerts()) {
            String name = (String) alert.get("alert");
            Map<?, ?> annotations = (Map<?, ?>) alert.get("annotations");
            assertThat(((Map<?, ?>) alert.get("labels")).get("severity"))
                    .as(name)
                    .isIn("critical", "warning");
            assertThat((String) annotations.get("summary")).as(name).isNotBlank();
            assertThat((String) annotations.get("runbook_url"))
                    .as(name)
                    .endsWith("docs/operations.md#" + name.toLowerCase(Locale.ROOT));
            assertThat(operations).as(name).containsPattern("(?m)^### " + name + "$");
            assertThat(operations).as(name).containsPattern("(?m)^\\| \\[" + name + "]");
        }
    }

    @Test
    void theDocsTellOfNoOtherAlerts() throws IOException {
        List<String> told = Pattern.compile("(?m)^### (Petrel\\w+)$")
                .matcher(Files.readString(Monitoring.OPERATIONS))
                .results()
                .map(heading -> heading.group(1))
                .toList();

        assertThat(told)
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(Monitoring.alerts().stream()
                        .map(alert -> (String) alert.get("alert"))
                        .toList());
    }

    @Test
    void eachAlertSectionHasTheSameFourLines() throws IOException {
        for (String section : Files.readString(Monitoring.OPERATIONS).split("(?m)^#{2,3} ")) {
            if (section.matches("(?s)Petrel\\w+\\n.*")) {
                assertThat(section).contains("\n- Means: ", "\n- Look at: ", "\n- Do: ", "\n- Don't: ");
            }
        }
    }

    @Test
    void whateverPetrelRaisesIsInARule() throws IOException {
        String rules = Files.readString(Monitoring.RULES);
        assertThat(Stream.of(Alert.values()).map(Alert::tag)).allMatch(rules::contains);
    }

    @Test
    void everyRuleIsTested() throws IOException {
        StringBuilder tests = new StringBuilder();
        try (Stream<Path> files = Files.list(Monitoring.RULES.resolveSibling("tests"))) {
            for (Path file : files.toList()) {
                tests.append(Files.readString(file));
            }
        }
        for (Map<String, Object> alert : Monitoring.alerts()) {
            String name = (String) alert.get("alert");
            assertThat(tests).as("silent").containsPattern("alertname: " + name + "\n +exp_alerts: \\[]");
            assertThat(tests).as("fires").containsPattern("alertname: " + name + "\n +exp_alerts:\n");
        }
    }

    @Test
    void theDashboardAsksTheSourceThatIsChosen() throws IOException {
        JsonNode dashboard = Monitoring.dashboard();
        assertThat(dashboard.at("/templating/list/0/type").asText()).isEqualTo("datasource");
        Set<Integer> ids = new HashSet<>();
        for (JsonNode panel : dashboard.path("panels")) {
            assertThat(ids.add(panel.path("id").asInt())).isTrue();
            panel.path("targets")
                    .forEach(target ->
                            assertThat(target.at("/datasource/uid").asText()).isEqualTo("${datasource}"));
        }
        assertThat(dashboard.path("panels").findParents("collapsed").stream()
                        .map(row -> row.path("title").asText()))
                .containsExactly("How codes fare", "Providers", "Countries", "Kafka and lag", "Process");
    }
}
