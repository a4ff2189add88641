package dev.petrel.message;

import java.util.Locale;

/**
 * What a provider says became of a message: the states of SMPP 3.4, section 5.2.28. The order is their rank: receipts come
 * late, twice and out of order, and the highest that was heard counts. The names in lower case are the words on the wire.
 */
public enum ReceiptState {
    /** The provider can't say. */
    UNKNOWN,
    /** The provider has it. */
    ACCEPTED,
    /** On its way to the handset; the last word where a carrier reports no handsets. */
    ENROUTE,
    /** Its validity period ended. */
    EXPIRED,
    /** It was withdrawn. */
    DELETED,
    /** The network could not deliver it. */
    UNDELIVERABLE,
    /** The provider, or the network, would not deliver it. */
    REJECTED,
    /** It reached the handset. Above all others: some say no before they say yes. */
    DELIVERED;

    private final String wire = name().toLowerCase(Locale.ROOT);

    public String wire() {
        return wire;
    }

    /** Whether it says that the handset will not see the message. */
    public boolean bad() {
        return this == EXPIRED || this == DELETED || this == UNDELIVERABLE || this == REJECTED;
    }

    /** Whether no later word is to be expected. */
    public boolean last() {
        return bad() || this == DELIVERED;
    }
}
