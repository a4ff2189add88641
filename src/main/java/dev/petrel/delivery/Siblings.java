package dev.petrel.delivery;

import dev.petrel.message.SendRequest;

/** The other requests of a partition, as one of them sees them. */
public interface Siblings {
    /** Of a request that has none. */
    Siblings NONE = new Siblings() {
        @Override
        public void supersede(SendRequest newer) {}

        @Override
        public boolean isSuperseded(SendRequest request) {
            return false;
        }
    };

    /** Ends the request that this one supersedes, at once if it is on its way, or else when it comes. */
    void supersede(SendRequest newer);

    /** Whether a newer request has come in place of this one. */
    boolean isSuperseded(SendRequest request);
}
