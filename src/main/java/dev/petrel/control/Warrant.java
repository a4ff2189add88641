package dev.petrel.control;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who gave an order, why, and until when it holds. No order holds for ever: what nobody lifts ends by itself.
 *
 * @param author 1 to 64 characters; numbers in it are masked, as in every reason
 * @param reason 1 to 200 characters
 * @param begin when it was given; it holds from the moment it is read, whatever the clocks of others say
 * @param end from then on it holds no more; at most 30 days after the beginning
 * @param lifted null until somebody lifts it
 */
public record Warrant(
        String author,
        String reason,
        Instant begin,
        Instant end,
        @Nullable Lifting lifted) {
    public static final Duration BY_DEFAULT = Duration.ofHours(1);
    public static final Duration LONGEST = Duration.ofDays(30);
    public static final Duration SHORTEST = Duration.ofMinutes(1);

    private static final int AUTHOR = 64;
    private static final int REASON = 200;

    /** Who ended an order before its time, and why. */
    public record Lifting(String author, String reason, Instant at) {
        public Lifting {
            author = Words.of("author", author, AUTHOR);
            reason = Words.of("reason", reason, REASON);
        }
    }

    public Warrant {
        author = Words.of("author", author, AUTHOR);
        reason = Words.of("reason", reason, REASON);
        Duration holds = between(begin, end);
        if (holds.compareTo(SHORTEST) < 0 || holds.compareTo(LONGEST) > 0) {
            throw new InvalidOrder("end", "1 minute to 30 days after the beginning");
        }
    }

    /** Of an order that nobody has lifted yet. */
    public static Warrant of(String author, String reason, Instant begin, Instant end) {
        return new Warrant(author, reason, begin, end, null);
    }

    public boolean holds(Instant now) {
        return lifted == null && now.isBefore(end);
    }

    Warrant lift(Lifting by) {
        return new Warrant(author, reason, begin, end, by);
    }

    /** Far years overflow a duration's arithmetic; they are too far in any case. */
    private static Duration between(Instant begin, Instant end) {
        try {
            return Duration.between(begin, end);
        } catch (ArithmeticException tooFar) {
            return Duration.ZERO;
        }
    }
}
