package dev.petrel.metrics;

import java.util.Locale;

/** What users are to get. The names in lower case are the values of the tag {@code objective}. */
public enum Objective {
    /** A provider took it, or its final said what to do instead, before the code expired: 99.9 of 100. */
    ANSWERED,
    /** Taken within 10 s, and where receipts tell, in hand within 30 s: 99 of 100. */
    PROMPT;

    private final String tag = name().toLowerCase(Locale.ROOT);

    public String tag() {
        return tag;
    }
}
