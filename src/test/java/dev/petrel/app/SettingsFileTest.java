package dev.petrel.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsFileTest {

    @Test
    void flattensSectionsAndLists() {
        assertThat(parse("a: { b: 1, c: [x, { d: 2 }] }"))
                .containsExactlyInAnyOrderEntriesOf(Map.of("a.b", "1", "a.c[0]", "x", "a.c[1].d", "2"));
    }

    @Test
    void everyScalarIsTheTextThatWasWritten() {
        assertThat(parse("a: [NO, +15005550006, 0123, 1:30, 2026-11-24, 1e3, yes, '5', !!int 7]")
                        .values())
                .containsExactly("NO", "+15005550006", "0123", "1:30", "2026-11-24", "1e3", "yes", "5", "7");
    }

    @Test
    void nothingIsAnEmptyValue() {
        assertThat(parse("a:\nb: ~\nc: null\nd: []\ne: {}\nf: ''"))
                .containsExactlyInAnyOrderEntriesOf(Map.of("a", "", "b", "", "c", "", "d", "", "e", "", "f", ""));
    }

    @Test
    void sectionsMayShareKeys() {
        assertThat(parse("x: &common { timeout: 2s, more: 1 }\ny: { <<: *common, more: 2 }"))
                .containsEntry("y.timeout", "2s")
                .containsEntry("y.more", "2");
    }

    @Test
    void anEmptyFileHasNoKeys() {
        assertThat(parse("# nothing yet\n")).isEmpty();
    }

    private static Map<String, String> parse(String yaml) {
        return SettingsFile.parse(yaml, "petrel.yaml");
    }
}
