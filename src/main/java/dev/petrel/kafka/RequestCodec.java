package dev.petrel.kafka;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.petrel.message.Msisdn;
import dev.petrel.message.NumberPlan;
import dev.petrel.message.Recipient;
import dev.petrel.message.SendRequest;
import dev.petrel.message.Source;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a send request and holds it against every rule of the contract. Whatever the bytes are, the answer is a value
 * and never an exception, and no answer quotes what it read (P6).
 *
 * <p>A streaming parser over characters that were decoded strictly: the parser's own decoding takes UTF-16, and some
 * byte sequences that are no UTF-8. Not safe for several threads.
 */
final class RequestCodec {
    private static final String SEPARATORS = "._:-";
    /** A row of fewer digits is no whole number, whatever field it was found in. */
    private static final int LEAST_DIGITS = 7;

    private static final int MOST_CHARACTERS = 1600;
    private static final int MOST_PROVIDERS = 32;
    private static final int MOST_PROVIDER_CHARACTERS = 64;
    private static final String NOT_JSON = "must be one JSON object in UTF-8";

    private final JsonFactory json = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(32)
                    .maxNumberLength(100)
                    .build())
            .build();
    private final Matcher requestIds = Pattern.compile("[A-Za-z0-9._:-]{1,64}").matcher("");
    private final Matcher labels = Pattern.compile("[a-z0-9_-]{1,32}").matcher("");
    /** What can be a sender id is for each provider to say; this is only what can't be meant. */
    private final Matcher senders = Pattern.compile("(?s).{1,64}").matcher("");

    private final CharsetDecoder utf8 = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    private final NumberPlan numbers;
    private static final String WHOLE_RECORD = "value";

    private final RequestConfig config;
    private CharBuffer characters = CharBuffer.allocate(4096);

    RequestCodec(NumberPlan numbers, RequestConfig config) {
        this.numbers = numbers;
        this.config = config;
    }

    /**
     * @param value null for a tombstone
     * @param timestamp of the record, in milliseconds since the epoch; negative where it has none
     */
    Decoded decode(byte @Nullable [] value, long timestamp, Source source, Instant now) {
        Instant recordedAt = timestamp < 0 || timestamp > now.toEpochMilli() ? now : Instant.ofEpochMilli(timestamp);
        if (value == null || value.length == 0) {
            return unreadable(recordedAt, "must not be empty");
        }
        Draft draft = new Draft();
        try {
            read(value, draft);
        } catch (IOException | RuntimeException unreadable) {
            // The message quotes what could not be read. An id that was read so far is no id: what follows may repeat
            // the key, and the number that it must not contain was perhaps not read yet.
            return unreadable(recordedAt, NOT_JSON);
        }
        return check(draft, recordedAt, source);
    }

    private static Decoded unreadable(Instant recordedAt, String rule) {
        return new Decoded.Malformed(null, null, recordedAt, null, null, WHOLE_RECORD, rule);
    }

    /** What {@link Decoded.Malformed#field()} may be. */
    static List<String> fields() {
        return Stream.concat(Stream.of(WHOLE_RECORD), fieldsOfARequest().stream())
                .toList();
    }

    /** What is read of a request, in the contract's order. */
    static List<String> fieldsOfARequest() {
        return Stream.of(Field.ALL).map(field -> field.wire).toList();
    }

    private void read(byte[] value, Draft draft) throws IOException {
        if (characters.capacity() < value.length) {
            characters = CharBuffer.allocate(Math.max(value.length, characters.capacity() * 2));
        }
        characters.clear();
        utf8.reset();
        if (!utf8.decode(ByteBuffer.wrap(value), characters, true).isUnderflow()
                || !utf8.flush(characters).isUnderflow()) {
            throw new IOException("not UTF-8");
        }
        try (JsonParser parser = json.createParser(characters.array(), 0, characters.position())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("no object");
            }
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                JsonToken token = parser.nextToken();
                readField(parser, name, token, draft);
            }
            if (parser.currentToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
                throw new IOException("more than an object");
            }
        }
    }

    private static void readField(JsonParser parser, String name, JsonToken token, Draft draft) throws IOException {
        switch (name) {
            case "requestId" -> draft.requestId = string(parser, token, Field.REQUEST_ID, draft);
            case "to" -> {
                draft.to = string(parser, token, Field.TO, draft);
                if (draft.to == null && token.isNumeric()) {
                    draft.numberInTo = parser.getText();
                }
            }
            case "text" -> draft.text = string(parser, token, Field.TEXT, draft);
            case "lifetimeSeconds" -> draft.lifetimeSeconds = seconds(parser, token, draft);
            case "expiresAt" -> draft.expiresAt = string(parser, token, Field.EXPIRES_AT, draft);
            case "purpose" -> draft.purpose = string(parser, token, Field.PURPOSE, draft);
            case "tenant" -> draft.tenant = string(parser, token, Field.TENANT, draft);
            case "sender" -> draft.sender = string(parser, token, Field.SENDER, draft);
            case "supersedes" -> draft.supersedes = string(parser, token, Field.SUPERSEDES, draft);
            case "providers" -> draft.providers = strings(parser, token, draft);
            default -> parser.skipChildren();
        }
    }

    private static @Nullable String string(JsonParser parser, JsonToken token, Field field, Draft draft)
            throws IOException {
        draft.seen(field);
        if (token == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        if (token != JsonToken.VALUE_NULL || field.required) {
            draft.complain(field, field.required && token == JsonToken.VALUE_NULL ? "is required" : "must be a string");
        }
        parser.skipChildren();
        return null;
    }

    private static @Nullable Integer seconds(JsonParser parser, JsonToken token, Draft draft) throws IOException {
        draft.seen(Field.LIFETIME_SECONDS);
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        if (token == JsonToken.VALUE_NUMBER_INT && parser.getTextLength() <= 10) {
            long seconds = parser.getLongValue();
            if (seconds >= 1 && seconds <= Integer.MAX_VALUE) {
                return (int) seconds;
            }
        }
        draft.complain(Field.LIFETIME_SECONDS, "must be a whole number from 1 to 2147483647");
        parser.skipChildren();
        return null;
    }

    private static @Nullable List<String> strings(JsonParser parser, JsonToken token, Draft draft) throws IOException {
        draft.seen(Field.PROVIDERS);
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        boolean right = token == JsonToken.START_ARRAY;
        if (!right) {
            parser.skipChildren();
        }
        List<String> strings = new ArrayList<>();
        while (right && parser.nextToken() != JsonToken.END_ARRAY) {
            right = parser.currentToken() == JsonToken.VALUE_STRING
                    && parser.getTextLength() >= 1
                    && parser.getTextLength() <= MOST_PROVIDER_CHARACTERS
                    && strings.size() < MOST_PROVIDERS;
            if (right) {
                strings.add(parser.getText());
            } else {
                parser.skipChildren();
                skipRestOfArray(parser);
            }
        }
        if (!right) {
            draft.complain(Field.PROVIDERS, "must be at most 32 strings of 1 to 64 characters");
            return null;
        }
        return strings;
    }

    private static void skipRestOfArray(JsonParser parser) throws IOException {
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (token == null) {
                throw new IOException("ends in an array");
            }
            parser.skipChildren();
        }
    }

    private Decoded check(Draft draft, Instant recordedAt, Source source) {
        String requestId = draft.required(Field.REQUEST_ID, draft.requestId);
        if (requestId != null && !requestIds.reset(requestId).matches()) {
            draft.complain(Field.REQUEST_ID, "must be 1 to 64 of A-Z a-z 0-9 . _ : -");
            requestId = null;
        }
        if (requestId != null && containsNumber(requestId, draft)) {
            draft.complain(Field.REQUEST_ID, "must not contain the number");
            requestId = null;
        }
        if (draft.twice) {
            requestId = null; // which one was meant, and of which number must the id be free?
        }
        String number = draft.required(Field.TO, draft.to);
        Recipient to = null;
        if (number != null) {
            to = numbers.recipient(number).orElse(null);
            if (to == null) {
                draft.complain(
                        Field.TO,
                        Msisdn.isE164(number) ? "is no possible number of its country" : "must be E.164 with +");
            }
        }
        String text = draft.required(Field.TEXT, draft.text);
        if (text != null) {
            checkText(text, draft);
        }
        Instant expiresAt = expiry(draft, recordedAt);
        String purpose = matching(labels, draft.purpose, Field.PURPOSE, "must be 1 to 32 of a-z 0-9 _ -", draft);
        String tenant = matching(labels, draft.tenant, Field.TENANT, "must be 1 to 32 of a-z 0-9 _ -", draft);
        String sender = matching(senders, draft.sender, Field.SENDER, "must be 1 to 64 characters", draft);
        checkSuperseded(draft);
        Field wrong = draft.firstComplaint();
        if (wrong != null || requestId == null || to == null || text == null) {
            Field field = wrong == null ? Field.REQUEST_ID : wrong;
            String rule = draft.complaints[field.ordinal()];
            return new Decoded.Malformed(
                    requestId, to, recordedAt, tenant, purpose, field.wire, rule == null ? "is required" : rule);
        }
        return new Decoded.Request(new SendRequest(
                requestId,
                to,
                text,
                recordedAt,
                expiresAt,
                purpose,
                tenant,
                sender,
                draft.supersedes,
                draft.providers == null ? null : List.copyOf(new LinkedHashSet<>(draft.providers)),
                source,
                null));
    }

    /** It is a request's id, and everybody may read it in a header. */
    private void checkSuperseded(Draft draft) {
        String older = matching(
                requestIds, draft.supersedes, Field.SUPERSEDES, "must be 1 to 64 of A-Z a-z 0-9 . _ : -", draft);
        if (older != null && containsNumber(older, draft)) {
            draft.complain(Field.SUPERSEDES, "must not contain the number");
        }
        if (older != null && older.equals(draft.requestId)) {
            draft.complain(Field.SUPERSEDES, "must not be the request itself");
        }
    }

    /** Whatever stands in {@code to}, right or wrong: the id is the key of what everybody may read. */
    private static boolean containsNumber(String requestId, Draft draft) {
        String written = draft.to != null ? draft.to : draft.numberInTo;
        if (written == null || requestId.length() < LEAST_DIGITS) {
            return false;
        }
        String digits = only(each -> each >= '0' && each <= '9', written);
        return digits.length() >= LEAST_DIGITS
                && only(each -> SEPARATORS.indexOf(each) < 0, requestId).contains(digits);
    }

    private static String only(IntPredicate such, String text) {
        StringBuilder left = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            if (such.test(text.charAt(i))) {
                left.append(text.charAt(i));
            }
        }
        return left.toString();
    }

    /** Characters as JSON Schema counts them, which is Unicode's; half a surrogate pair is no text. */
    private static void checkText(String text, Draft draft) {
        int characters = 0;
        for (int i = 0; i < text.length(); characters++) {
            int codePoint = text.codePointAt(i);
            if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
                draft.complain(Field.TEXT, "must be Unicode");
                return;
            }
            i += Character.charCount(codePoint);
        }
        if (characters < 1 || characters > MOST_CHARACTERS) {
            draft.complain(Field.TEXT, "must be 1 to 1600 characters");
        }
    }

    private Instant expiry(Draft draft, Instant recordedAt) {
        Instant latest = recordedAt.plus(config.maxLifetime());
        if (draft.expiresAt == null) {
            Duration lifetime = draft.lifetimeSeconds == null
                    ? config.defaultLifetime()
                    : Duration.ofSeconds(draft.lifetimeSeconds);
            return earlier(recordedAt.plus(lifetime), latest);
        }
        if (draft.lifetimeSeconds != null) {
            draft.complain(Field.EXPIRES_AT, "must not stand beside lifetimeSeconds");
        }
        Instant expiresAt = Timestamps.parse(draft.expiresAt);
        if (expiresAt == null) {
            draft.complain(Field.EXPIRES_AT, "must be a timestamp as in RFC 3339, with offset");
            return latest;
        }
        return earlier(expiresAt, latest);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static @Nullable String matching(
            Matcher pattern, @Nullable String value, Field field, String rule, Draft draft) {
        if (value == null || pattern.reset(value).matches()) {
            return value;
        }
        draft.complain(field, rule);
        return null;
    }

    /** The fields with rules, in the order of the contract. */
    private enum Field {
        REQUEST_ID("requestId", true),
        TO("to", true),
        TEXT("text", true),
        LIFETIME_SECONDS("lifetimeSeconds", false),
        EXPIRES_AT("expiresAt", false),
        PURPOSE("purpose", false),
        TENANT("tenant", false),
        SENDER("sender", false),
        SUPERSEDES("supersedes", false),
        PROVIDERS("providers", false);

        private static final Field[] ALL = values();
        final String wire;
        final boolean required;

        Field(String wire, boolean required) {
            this.wire = wire;
            this.required = required;
        }
    }

    /** What was read so far, and the first complaint about each field. */
    private static final class Draft {
        final @Nullable String[] complaints = new @Nullable String[Field.ALL.length];
        private int seen;
        boolean twice;

        @Nullable
        String requestId;

        @Nullable
        String to;

        @Nullable
        String numberInTo;

        @Nullable
        String text;

        @Nullable
        Integer lifetimeSeconds;

        @Nullable
        String expiresAt;

        @Nullable
        String purpose;

        @Nullable
        String tenant;

        @Nullable
        String sender;

        @Nullable
        String supersedes;

        @Nullable
        List<String> providers;

        void seen(Field field) {
            int bit = 1 << field.ordinal();
            if ((seen & bit) != 0) {
                complain(field, "must not stand there twice");
                twice = true;
            }
            seen |= bit;
        }

        void complain(Field field, String rule) {
            if (complaints[field.ordinal()] == null) {
                complaints[field.ordinal()] = rule;
            }
        }

        @Nullable
        String required(Field field, @Nullable String value) {
            if (value == null) {
                complain(field, "is required");
            }
            return value;
        }

        @Nullable
        Field firstComplaint() {
            for (Field field : Field.ALL) {
                if (complaints[field.ordinal()] != null) {
                    return field;
                }
            }
            return null;
        }
    }
}
