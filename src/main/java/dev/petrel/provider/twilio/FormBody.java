package dev.petrel.provider.twilio;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A form in a body, byte for byte as Java's {@link java.net.URLEncoder} writes it, which makes ten times the garbage. */
final class FormBody {
    private static final byte[] HEX = "0123456789ABCDEF".getBytes(UTF_8);

    private FormBody() {}

    static Buffer of(Map<String, List<String>> fields) {
        byte[] bytes = new byte[512];
        int length = 0;
        for (Map.Entry<String, List<String>> field : fields.entrySet()) {
            byte[] name = field.getKey().getBytes(UTF_8);
            for (String each : field.getValue()) {
                byte[] value = each.getBytes(UTF_8);
                int most = length + 3 * (name.length + value.length) + 2;
                if (most > bytes.length) {
                    bytes = Arrays.copyOf(bytes, 2 * most);
                }
                if (length > 0) {
                    bytes[length++] = '&';
                }
                length = encode(name, bytes, length);
                bytes[length++] = '=';
                length = encode(value, bytes, length);
            }
        }
        return Buffer.buffer(length).appendBytes(bytes, 0, length);
    }

    private static int encode(byte[] plain, byte[] into, int at) {
        int next = at;
        for (byte each : plain) {
            if (each >= 'a' && each <= 'z'
                    || each >= 'A' && each <= 'Z'
                    || each >= '0' && each <= '9'
                    || each == '.'
                    || each == '-'
                    || each == '*'
                    || each == '_') {
                into[next++] = each;
            } else if (each == ' ') {
                into[next++] = '+';
            } else {
                into[next++] = '%';
                into[next++] = HEX[each >> 4 & 15];
                into[next++] = HEX[each & 15];
            }
        }
        return next;
    }
}
