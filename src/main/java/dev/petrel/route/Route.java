package dev.petrel.route;

import dev.petrel.message.SkipReason;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The ordered plan of one round. */
public record Route(List<Hop> hops) {
    public Route {
        hops = List.copyOf(hops);
    }

    /**
     * The least bad provider where every one of these hops is shut, for failing everybody is not a safe state: the one
     * behind an open breaker, or not delivering, that failed least of late. Nothing where a hop is not shut, or where all of them
     * rest, for who asked to be left alone is, or are out by an operator's order.
     *
     * @param eligible which hops count at all for this request
     */
    public Optional<Hop> leastBadIfAllShut(Predicate<Hop> eligible) {
        List<Hop> left = hops.stream().filter(eligible).toList();
        if (left.stream().anyMatch(hop -> hop.candidate().shut() == null)) {
            return Optional.empty();
        }
        return left.stream()
                .filter(hop -> mayBeTried(hop.candidate().shut()))
                .min(Comparator.comparingDouble(hop -> hop.candidate().failureRate()));
    }

    private static boolean mayBeTried(@Nullable SkipReason shut) {
        return shut != SkipReason.RESTING && (shut == null || !shut.ordered());
    }
}
