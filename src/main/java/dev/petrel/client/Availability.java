package dev.petrel.client;

import java.time.Instant;
import java.util.Optional;

/**
 * Whether SMS can be relied on.
 *
 * @param since when it came to be so; none where nothing is known
 * @param medianSeconds how long half of the codes take
 */
public record Availability(State state, Optional<Instant> since, Optional<Double> medianSeconds) {
    public enum State {
        OK,
        DEGRADED,
        DOWN
    }
}
