package dev.petrel.guard;

import dev.petrel.message.NumberType;
import java.util.Set;

/**
 * Where codes may go.
 *
 * @param allowedCountries ISO 3166 codes; empty: all that are not denied
 * @param deniedCountries ISO 3166 codes
 */
public record GuardConfig(Set<String> allowedCountries, Set<String> deniedCountries, Set<NumberType> deniedTypes) {
    public GuardConfig {
        allowedCountries = Set.copyOf(allowedCountries);
        deniedCountries = Set.copyOf(deniedCountries);
        deniedTypes = Set.copyOf(deniedTypes);
    }
}
