package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.message.NumberPlan;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaskedJsonTest {
    private static final NumberPlan NUMBERS = new NumberPlan();

    @Test
    void showsTheStructureAndNoText() {
        assertThat(lines("""
                {"requestId": "r-1", "to": "+12025550123", "text": "000000 is your code", "lifetimeSeconds": 0,
                 "code": 123456, "providers": ["a", null], "old": true, "to": 12025550123}"""))
                .containsExactly(
                        "  {",
                        "    requestId: (a text of 3 characters)",
                        "    to: +1•••••••23 (US)",
                        "    text: (a text of 19 characters)",
                        "    lifetimeSeconds: 0",
                        "    code: (a number of 6 characters)",
                        "    providers: [",
                        "      (a text of 1 character)",
                        "      null",
                        "    ]",
                        "    old: true",
                        "    to: (a number of 11 characters, no possible number with +)",
                        "  }");
    }

    @Test
    void aNameThatMayBeAValueIsMaskedToo() {
        assertThat(lines("{\"+12025550123\": \"000000\", \"your code\": 1}"))
                .containsExactly(
                        "  {",
                        "    (a name of 12 characters): (a text of 6 characters)",
                        "    (a name of 9 characters): 1",
                        "  }");
    }

    @Test
    void aNumberThatIsNoneIsToldByItsLength() {
        assertThat(lines("{\"to\": \"+1202\"}"))
                .contains("    to: (a text of 5 characters, no possible number with +)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"to\": \"+12025550123", "{} {}", "hello", "{\"a\": 01}"})
    void saysNothingOfWhatIsNoJson(String value) {
        assertThat(lines(value)).isEmpty();
    }

    @Test
    void isNeverLong() {
        assertThat(lines("[" + "1,".repeat(10_000) + "1]")).hasSize(201).last().isEqualTo("  … and 9803 lines more");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        1f8b0800000000000000      | gzip
        efbbbf7b7d                | byte order mark
        fffe7b00                  | UTF-16
        000000002a06722d78        | schema registry
        aced000574                | serialized Java object
        7b22746f223a20222b313230  | JSON that is cut off or broken
        7b22ff227d                | JSON, in another encoding than UTF-8
        3c736d733e                | XML or HTML
        2b3132303235353530313233  | text
        2022                      | quoted text
        20                        | white space
        ff01                      | bytes of no known kind
        """)
    void ofWhatIsNoJsonOnlyItsKindIsTold(String hex, String kind) {
        byte[] value = java.util.HexFormat.of().parseHex(hex);
        assertThat(Beginning.of(value))
                .contains(kind)
                .contains("no JSON in UTF-8, " + value.length + " bytes")
                .doesNotContain("1202");
    }

    @Test
    void utf16WithoutAMarkIsNoJson() {
        assertThat(new MaskedJson(NUMBERS).lines("{\"to\": 1}".getBytes(UTF_16LE)))
                .isEmpty();
        assertThat(Beginning.of(new byte[0])).isEqualTo("empty");
    }

    private static List<String> lines(String value) {
        return new MaskedJson(NUMBERS).lines(value.getBytes(UTF_8));
    }
}
