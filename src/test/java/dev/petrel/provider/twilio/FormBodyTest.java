package dev.petrel.provider.twilio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.twilio.http.HttpMethod;
import com.twilio.http.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormBodyTest {
    private static final StringBuilder EVERY = new StringBuilder();

    static {
        for (char each = 0; each < 0x300; each++) {
            EVERY.append(each);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "000000 is your code.", "+14155550132", "a=b&c %2B~*._-/?#\n@", "ÄÖ€ Ω 漢字 😀 𐍈"})
    void isWhatTheSdkWouldWrite(String value) {
        sameAsTheSdk(value);
        sameAsTheSdk(value.repeat(400));
    }

    @Test
    void isWhatTheSdkWouldWriteForEveryCharacter() {
        sameAsTheSdk(EVERY.toString());
    }

    private static void sameAsTheSdk(String value) {
        Request request = new Request(HttpMethod.POST, "https://example.com/");
        request.addPostParam("Body", value);
        request.addPostParam("To", "+14155550132");
        request.addPostParam("To", value);
        assertThat(FormBody.of(request.getPostParams()).toString(UTF_8)).isEqualTo(request.encodeFormBody());
    }
}
