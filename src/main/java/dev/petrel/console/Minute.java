package dev.petrel.console;

import dev.petrel.message.ReasonClass;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Counts of the last minute, in six parts of ten seconds, by the events' own time. */
final class Minute {
    private static final long PART = 10_000;
    private static final int PARTS = 6;
    private static final int REASONS = ReasonClass.values().length;

    private final Counts[] parts = new Counts[PARTS];
    private final long[] numbers = new long[PARTS];

    /** What came to pass. */
    static final class Counts {
        int attempts;
        int taken;
        int delivered;
        /** Taken, and a receipt said no, for no fault of the recipient. */
        int lost;
        /** Taken, and nobody said anything in time. */
        int silent;
        /** Taken, and a receipt said no, for the recipient's sake or ours. */
        int unreached;
        /** Attempts that came to nothing, by their reason. */
        final int[] refused = new int[REASONS];

        final Latencies answers = new Latencies();
        /** From the request. */
        final Latencies inHand = new Latencies();

        /** From the provider's yes. */
        final Latencies underway = new Latencies();

        /** Attempts that speak against the provider. */
        int failed() {
            int sum = 0;
            for (ReasonClass reason : ReasonClass.values()) {
                sum += Reasons.against(reason) ? refused[reason.ordinal()] : 0;
            }
            return sum;
        }

        /** The reason that most attempts failed by, of those that speak against the provider; null where none does. */
        @Nullable
        ReasonClass mostly() {
            return mostly(true);
        }

        /** The reason that most attempts came to nothing by; null where none did. */
        @Nullable
        ReasonClass mostlyRefused() {
            return mostly(false);
        }

        private @Nullable ReasonClass mostly(boolean against) {
            ReasonClass most = null;
            int count = 0;
            for (ReasonClass reason : ReasonClass.values()) {
                if (refused[reason.ordinal()] > count && (!against || Reasons.against(reason))) {
                    count = refused[reason.ordinal()];
                    most = reason;
                }
            }
            return most;
        }

        void add(Counts others) {
            attempts += others.attempts;
            taken += others.taken;
            delivered += others.delivered;
            lost += others.lost;
            silent += others.silent;
            unreached += others.unreached;
            for (int each = 0; each < REASONS; each++) {
                refused[each] += others.refused[each];
            }
            answers.addAll(others.answers);
            inHand.addAll(others.inHand);
            underway.addAll(others.underway);
        }

        private void clear() {
            attempts = 0;
            taken = 0;
            delivered = 0;
            lost = 0;
            silent = 0;
            unreached = 0;
            Arrays.fill(refused, 0);
            answers.clear();
            inHand.clear();
            underway.clear();
        }
    }

    /** Where to count what happened then; null if that is longer ago than what was counted last. */
    @Nullable
    Counts at(long millis) {
        long number = millis / PART;
        int place = (int) (number % PARTS);
        Counts counts = parts[place];
        if (counts == null) {
            counts = new Counts();
            parts[place] = counts;
            numbers[place] = number;
        } else if (numbers[place] < number) {
            counts.clear();
            numbers[place] = number;
        }
        return numbers[place] == number ? counts : null;
    }

    /** Of the minute that ends now, give or take ten seconds. */
    Counts sum(long nowMillis) {
        Counts sum = new Counts();
        addTo(sum, nowMillis);
        return sum;
    }

    void addTo(Counts sum, long nowMillis) {
        addTo(sum, nowMillis, PARTS);
    }

    /** Of the last ten to twenty seconds. */
    Counts lately(long nowMillis) {
        Counts sum = new Counts();
        addTo(sum, nowMillis, 2);
        return sum;
    }

    private void addTo(Counts sum, long nowMillis, int latest) {
        long now = nowMillis / PART;
        for (int each = 0; each < PARTS; each++) {
            Counts part = parts[each];
            if (part != null && numbers[each] > now - latest && numbers[each] <= now) {
                sum.add(part);
            }
        }
    }
}
