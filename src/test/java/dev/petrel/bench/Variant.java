package dev.petrel.bench;

/** One way from the request topic over the provider to the status topic. */
interface Variant {
    String name();

    /** Begins to work off this topic, which is full already. */
    void start(String requestTopic) throws Exception;

    void stop() throws Exception;
}
