package dev.petrel.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormTest {

    @Test
    void readsWhatItsOppositeWrote() {
        String text = "a&b=c+d %41 ü € 😀\r\n";
        Form form = parse(Client.form("Body", text, "To", "+14155550132"));

        assertThat(form.get("Body")).isEqualTo(text);
        assertThat(form.get("To")).isEqualTo("+14155550132");
        assertThat(form.get("From")).isNull();
    }

    @ParameterizedTest
    @CsvSource({"a=%41, A", "a=%4, %4", "a=%zz, %zz", "a=%, %", "a=1+2, 1 2", "&&a=x&, x", "b&a=x, x", "a=x=y, x=y"})
    void takesWhateverComes(String body, String value) {
        assertThat(parse(body).get("a")).isEqualTo(value);
    }

    @Test
    void hasRoomForManyFields() {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            body.append('f').append(i).append('=').append(i).append('&');
        }

        assertThat(parse(body.toString()).number("f99")).isEqualTo(99);
    }

    @Test
    void aFieldWithoutValueIsEmptyAndNoNumberIsZero() {
        Form form = parse("a&b=&c=x&d=99999999999");

        assertThat(form.get("a")).isEmpty();
        assertThat(form.get("b")).isEmpty();
        assertThat(form.number("c")).isZero();
        assertThat(form.number("d")).isZero();
    }

    private static Form parse(String body) {
        return Form.parse(Buffer.buffer(body));
    }
}
