package dev.petrel.bench;

/** One way from the request topic over the provider to the status topic. */
interface Variant {
    String name();

    /** The final status that a request comes to while nothing goes wrong. */
    String outcome();

    /** So many requests a round at most. */
    default int most() {
        return Integer.MAX_VALUE;
    }

    /** Begins to work off this topic, which is full already. */
    void start(String requestTopic) throws Exception;

    void stop() throws Exception;
}
