package dev.petrel.health;

import dev.petrel.health.DeliveryHealth.Copy;
import java.time.Duration;
import java.util.ArrayDeque;

/**
 * How many codes the users type: the only word on providers that give no receipts, and a check on those whose receipts
 * lie.
 *
 * <p>People do not type every code, and how many they do differs from country to country, so a provider is compared with
 * its own past: the latest 50 with the 500 before. Only requests of which there was one copy count; with two nobody
 * knows which was typed. What happens while the provider is bad does not become its past.
 */
final class Conversion {
    static final Duration AGE = Duration.ofSeconds(60);

    private static final int LATEST = 50;
    private static final int BEFORE = 500;
    private static final int FEWEST_BEFORE = 50;
    /** All count while no more than these wait. */
    static final int ALL_OF = 500;
    /** Beyond that, those that are so far apart. */
    static final Duration APART = Duration.ofMillis(60);

    private final ArrayDeque<Copy> young = new ArrayDeque<>();
    private final ArrayDeque<Copy> latest = new ArrayDeque<>(LATEST + 1);
    private final ArrayDeque<Boolean> before = new ArrayDeque<>(BEFORE + 1);
    private int verifiedBefore;

    void submitted(Copy copy) {
        if (young.size() < ALL_OF || copy.submittedAt - young.getLast().submittedAt >= APART.toNanos()) {
            young.add(copy);
        }
    }

    /** Those that wait. */
    int young() {
        return young.size();
    }

    void advance(long now, boolean bad) {
        while (!young.isEmpty() && now - young.element().submittedAt >= AGE.toNanos()) {
            Copy copy = young.remove();
            if (copy.alone()) {
                add(copy, bad);
            }
        }
    }

    private void add(Copy copy, boolean bad) {
        latest.add(copy);
        if (latest.size() > LATEST) {
            boolean verified = latest.remove().verified();
            if (!bad) {
                remember(verified);
            }
        }
    }

    private void remember(boolean verified) {
        before.add(verified);
        verifiedBefore += verified ? 1 : 0;
        if (before.size() > BEFORE) {
            verifiedBefore -= before.remove() ? 1 : 0;
        }
    }

    boolean bad() {
        return latest.size() == LATEST
                && before.size() >= FEWEST_BEFORE
                && verifiedBefore * 5 >= before.size()
                && verifiedLatest() * 4L * before.size() < (long) verifiedBefore * LATEST;
    }

    /** When the latest 50 began. */
    long latestSince() {
        return latest.isEmpty() ? Long.MAX_VALUE : latest.element().submittedAt;
    }

    int verifiedLatest() {
        int verified = 0;
        for (Copy copy : latest) {
            verified += copy.verified() ? 1 : 0;
        }
        return verified;
    }

    int latest() {
        return latest.size();
    }

    /** In a hundred, over the long run. */
    int percentBefore() {
        return before.isEmpty() ? 0 : 100 * verifiedBefore / before.size();
    }

    void forgetLatest() {
        young.clear();
        latest.clear();
    }
}
