package dev.petrel.simulator;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an {@code application/x-www-form-urlencoded} body, by the rules of the WHATWG URL standard: what is no
 * escape stands for itself, and nothing is refused. By hand, for this is where a simulated provider spends its time.
 */
final class Form {
    private String[] words = new String[24];
    private int size;

    private Form() {}

    static Form parse(Buffer body) {
        Form form = new Form();
        byte[] bytes = body.getBytes();
        int begin = 0;
        while (begin < bytes.length) {
            int end = indexOf(bytes, '&', begin, bytes.length);
            if (end > begin) {
                int equals = indexOf(bytes, '=', begin, end);
                form.add(decode(bytes, begin, equals), decode(bytes, Math.min(equals + 1, end), end));
            }
            begin = end + 1;
        }
        return form;
    }

    /** The first value of this field; null if there is none. */
    @Nullable
    String get(String name) {
        for (int i = 0; i < size; i += 2) {
            if (words[i].equals(name)) {
                return words[i + 1];
            }
        }
        return null;
    }

    /** The value of the field whose name is that of a field with this value, but for the ending. */
    @Nullable
    String besides(String value, String ending, String otherEnding) {
        for (int i = 0; i < size; i += 2) {
            if (words[i + 1].equals(value) && words[i].endsWith(ending)) {
                String stem = words[i].substring(0, words[i].length() - ending.length());
                return get(stem + otherEnding);
            }
        }
        return null;
    }

    /** 0 if there is no such field, or it is no number. */
    int number(String name) {
        String value = get(name);
        try {
            return value == null ? 0 : Integer.parseInt(value);
        } catch (NumberFormatException noNumber) {
            return 0;
        }
    }

    private void add(String name, String value) {
        if (size == words.length) {
            words = Arrays.copyOf(words, size * 2);
        }
        words[size++] = name;
        words[size++] = value;
    }

    private static int indexOf(byte[] bytes, char wanted, int from, int to) {
        int at = from;
        while (at < to && bytes[at] != wanted) {
            at++;
        }
        return at;
    }

    private static String decode(byte[] bytes, int from, int to) {
        int plain = from;
        while (plain < to && bytes[plain] != '%' && bytes[plain] != '+') {
            plain++;
        }
        if (plain == to) {
            return new String(bytes, from, to - from, StandardCharsets.UTF_8);
        }
        byte[] decoded = new byte[to - from];
        int length = 0;
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (b == '+') {
                b = ' ';
            } else if (b == '%' && i + 2 < to) {
                int high = Character.digit(bytes[i + 1], 16);
                int low = Character.digit(bytes[i + 2], 16);
                if (high >= 0 && low >= 0) {
                    b = (byte) (high << 4 | low);
                    i += 2;
                }
            }
            decoded[length++] = b;
        }
        return new String(decoded, 0, length, StandardCharsets.UTF_8);
    }
}
