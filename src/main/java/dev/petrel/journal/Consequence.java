package dev.petrel.journal;

import dev.petrel.message.ReasonClass;

/** What an attempt that was not accepted means for the rest of its request. */
public enum Consequence {
    /** No provider may send it: the request ends. */
    STOP,
    /** This provider is out for this request. */
    PROVIDER_OUT,
    /** From now on the request goes with the providers' own senders. */
    OWN_SENDERS,
    /** This provider may be tried again in a later round. */
    GO_ON;

    public static Consequence of(ReasonClass reasonClass) {
        return switch (reasonClass) {
            case RECIPIENT_INVALID, OPTED_OUT, CONTENT -> STOP;
            // a block, once told, is never laundered through the next provider
            case FRAUD_BLOCKED, GEO_BLOCKED -> STOP;
            case RECIPIENT_UNREACHABLE, NO_ROUTE, FILTERED, BAD_REQUEST -> PROVIDER_OUT;
            case SENDER_REFUSED -> OWN_SENDERS;
            case PROVIDER_FAULT, THROTTLED, UNAVAILABLE, SERVER_ERROR, AMBIGUOUS -> GO_ON;
            // these end requests and come from no attempt
            case NO_PROVIDER, DENIED, LIMIT, INVALID, SATURATED, EXPIRED, VERIFIED -> STOP;
        };
    }
}
