package dev.petrel.message;

import java.util.Locale;

/** Why a provider was passed over without an attempt. The names in lower case are the words on the wire. */
public enum SkipReason {
    BREAKER_OPEN,
    /** What it takes for this country does not arrive. */
    NOT_DELIVERING,
    RESTING,
    RATE_LIMIT,
    IN_FLIGHT_LIMIT,
    /** An operator has it drained, everywhere or for this country. */
    DRAINED,
    /** An operator holds its breaker open. */
    HELD_OPEN;

    private final String wire = name().toLowerCase(Locale.ROOT);

    /** Whether an operator wants it so: then it is not tried as the least bad of all either. */
    public boolean ordered() {
        return this == DRAINED || this == HELD_OPEN;
    }

    public String wire() {
        return wire;
    }
}
