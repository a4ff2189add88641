package dev.petrel.message;

import java.util.Locale;

/** What a status event says of its request. The names in lower case are the words on the wire. */
public enum Status {
    /** One provider did not take it. */
    ATTEMPT_FAILED,
    /** A provider took it. Taken is not delivered. */
    SUBMITTED,
    /** What a provider said of an attempt, written by whichever instance heard it. */
    RECEIPT,
    /** A receipt said no, or none came in time, and Petrel goes on to the next provider. */
    UNDELIVERED,
    /** A receipt says that it reached the handset, or the auth service that the user typed it. */
    DELIVERED,
    /** Nothing more can or may be tried. */
    FAILED,
    /** The code's life ended before any provider took it. */
    EXPIRED,
    /** Petrel will not send it. */
    REJECTED,
    /** A newer request named this one, and nobody had taken it yet. */
    SUPERSEDED,
    /** A provider took it, and nothing said how it ended. */
    UNCONFIRMED;

    private final String wire = name().toLowerCase(Locale.ROOT);

    public String wire() {
        return wire;
    }
}
