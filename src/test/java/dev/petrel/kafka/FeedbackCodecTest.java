package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FeedbackCodecTest {
    private static final String GOOD = "{\"requestId\":\"r\",\"verified\":true}";

    private final FeedbackCodec codec = new FeedbackCodec();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"requestId\":\"r\",\"verified\":true,\"at\":\"2026-11-24T04:05:01.183Z\"}",
                "{\"requestId\":\"r\",\"verified\":true}",
                "{\"verified\":true,\"requestId\":\"r\"}",
                "{\"requestId\":\"r\",\"verified\":true,\"at\":7}",
                "{\"requestId\":\"r\",\"verified\":true,\"more\":{\"requestId\":\"s\",\"verified\":false}}",
                "{\"more\":[1,{\"verified\":false}],\"requestId\":\"r\",\"verified\":true}",
                " {\"requestId\" : \"\\u0072\", \"verified\" : true}\n",
            })
    void readsWhoWasVerified(String value) {
        assertThat(read(value)).isEqualTo("r");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "r",
                "null",
                "true",
                "[]",
                "{}",
                "[{\"requestId\":\"r\",\"verified\":true}]",
                "{\"requestId\":\"r\",\"verified\":true",
                "{\"requestId\":\"r\",\"verified\":true}{}",
                "{\"requestId\":\"r\",\"verified\":true}}",
                "{'requestId':'r','verified':true}",
                "\ufeff{\"requestId\":\"r\",\"verified\":true}",
                "{\"verified\":true}",
                "{\"requestId\":null,\"verified\":true}",
                "{\"requestId\":7,\"verified\":true}",
                "{\"requestId\":[\"r\"],\"verified\":true}",
                "{\"requestId\":{\"requestId\":\"r\"},\"verified\":true}",
                "{\"more\":{\"requestId\":\"r\",\"verified\":true}}",
                "{\"requestId\":\"r\"}",
                "{\"requestId\":\"r\",\"verified\":false}",
                "{\"requestId\":\"r\",\"verified\":null}",
                "{\"requestId\":\"r\",\"verified\":\"true\"}",
                "{\"requestId\":\"r\",\"verified\":1}",
                "{\"requestId\":\"r\",\"verified\":[true]}",
                "{\"requestId\":\"r\",\"requestId\":\"s\",\"verified\":true}",
                "{\"requestId\":\"r\",\"verified\":false,\"verified\":true}",
            })
    void passesOverWhatSaysNoSuchThing(String value) {
        assertThat(read(value)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "AZaz09._:-", "0123456789012345678901234567890123456789012345678901234567890123"})
    void takesTheIdsOfRequests(String id) {
        assertThat(read(withId(id))).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a b",
                "a/b",
                "a\\n",
                "+12025550123",
                "\u00e4",
                "\\u0000",
                "01234567890123456789012345678901234567890123456789012345678901234"
            })
    void takesNoOtherIds(String id) {
        assertThat(read(withId(id))).isNull();
    }

    @ParameterizedTest
    @MethodSource
    void takesNothingButUtf8(byte[] value) {
        assertThat(codec.verified(value)).isNull();
    }

    static Stream<byte[]> takesNothingButUtf8() {
        return Stream.of(
                GOOD.getBytes(UTF_16BE),
                "{\"requestId\":\"r\",\"verified\":true,\"more\":\"\u00e4\"}".getBytes(ISO_8859_1),
                new byte[] {0},
                new byte[] {(byte) 0xff, (byte) 0xfe});
    }

    @Test
    void takesFourKibibytesAndNoMore() {
        assertThat(read(GOOD + " ".repeat(4096 - GOOD.length()))).isEqualTo("r");
        assertThat(read(GOOD + " ".repeat(4097 - GOOD.length()))).isNull();
    }

    @Test
    void passesOverTombstonesAndWhatIsDeeplyNested() {
        assertThat(codec.verified(null)).isNull();
        assertThat(read("{\"more\":" + "[".repeat(1000) + "]".repeat(1000) + ",\"requestId\":\"r\",\"verified\":true}"))
                .isNull();
    }

    @Test
    void readsOnAfterWhatItCouldNotRead() {
        assertThat(codec.verified(new byte[] {'{', (byte) 0xc3})).isNull();
        assertThat(read(GOOD)).isEqualTo("r");
    }

    private static String withId(String id) {
        return "{\"requestId\":\"" + id + "\",\"verified\":true}";
    }

    private String read(String value) {
        return codec.verified(value.getBytes(UTF_8));
    }
}
