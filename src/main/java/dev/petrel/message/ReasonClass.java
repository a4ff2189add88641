package dev.petrel.message;

import java.util.Locale;

/**
 * Why something went wrong: the closed list that statuses, metrics and tables share. The names in lower case are the
 * words on the wire.
 */
public enum ReasonClass {
    // about the recipient
    RECIPIENT_INVALID,
    RECIPIENT_UNREACHABLE,
    OPTED_OUT,
    // a provider will not send this
    FRAUD_BLOCKED,
    GEO_BLOCKED,
    FILTERED,
    NO_ROUTE,
    CONTENT,
    SENDER_REFUSED,
    BAD_REQUEST,
    // a provider could not
    PROVIDER_FAULT,
    THROTTLED,
    UNAVAILABLE,
    SERVER_ERROR,
    AMBIGUOUS,
    // Petrel could not, or would not
    NO_PROVIDER,
    DENIED,
    LIMIT,
    INVALID,
    SATURATED,
    EXPIRED,
    /** The auth service says that the user typed the code. */
    VERIFIED;

    private final String wire = name().toLowerCase(Locale.ROOT);

    public String wire() {
        return wire;
    }
}
