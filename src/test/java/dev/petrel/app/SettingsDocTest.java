package dev.petrel.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.petrel.config.InvalidSettings;
import dev.petrel.provider.ErrorTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds docs/settings.md to the code: keys, defaults and ranges. */
class SettingsDocTest {
    private static final Path DOC = Path.of("docs/settings.md");
    private static final Pattern DEFAULT = Pattern.compile("`([^`]+)`");
    private static final Pattern RANGE = Pattern.compile("([0-9]+[a-zA-Z]* to ([0-9]+[a-zA-Z]*))(,.*)?");

    private record Row(String key, String byDefault, String range) {}

    @Test
    void theTablesHaveEveryKeyAndNoOther() throws IOException {
        assertThat(rows().stream().map(row -> "petrel." + row.key()).toList())
                .doesNotHaveDuplicates()
                .containsExactlyInAnyOrderElementsOf(shapes(
                        withOtherPlacesOfSecrets(SettingsTest.file("full").keySet())));
    }

    @Test
    void theDefaultsAreTheOnesOfTheCode() throws IOException {
        int checked = 0;
        Settings settings = SettingsLoader.load(SettingsTest.file("minimal"), Map.of(), "host-1");
        for (Row row : rows()) {
            Matcher byDefault = DEFAULT.matcher(row.byDefault());
            if (byDefault.matches()
                    && !row.key().startsWith("routes")
                    && !row.key().endsWith("base-url")) {
                Map<String, String> file = SettingsTest.file("minimal");
                file.put("petrel." + row.key().replace("<id>", "sns-eu"), byDefault.group(1));
                assertThat(SettingsLoader.load(file, Map.of(), "host-1"))
                        .as(row.key())
                        .isEqualTo(settings);
                checked++;
            }
        }
        assertThat(checked).isGreaterThan(30);
    }

    @Test
    void theRangesAreTheOnesOfTheCode() throws IOException {
        int checked = 0;
        for (Row row : rows()) {
            Matcher range = RANGE.matcher(row.range());
            if (range.matches() && !row.key().startsWith("routes")) {
                Map<String, String> file = SettingsTest.file("minimal");
                String key = "petrel." + row.key().replace("<id>", "sns-eu");
                String most = range.group(2);
                file.put(key, most.replaceAll("[0-9]+", "99999999").replace("GiB", "MiB"));
                InvalidSettings thrown = catchThrowableOfType(
                        InvalidSettings.class, () -> SettingsLoader.load(file, Map.of(), "host-1"));
                assertThat(thrown).as(row.key()).isNotNull();
                assertThat(thrown.mistakes())
                        .as(row.key())
                        .anyMatch(mistake ->
                                mistake.startsWith(key + ": ") && mistake.endsWith("must be " + range.group(1)));
                checked++;
            }
        }
        assertThat(checked).isGreaterThan(20);
    }

    @Test
    void theClassesOfErrorCodesAreTheOnesOfTheCode() throws IOException {
        assertThat(Files.readString(DOC)).contains("for `error-codes`: " + ErrorTable.answers() + ".");
    }

    /** Keys as the tables write them: ids, places in lists and free names replaced. */
    static Set<String> shapes(Collection<String> keys) {
        return keys.stream()
                .map(key -> key.replaceAll("^petrel\\.providers\\.[^.]+", "petrel.providers.<id>")
                        .replaceAll("^petrel\\.tenants\\.[^.]+", "petrel.tenants.<tenant>")
                        .replaceAll("^(petrel\\.kafka\\.properties|.*\\.error-codes)\\..*", "$1.*")
                        .replaceAll("\\[[0-9]+](?=\\.)", "[]")
                        .replaceAll("\\[[0-9]+]$", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What stands in place of a key that the file has. */
    private static Set<String> withOtherPlacesOfSecrets(Set<String> keys) {
        Set<String> all = new TreeSet<>(keys);
        all.add("petrel.receipts.keys-file");
        all.add("petrel.management.tokens-file");
        all.add("petrel.web.tokens-file");
        return all;
    }

    private static List<Row> rows() throws IOException {
        return Files.readString(DOC)
                .lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> Arrays.stream(line.split("\\|")).map(String::strip).toList())
                .map(cells -> new Row(cells.get(1).replace("`", ""), cells.get(2), cells.get(3)))
                .toList();
    }
}
