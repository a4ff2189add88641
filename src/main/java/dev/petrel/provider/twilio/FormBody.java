package dev.petrel.provider.twilio;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Fields as {@code application/x-www-form-urlencoded}, to the byte what the SDK would make of them. Its way is over
 * {@code URLEncoder}, and costs ten times what the body takes.
 */
final class FormBody {
    private static final byte[] HEX = "0123456789ABCDEF".getBytes(UTF_8);

    private byte[] bytes = new byte[256];
    private int length;

    private FormBody() {}

    static Buffer encode(Map<String, List<String>> fields) {
        FormBody body = new FormBody();
        fields.forEach((name, values) -> values.forEach(value -> body.add(name, value)));
        return Buffer.buffer(body.length).appendBytes(body.bytes, 0, body.length);
    }

    private void add(String name, String value) {
        if (length > 0) {
            bytes[length++] = '&';
        }
        add(name);
        bytes[length++] = '=';
        add(value);
    }

    private void add(String text) {
        byte[] utf8 = text.getBytes(UTF_8);
        int longest = length + 3 * utf8.length + 2; // with what may stand before the next
        if (longest > bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * longest);
        }
        for (byte each : utf8) {
            if (isPlain(each)) {
                bytes[length++] = each;
            } else if (each == ' ') {
                bytes[length++] = '+';
            } else {
                bytes[length++] = '%';
                bytes[length++] = HEX[each >> 4 & 0xf];
                bytes[length++] = HEX[each & 0xf];
            }
        }
    }

    private static boolean isPlain(byte each) {
        return each >= 'a' && each <= 'z'
                || each >= 'A' && each <= 'Z'
                || each >= '0' && each <= '9'
                || each == '.'
                || each == '-'
                || each == '_'
                || each == '*';
    }
}
