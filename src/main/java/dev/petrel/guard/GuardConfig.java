package dev.petrel.guard;

import dev.petrel.config.Check;
import dev.petrel.message.NumberType;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where codes may go, and who may send them.
 *
 * @param allowedCountries ISO 3166 codes; empty: all that are not denied
 * @param deniedCountries ISO 3166 codes
 * @param tenants by name; who is not in it is not limited
 */
public record GuardConfig(
        Set<String> allowedCountries,
        Set<String> deniedCountries,
        Set<NumberType> deniedTypes,
        Map<String, Tenant> tenants) {
    private static final Pattern TENANT = Pattern.compile("[a-z0-9_-]{1,32}");
    private static final int LONGEST_SENDER = 64;

    public GuardConfig {
        allowedCountries = Set.copyOf(allowedCountries);
        deniedCountries = Set.copyOf(deniedCountries);
        deniedTypes = Set.copyOf(deniedTypes);
        tenants = Map.copyOf(tenants);
        Check check = Check.of("petrel.tenants");
        for (Map.Entry<String, Tenant> named : tenants.entrySet()) {
            String name = named.getKey();
            Integer rate = named.getValue().maxPerSecond();
            check = check.that(TENANT.matcher(name).matches(), name, "a name", "1 to 32 of a-z 0-9 _ -")
                    .that(
                            named.getValue().senders().stream()
                                    .allMatch(sender -> !sender.isEmpty() && sender.length() <= LONGEST_SENDER),
                            name + ".senders",
                            "a list",
                            "of sender ids, 1 to " + LONGEST_SENDER + " characters each");
            check = rate == null ? check : check.between(name + ".max-per-second", rate, 1, 100_000);
        }
        check.done();
    }

    /** What he may send; null: who names no tenant. */
    public Tenant tenant(@Nullable String name) {
        return name == null ? Tenant.UNLIMITED : tenants.getOrDefault(name, Tenant.UNLIMITED);
    }
}
