package dev.petrel.availability;

import dev.petrel.message.Advice;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whether SMS can be relied on in one country.
 *
 * @param country ISO 3166 code of two letters, or {@link #ALL}
 * @param since when it came to be in this state
 * @param medianSeconds from the request to the handset, of those that are in hand; null where none is
 * @param p95Seconds as the median; 95 of 100 took no longer
 * @param inHandShare of the requests that were measured; null where there are none
 * @param requests how many were measured
 * @param advice what to do about it
 * @param at when it was judged
 * @param handsetsReport the providers that report handsets there, see {@link Handsets}; in their order as words
 */
public record CountryState(
        String country,
        State state,
        Instant since,
        @Nullable Double medianSeconds,
        @Nullable Double p95Seconds,
        @Nullable Double inHandShare,
        long requests,
        Advice advice,
        Instant at,
        List<String> handsetsReport) {
    /** Stands for all countries. */
    public static final String ALL = "*";

    /** From the best to the worst. The names in lower case are the words on the wire. */
    public enum State {
        OK,
        DEGRADED,
        DOWN;

        private final String wire = name().toLowerCase(Locale.ROOT);

        public String wire() {
            return wire;
        }

        public Advice advice() {
            return this == OK ? Advice.toWait() : new Advice(Advice.Next.OTHER_FACTOR, null, false);
        }
    }

    /** The same, as of another instant. */
    public CountryState repeated(Instant now) {
        return new CountryState(
                country, state, since, medianSeconds, p95Seconds, inHandShare, requests, advice, now, handsetsReport);
    }
}
