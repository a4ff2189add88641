package dev.petrel.delivery;

import dev.petrel.attempt.GuardedProvider;
import dev.petrel.health.DeliveryHealth;
import dev.petrel.message.SkipReason;
import dev.petrel.route.Candidate;
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

    /** Null if there is none of that id. */
    @Nullable
    GuardedProvider get(String id) {
        return byId.get(id);
    }

    /** For a recipient in this country; null if there is none of that id. */
    @Nullable
    Candidate candidate(String id, String country, DeliveryHealth health) {
        GuardedProvider provider = byId.get(id);
        if (provider == null) {
            return null;
        }
        SkipReason shut = provider.shut();
        if (shut == null && health.isOut(id, country, provider.givesReceipts())) {
            return new Candidate(id, SkipReason.NOT_DELIVERING, health.undelivered(id, country));
        }
        return new Candidate(id, shut, provider.failureRate());
    }
}
