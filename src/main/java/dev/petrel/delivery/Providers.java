package dev.petrel.delivery;

import dev.petrel.attempt.GuardedProvider;
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

    /** Null if there is none of that id. */
    @Nullable
    Candidate candidate(String id) {
        GuardedProvider provider = byId.get(id);
        return provider == null ? null : new Candidate(id, provider.shut(), provider.failureRate());
    }
}
