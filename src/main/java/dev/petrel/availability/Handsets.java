package dev.petrel.availability;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/**
 * Whether a provider reports handsets in a country: many carriers report none, and {@code enroute} is the last word there.
 *
 * <p>Looks at 50 submissions in a row at a time, until 40 of them are delivered, which settles that it does, or half a
 * minute has gone by since the last of the 50; then at the next 50. Not simply at the last 50: under load these would
 * be gone before their first receipt comes.
 *
 * <p>Once settled it stays so, from owner to owner: an outage that stops at {@code sent} looks just like carriers that
 * report nothing. Only users can tell the two apart: where more than 10 of the 50 were typed and not reported, codes
 * arrive and handsets don't report.
 */
final class Handsets {
    private static final int SUBMISSIONS = 50;
    private static final int MUST_BE_DELIVERED = 40;
    private static final long PATIENCE_MILLIS = 30_000;

    private final Map<Long, Word> words = new HashMap<>();
    private int delivered;
    private long lastAt;
    private boolean reported;

    /** What is known of one submission. */
    private enum Word {
        NONE,
        TYPED,
        DELIVERED
    }

    boolean reported() {
        return reported;
    }

    /** An earlier owner has told that it does. */
    void resume() {
        reported = true;
    }

    void submitted(long request, long at) {
        if (words.size() >= SUBMISSIONS && at - lastAt > PATIENCE_MILLIS) {
            reported &= Collections.frequency(words.values(), Word.TYPED) <= SUBMISSIONS - MUST_BE_DELIVERED;
            next();
        }
        if (words.size() < SUBMISSIONS) {
            words.putIfAbsent(request, Word.NONE);
            lastAt = at;
            settle();
        }
    }

    void delivered(long request) {
        Word before = words.replace(request, Word.DELIVERED);
        if (before != null && before != Word.DELIVERED) {
            delivered++;
            settle();
        }
    }

    /** The user typed the code, which nobody else was asked to send. */
    void typed(long request) {
        words.replace(request, Word.NONE, Word.TYPED);
    }

    private void settle() {
        if (delivered >= MUST_BE_DELIVERED && words.size() >= SUBMISSIONS) {
            reported = true;
            next();
        }
    }

    private void next() {
        words.clear();
        delivered = 0;
    }
}
