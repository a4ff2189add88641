package dev.petrel.trace;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text from a topic, fit for a terminal and a page: on one line, and without a row of digits that could be somebody's
 * number (P6). What Petrel itself writes there needs no such care; others may write there too.
 */
public final class Plain {
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cntrl}\\p{Cf}]");
    /** Seven digits or more, however they are set apart. */
    private static final Pattern NUMBER = Pattern.compile("\\+?[0-9](?:[ .()/-]{0,2}[0-9]){6,}");
    /** Stands in a rule of the contract. */
    private static final String MOST_SECONDS = Integer.toString(Integer.MAX_VALUE);

    private static final String MASK = "•••••••";
    private static final int MOST = 200;

    private Plain() {}

    public static String of(String text) {
        String line = UNSEEN.matcher(text).replaceAll(" ");
        String masked = NUMBER.matcher(line)
                .replaceAll(
                        found -> Matcher.quoteReplacement(found.group().equals(MOST_SECONDS) ? found.group() : MASK));
        return masked.length() > MOST ? masked.substring(0, MOST) + "…" : masked;
    }
}
