package dev.petrel.attempt;

import dev.petrel.config.Check;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How hard Petrel may lean on one provider; per instance.
 *
 * @param timeout after which an attempt is given up as perhaps sent
 * @param maxInFlight submissions without an answer
 * @param maxPerSecond submissions started in a second; null: no limit
 * @param maxWait how long a request queues for its turn before the provider is passed over
 */
public record ProviderConfig(
        String id,
        Duration timeout,
        int maxInFlight,
        @Nullable Integer maxPerSecond,
        Duration maxWait,
        BreakerConfig breaker) {

    /** The most that {@code maxInFlight} may be. */
    public static final int MOST_IN_FLIGHT = 20_000;

    /** The same provider without a pace. */
    public ProviderConfig withoutPace() {
        return new ProviderConfig(id, timeout, maxInFlight, null, maxWait, breaker);
    }

    public ProviderConfig {
        Check check = Check.of("petrel.providers." + id)
                .between("timeout", timeout, Duration.ofMillis(100), Duration.ofSeconds(30))
                .between("max-in-flight", maxInFlight, 1, MOST_IN_FLIGHT);
        if (maxPerSecond != null) {
            check = check.between("max-per-second", maxPerSecond, 1, 100_000);
        }
        check.in("petrel.attempt")
                .between("max-wait", maxWait, Duration.ZERO, Duration.ofSeconds(10))
                .done();
    }
}
