package dev.petrel.kafka;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What kind of thing some bytes that are no JSON seem to be. Says nothing of what they hold (P6). */
final class Beginning {
    private Beginning() {}

    static String of(byte[] value) {
        if (value.length == 0) {
            return "empty";
        }
        return "no JSON in UTF-8, " + value.length + " bytes; begins like " + kind(value);
    }

    private static String kind(byte[] value) {
        if (starts(value, 0x1f, 0x8b)) {
            return "gzip";
        }
        if (starts(value, 0xef, 0xbb, 0xbf)) {
            return "UTF-8 with a byte order mark, which JSON must not have";
        }
        if (starts(value, 0xfe, 0xff) || starts(value, 0xff, 0xfe)) {
            return "UTF-16";
        }
        if (value.length > 5 && value[0] == 0) {
            return "what a schema registry's client writes (Avro, Protobuf): a zero byte and the number of a schema";
        }
        if (starts(value, 0xac, 0xed)) {
            return "a serialized Java object";
        }
        String text = utf8(value);
        if (text == null) {
            int first = value[0];
            return first == '{' || first == '[' ? "JSON, in another encoding than UTF-8" : "bytes of no known kind";
        }
        String start = text.stripLeading();
        if (start.isEmpty()) {
            return "white space";
        }
        return switch (start.charAt(0)) {
            case '{', '[' -> "JSON that is cut off or broken";
            case '<' -> "XML or HTML";
            case '"' -> "a quoted text that is cut off or broken";
            default -> "text";
        };
    }

    private static boolean starts(byte[] value, int... with) {
        if (value.length < with.length) {
            return false;
        }
        for (int i = 0; i < with.length; i++) {
            if ((value[i] & 0xff) != with[i]) {
                return false;
            }
        }
        return true;
    }

    /** Null where it is none, strictly. */
    static @Nullable String utf8(byte[] value) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value))
                    .toString();
        } catch (CharacterCodingException other) {
            return null;
        }
    }
}
