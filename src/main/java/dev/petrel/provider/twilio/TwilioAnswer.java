package dev.petrel.provider.twilio;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The two fields of Twilio's answers that matter, read without building the rest: the id of a message that was taken, the
 * code of an error.
 */
record TwilioAnswer(@Nullable String sid, @Nullable String code) {
    private static final TwilioAnswer NOTHING = new TwilioAnswer(null, null);

    private static final int LONGEST_SID = 64;

    private static final JsonFactory JSON = new JsonFactory();

    /** What can be read of it; neither field if this is no whole JSON object. */
    static TwilioAnswer read(byte[] body) {
        String sid = null;
        String code = null;
        try (JsonParser parser = JSON.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return NOTHING;
            }
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                JsonToken value = parser.nextToken();
                if (name.equals("sid") && value == JsonToken.VALUE_STRING) {
                    sid = parser.getText();
                } else if (name.equals("code") && value != null && value.isScalarValue()) {
                    code = value == JsonToken.VALUE_NULL ? null : parser.getText();
                } else {
                    parser.skipChildren();
                }
            }
            if (parser.currentToken() != JsonToken.END_OBJECT) {
                return NOTHING;
            }
        } catch (IOException rubbish) {
            return NOTHING;
        }
        return new TwilioAnswer(sid != null && isSid(sid) ? sid : null, code);
    }

    /** Twilio describes SM or MM and 32 hexadecimal digits; what stands in its place (a proxy, a simulator) may differ. */
    private static boolean isSid(String text) {
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            boolean known = each >= '0' && each <= '9'
                    || each >= 'a' && each <= 'z'
                    || each >= 'A' && each <= 'Z'
                    || each == '_'
                    || each == '-';
            if (!known) {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= LONGEST_SID;
    }
}
