package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what auth services say of a request: {@code { "requestId": "…", "verified": true, "at": "…" }}. Whatever the
 * bytes are, the answer is a value and never an exception (P6: what could not be read is not quoted anywhere).
 *
 * <p>Not safe for several threads.
 */
final class FeedbackCodec {
    private static final int MOST_BYTES = 4096;
    private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

    private final JsonFactory json = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(32)
                    .maxNumberLength(100)
                    .build())
            .build();
    /** Reports what is no UTF-8; the parser's own decoding takes more than that. */
    private final CharsetDecoder utf8 = UTF_8.newDecoder();

    /**
     * The id of the request whose code was typed; null where the record says no such thing. What else stands there is not
     * looked at, {@code at} included: when a word was written is told by its record.
     *
     * @param value null for a tombstone
     */
    @Nullable
    String verified(byte @Nullable [] value) {
        if (value == null || value.length > MOST_BYTES) {
            return null;
        }
        try {
            return read(utf8.decode(ByteBuffer.wrap(value)));
        } catch (IOException | RuntimeException unreadable) {
            return null;
        }
    }

    private @Nullable String read(CharBuffer characters) throws IOException {
        String requestId = null;
        boolean verified = false;
        int named = 0;
        try (JsonParser parser = json.createParser(characters.array(), 0, characters.limit())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                JsonToken token = parser.nextToken();
                switch (name) {
                    case "requestId" -> {
                        named++;
                        requestId = token == JsonToken.VALUE_STRING ? parser.getText() : null;
                    }
                    case "verified" -> {
                        named++;
                        verified = token == JsonToken.VALUE_TRUE;
                    }
                    default -> {}
                }
                parser.skipChildren();
            }
            if (parser.currentToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
                return null;
            }
        }
        boolean each = named == 2; // which of two was meant?
        return each
                        && verified
                        && requestId != null
                        && REQUEST_ID.matcher(requestId).matches()
                ? requestId
                : null;
    }
}
