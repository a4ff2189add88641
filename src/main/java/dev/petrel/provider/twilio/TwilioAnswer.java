package dev.petrel.provider.twilio;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The two fields of Twilio's answers that matter, read without building the rest: the id of a message that was taken, the
 * code of an error.
 */
record TwilioAnswer(@Nullable String sid, @Nullable String code) {
    private static final TwilioAnswer NOTHING = new TwilioAnswer(null, null);

    /** Twilio describes SM or MM and 32 hexadecimal digits; what stands in its place (a proxy, a simulator) may differ. */
    private static final Pattern SID = Pattern.compile("[0-9A-Za-z_-]{1,64}");

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
        return new TwilioAnswer(sid != null && SID.matcher(sid).matches() ? sid : null, code);
    }
}
