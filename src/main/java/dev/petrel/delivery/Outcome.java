package dev.petrel.delivery;

/** What a request came to on our side. */
public enum Outcome {
    /** Its final status is acknowledged: its offset is done. */
    SETTLED,
    /** Its partition went to somebody else before it was settled: its offset is the next owner's. */
    LEFT
}
