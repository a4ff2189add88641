package dev.petrel.delivery;

import dev.petrel.attempt.GuardedProvider;
import dev.petrel.control.Order;
import dev.petrel.control.Orders;
import dev.petrel.health.DeliveryHealth;
import dev.petrel.message.SkipReason;
import dev.petrel.route.Candidate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The providers by id, and how the planner sees them. */
public final class Providers {
    private final Map<String, GuardedProvider> byId;

    public Providers(List<GuardedProvider> providers) {
        this.byId = providers.stream().collect(Collectors.toUnmodifiableMap(GuardedProvider::id, Function.identity()));
    }

    /** Breakers are held as operators want it now, and let go where none wants it any more. */
    void hold(Orders orders, Instant now) {
        byId.forEach((id, provider) -> {
            Order.Hold hold = orders.hold(id, now);
            if (hold == null) {
                provider.letGo();
            } else if (hold == Order.Hold.OPEN) {
                provider.holdOpen();
            } else {
                provider.holdClosed();
            }
        });
    }

    /** Whether each of them has so many waiting that one request more would be sent no sooner for being taken in. */
    boolean haveTheirFill() {
        for (GuardedProvider provider : byId.values()) {
            if (!provider.hasItsFill()) {
                return false;
            }
        }
        return true;
    }

    public Collection<GuardedProvider> all() {
        return byId.values();
    }

    /** Null if there is none of that id. */
    @Nullable
    GuardedProvider get(String id) {
        return byId.get(id);
    }

    /**
     * For a recipient in this country; null if there is none of that id.
     *
     * @param ordered why an operator has it out; null where none has
     */
    @Nullable
    Candidate candidate(String id, String country, @Nullable SkipReason ordered, DeliveryHealth health) {
        GuardedProvider provider = byId.get(id);
        if (provider == null) {
            return null;
        }
        if (ordered != null) {
            return new Candidate(id, ordered, provider.failureRate());
        }
        SkipReason shut = provider.shut();
        if (shut == null && health.isOut(id, country, provider.givesReceipts())) {
            return new Candidate(id, SkipReason.NOT_DELIVERING, health.undelivered(id, country));
        }
        return new Candidate(id, shut, provider.failureRate());
    }
}
