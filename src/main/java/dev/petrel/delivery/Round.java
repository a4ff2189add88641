package dev.petrel.delivery;

import dev.petrel.attempt.GuardedProvider;
import dev.petrel.journal.Standing;
import dev.petrel.message.SendRequest;
import dev.petrel.message.SkipReason;
import dev.petrel.route.Candidate;
import dev.petrel.route.Hop;
import dev.petrel.route.Route;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One request's rounds over the hops of its route: which provider is next, and which are passed over. */
final class Round {
    private final Delivery delivery;
    private final SendRequest request;
    private final Standing standing;
    private final Telling telling;

    private int number;
    private Route route = new Route(List.of());
    private int nextHop;
    private boolean attempted;
    private boolean leastBadAsked;

    Round(Delivery delivery, SendRequest request, Standing standing, Telling telling) {
        this.delivery = delivery;
        this.request = request.withoutText();
        this.standing = standing;
        this.telling = telling;
        this.number = standing.round();
    }

    /** From 1. */
    int number() {
        return number;
    }

    /** The same round, by how the providers stand now: those that were tried in it are not tried once more. */
    void plan() {
        number = Math.max(number, standing.round()); // an attempt that was never told may have been of a later one
        route = route();
        nextHop = 0;
        attempted = false;
        leastBadAsked = false;
    }

    void planNext() {
        number++;
        plan();
    }

    private Route route() {
        return delivery.planner.plan(request, number, this::candidate);
    }

    private @Nullable Candidate candidate(String provider) {
        return delivery.providers.candidate(provider, country(), orderedOut(provider), delivery.receiving.health());
    }

    /** Why an operator has the provider out for this request now; null where none has. Never older than this moment. */
    @Nullable
    SkipReason orderedOut(String provider) {
        return delivery.orderedOut(provider, country());
    }

    /** Whether of those that may be tried for this request at all operators have every one out. */
    boolean ordersLeaveNobody() {
        boolean any = false;
        for (Hop hop : route.hops()) {
            if (!standing.isOut(hop.provider())) {
                if (orderedOut(hop.provider()) == null) {
                    return false;
                }
                any = true;
            }
        }
        return any;
    }

    /** Tells, with the next event, of everybody whom operators have out. */
    void tellOrders() {
        for (Hop hop : route.hops()) {
            SkipReason ordered = orderedOut(hop.provider());
            if (ordered != null) {
                passOver(hop.provider(), ordered);
            }
        }
    }

    void passOver(String provider, SkipReason reason) {
        telling.skip(provider, reason);
        delivery.meters.skip(provider, reason);
    }

    private String country() {
        return request.to().country();
    }

    boolean hasNoHops() {
        return route.hops().isEmpty();
    }

    /** No provider of the route will be tried again for this request. */
    boolean everyHopIsOut() {
        return route.hops().stream().allMatch(hop -> standing.isOut(hop.provider()));
    }

    /**
     * The next provider to ask, or null after the last; tells of those that are passed over, by an order or for what they
     * don't deliver.
     */
    @Nullable
    GuardedProvider next() {
        while (nextHop < route.hops().size()) {
            Hop hop = route.hops().get(nextHop++);
            GuardedProvider provider = delivery.providers.get(hop.provider());
            if (provider != null && mayTry(hop)) {
                SkipReason reason = whyPassedOver(hop);
                if (reason == null) {
                    return provider;
                }
                passOver(hop.provider(), reason);
            }
        }
        return null;
    }

    private boolean mayTry(Hop hop) {
        boolean triedInRound = standing.round() == number && standing.tried(hop.provider());
        return !triedInRound && !standing.isOut(hop.provider());
    }

    private @Nullable SkipReason whyPassedOver(Hop hop) {
        SkipReason ordered = orderedOut(hop.provider());
        if (ordered != null) {
            return ordered;
        }
        boolean mayTry = hop.candidate().shut() != SkipReason.NOT_DELIVERING
                || isLeastBad(hop)
                || delivery.receiving.health().mayTry(hop.provider(), country());
        return mayTry ? null : SkipReason.NOT_DELIVERING;
    }

    /** No hop of the route is open, and this is the best of them: passing it over would fail everybody. */
    private boolean isLeastBad(Hop hop) {
        return route.leastBadIfAllShut(any -> !standing.isOut(any.provider()))
                .filter(hop::equals)
                .isPresent();
    }

    /** An attempt begins. */
    void attempted() {
        attempted = true;
    }

    /**
     * The least bad provider, where all are shut and nothing was tried in this round: failing everybody is not a safe state.
     * Once in a round.
     */
    @Nullable
    GuardedProvider leastBad() {
        if (attempted || leastBadAsked) {
            return null;
        }
        leastBadAsked = true;
        return route().leastBadIfAllShut(this::mayTry)
                .map(hop -> delivery.providers.get(hop.provider()))
                .orElse(null);
    }
}
