package dev.petrel.message;

import java.util.Locale;

/** What a status event says of its request. The names in lower case are the words on the wire. */
public enum Status {
    /** One provider did not take it. */
    ATTEMPT_FAILED,
    /** A provider took it. Taken is not delivered. */
    SUBMITTED,
    /** Nothing more can or may be tried. */
    FAILED,
    /** The code's life ended before any provider took it. */
    EXPIRED,
    /** Petrel will not send it. */
    REJECTED,
    /** A newer request named this one, and nobody had taken it yet. */
    SUPERSEDED,
    /** A provider took it, and nothing will tell how it ended. */
    UNCONFIRMED;

    private final String wire = name().toLowerCase(Locale.ROOT);

    public String wire() {
        return wire;
    }
}
