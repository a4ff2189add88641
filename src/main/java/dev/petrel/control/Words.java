package dev.petrel.control;

import java.util.regex.Pattern;

/** What people write beside an order, made fit to be kept and shown: on one line, and without numbers (P6). */
final class Words {
    /** What breaks lines, moves the cursor or turns the direction of writing. */
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]+");

    /** Five digits or more in a row, or seven and more as numbers are written by hand: (415) 555-0132. */
    private static final Pattern NUMBER =
            Pattern.compile("\\p{Nd}{5,}(?:[ ./()-]{0,2}\\p{Nd})*|\\p{Nd}(?:[ ./()-]{0,2}\\p{Nd}){6,}");

    private static final String MASK = "•••••";

    private Words() {}

    /** @throws InvalidOrder if nothing is left of it, or too much */
    static String of(String field, String text, int most) {
        String line = UNSEEN.matcher(text).replaceAll(" ").strip();
        String kept = NUMBER.matcher(line).replaceAll(MASK);
        if (kept.isEmpty() || line.codePointCount(0, line.length()) > most) {
            throw new InvalidOrder(field, "1 to " + most + " characters");
        }
        return kept;
    }
}
