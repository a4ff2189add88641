package dev.petrel.availability;

import java.util.HashMap;
import java.util.Map;

/**
 * Whether a provider reports handsets in a country: many carriers report none, and {@code enroute} is the last word there.
 *
 * <p>Looks at 50 submissions in a row at a time, until 40 of them are delivered, which settles it for good, or half a
 * minute has gone by since the last of the 50; then at the next 50. Not simply at the last 50: under load these would
 * be gone before their first receipt comes.
 */
final class Handsets {
    private static final int SUBMISSIONS = 50;
    private static final int MUST_BE_DELIVERED = 40;
    private static final long PATIENCE_MILLIS = 30_000;

    private final Map<Long, Boolean> delivered = new HashMap<>();
    private int count;
    private long lastAt;
    private boolean reported;

    /** Whether it does; once true, always. */
    boolean reported() {
        return reported;
    }

    void submitted(long request, long at) {
        if (reported) {
            return;
        }
        if (delivered.size() >= SUBMISSIONS && at - lastAt > PATIENCE_MILLIS) {
            delivered.clear();
            count = 0;
        }
        if (delivered.size() < SUBMISSIONS) {
            delivered.putIfAbsent(request, false);
            lastAt = at;
            settle();
        }
    }

    void delivered(long request) {
        if (!reported && Boolean.FALSE.equals(delivered.replace(request, true))) {
            count++;
            settle();
        }
    }

    private void settle() {
        if (count >= MUST_BE_DELIVERED && delivered.size() >= SUBMISSIONS) {
            reported = true;
            delivered.clear();
        }
    }
}
