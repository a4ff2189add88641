package dev.petrel.delivery;

/** The texts that are held. */
public final class Held {
    /** Whether no further request should be taken in. */
    public boolean full() {
        return false;
    }
}
