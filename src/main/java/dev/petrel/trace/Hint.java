package dev.petrel.trace;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of where a request's events stand. The less is known, the more is read.
 *
 * @param partition the request's, and so that of its events; null: any
 * @param at when the request was made, about; null: within {@link #WINDOW}
 * @param offset of the request's record on its partition, whose timestamp says when it was made; null: not known
 */
public record Hint(
        @Nullable Integer partition,
        @Nullable Instant at,
        @Nullable Long offset) {
    /** How far back is read where nobody says when it was. */
    public static final Duration WINDOW = Duration.ofMinutes(30);

    /** Clocks differ, and people round. */
    private static final Duration SLACK = Duration.ofMinutes(1);

    public static Hint none() {
        return new Hint(null, null, null);
    }

    public static Hint source(int partition, long offset) {
        return new Hint(partition, null, offset);
    }

    /** From when on is read, the offset apart. */
    public Instant since(Instant now) {
        return at == null ? now.minus(WINDOW) : before(at);
    }

    /** From when on is read of a request that was made then. */
    public static Instant before(Instant requestedAt) {
        return requestedAt.minus(SLACK);
    }
}
