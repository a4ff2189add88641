package dev.petrel.provider.twilio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.twilio.http.HttpMethod;
import com.twilio.http.Request;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormBodyTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"", "+14155550132", "a-b_c.d*e~f", "000000 ist dein Code, ü & € + % =", "\n\t\0", "😀", "\ud83d"
            })
    void writesWhatTheSdkWouldWrite(String value) {
        assertThatItWritesWhatTheSdkWouldWrite("Body", value);
    }

    @Test
    void writesEveryCharacterAsTheSdkDoes() {
        StringBuilder all = new StringBuilder();
        for (char each = 0; each < 0xffff; each++) {
            all.append(each);
        }
        assertThatItWritesWhatTheSdkWouldWrite("Body", all.toString());
        assertThatItWritesWhatTheSdkWouldWrite(all.substring(0, 1000), "");
    }

    /** Whatever room is left. */
    @Test
    void writesLongOnes() {
        Random random = new Random(1);
        for (int i = 0; i < 200; i++) {
            assertThatItWritesWhatTheSdkWouldWrite("x".repeat(random.nextInt(400)), "€".repeat(random.nextInt(400)));
        }
    }

    private static void assertThatItWritesWhatTheSdkWouldWrite(String name, String value) {
        Request request = new Request(HttpMethod.POST, "https://api.example");
        request.addPostParam("To", "+14155550132");
        request.addPostParam(name, value);
        request.addPostParam("From", "Acme");
        request.addPostParam("From", "twice");

        assertThat(FormBody.encode(request.getPostParams()).toString(UTF_8)).isEqualTo(request.encodeFormBody());
    }
}
