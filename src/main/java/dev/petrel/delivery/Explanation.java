package dev.petrel.delivery;

import dev.petrel.guard.Admission;
import dev.petrel.message.Recipient;
import dev.petrel.message.SkipReason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a code would go now, and why. An instance speaks for itself: breakers, rests and delivery health are its own.
 *
 * @param refused why it would not be sent at all; null where it would
 * @param route the countries of the route that counts, or {@code *}; null where the request names providers, or there is none
 * @param ways in the order in which they would be tried
 * @param leastBad the provider that a few at a time are sent through, where all are passed over; null where not, or none is
 */
public record Explanation(
        Recipient to,
        Admission.@Nullable Refused refused,
        @Nullable String route,
        List<Way> ways,
        @Nullable String leastBad) {

    /**
     * One provider of the route.
     *
     * @param passedOver why no code is tried there now; null where one is
     * @param failureRate percent of the latest: of calls, or of codes taken where it is not delivering
     */
    public record Way(String provider, @Nullable SkipReason passedOver, int failureRate) {}

    public Explanation {
        ways = List.copyOf(ways);
    }

    /** The first that would be tried; null where none would. */
    public @Nullable String first() {
        if (refused != null) {
            return null;
        }
        for (Way way : ways) {
            if (way.passedOver() == null) {
                return way.provider();
            }
        }
        return leastBad;
    }
}
