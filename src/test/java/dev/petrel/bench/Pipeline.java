package dev.petrel.bench;

/** Takes requests from their topic to a provider, and tells of each on the status topic. */
interface Pipeline {
    /** Returns when it works on all partitions, or is about to. */
    void start() throws Exception;

    void stop() throws Exception;

    /** Where one can look at it; 0: nowhere. */
    default int managementPort() {
        return 0;
    }
}
