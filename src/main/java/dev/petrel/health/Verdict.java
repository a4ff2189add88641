package dev.petrel.health;

/** What one copy says of its provider. */
enum Verdict {
    ARRIVED,
    /** A bad receipt that is the provider's fault, or silence that is held against it. */
    LOST,
    /** Says nothing, and will not. */
    NEUTRAL,
    /** Too young, or it is not yet clear whether its silence counts. */
    OPEN
}
