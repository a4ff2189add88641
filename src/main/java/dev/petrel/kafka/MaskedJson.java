package dev.petrel.kafka;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.petrel.message.NumberPlan;
import dev.petrel.message.Recipient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The structure of a JSON value, for people: its fields in their order, duplicates among them, and of each value only what
 * kind it is and how long. Of a recipient's number, what statuses show too. A field's name is shown if it looks like one: a
 * name can hold a number or a code as well as a value can.
 */
final class MaskedJson {
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z_-]{0,31}");
    private static final int MOST_LINES = 200;
    /** So many characters are no code and no number. */
    private static final int HARMLESS = 3;

    private final JsonFactory json = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(32)
                    .maxNumberLength(1000)
                    .build())
            .build();
    private final NumberPlan numbers;
    private final List<String> lines = new ArrayList<>();
    private int depth;
    private int more;

    MaskedJson(NumberPlan numbers) {
        this.numbers = numbers;
    }

    /** Empty where this is no JSON in UTF-8, or more than one value. */
    List<String> lines(byte[] value) {
        String text = Beginning.utf8(value);
        if (text == null) {
            return List.of();
        }
        try (JsonParser parser = json.createParser(text)) {
            String name = null;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.FIELD_NAME) {
                    name = parser.currentName();
                    continue;
                }
                if (depth == 0 && !lines.isEmpty() && !token.isStructEnd()) {
                    return List.of();
                }
                take(token, name, parser);
                name = null;
            }
        } catch (IOException broken) {
            return List.of(); // its message quotes what could not be read
        }
        if (more > 0) {
            lines.add("  … and " + more + " lines more");
        }
        return lines;
    }

    private void take(JsonToken token, @Nullable String name, JsonParser parser) throws IOException {
        switch (token) {
            case START_OBJECT -> line(name, "{", depth++);
            case START_ARRAY -> line(name, "[", depth++);
            case END_OBJECT -> line(null, "}", --depth);
            case END_ARRAY -> line(null, "]", --depth);
            case VALUE_STRING -> line(name, text(name, parser.getText()), depth);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> line(name, number(name, parser.getText()), depth);
            default -> line(name, token.asString(), depth); // true, false, null
        }
    }

    private void line(@Nullable String name, @Nullable String value, int indent) {
        if (lines.size() >= MOST_LINES) {
            more++;
            return;
        }
        String shown =
                name == null ? "" : NAME.matcher(name).matches() ? name + ": " : "(a name of " + size(name) + "): ";
        lines.add("  ".repeat(indent + 1) + shown + value);
    }

    private String text(@Nullable String name, String value) {
        return "to".equals(name) ? recipient(value, "a text") : "(a text of " + size(value) + ")";
    }

    private String number(@Nullable String name, String value) {
        if ("to".equals(name)) {
            return recipient(value, "a number");
        }
        return value.length() <= HARMLESS ? value : "(a number of " + size(value) + ")";
    }

    private String recipient(String value, String what) {
        Recipient to = numbers.recipient(value).orElse(null);
        return to == null
                ? "(" + what + " of " + size(value) + ", no possible number with +)"
                : to.masked() + " (" + to.country() + ")";
    }

    private static String size(String value) {
        int characters = value.codePointCount(0, value.length());
        return characters + (characters == 1 ? " character" : " characters");
    }
}
