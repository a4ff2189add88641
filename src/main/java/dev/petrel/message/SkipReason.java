package dev.petrel.message;

import java.util.Locale;

/** Why a provider was passed over without an attempt. The names in lower case are the words on the wire. */
public enum SkipReason {
    BREAKER_OPEN,
    /** What it takes for this country does not arrive. */
    NOT_DELIVERING,
    RESTING,
    RATE_LIMIT,
    IN_FLIGHT_LIMIT;

    private final String wire = name().toLowerCase(Locale.ROOT);

    public String wire() {
        return wire;
    }
}
