package dev.petrel.guard;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one tenant may send.
 *
 * @param countries ISO 3166 codes; empty: every country
 * @param senders the sender ids that his requests may name; empty: any
 * @param maxPerSecond requests on one instance; null: no limit
 */
public record Tenant(
        Set<String> countries,
        Set<String> senders,
        @Nullable Integer maxPerSecond) {
    static final Tenant UNLIMITED = new Tenant(Set.of(), Set.of(), null);

    public Tenant {
        countries = Set.copyOf(countries);
        senders = Set.copyOf(senders);
    }
}
