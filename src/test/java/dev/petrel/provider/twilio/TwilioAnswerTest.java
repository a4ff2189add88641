package dev.petrel.provider.twilio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TwilioAnswerTest {
    private static final String SID = "SM00000000000000000000000000000001";

    @Test
    void readsTheSidOfTheMessageAndNoOther() {
        assertThat(read("{\"a\": {\"sid\": \"SM00000000000000000000000000000009\"}, \"sid\": \"" + SID
                        + "\", \"b\": [{\"code\": 1}]}"))
                .isEqualTo(new TwilioAnswer(SID, null));
    }

    @Test
    void readsTheCodeAsANumberOrText() {
        assertThat(read("{\"code\": 21610, \"message\": \"…\"}").code()).isEqualTo("21610");
        assertThat(read("{\"code\": \"21610\"}").code()).isEqualTo("21610");
        assertThat(read("{\"code\": null}").code()).isNull();
        assertThat(read("{\"code\": [1]}").code()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "\"SM\"",
                "<html>",
                "{\"sid\": \"SM00000000000000000000000000000001\"",
                "{\"sid\": \"SM00000000000000000000000000000001\", \"x\": ",
                "{\"sid\": \"SM 1\"}",
                "{\"sid\": 7}",
                "{\"sid\": null}",
                "{}"
            })
    void findsNoSidInRubbish(String body) {
        assertThat(read(body).sid()).isNull();
    }

    private static TwilioAnswer read(String body) {
        return TwilioAnswer.read(body.getBytes(UTF_8));
    }
}
