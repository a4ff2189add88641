package dev.petrel.provider.sns;

import software.amazon.awssdk.http.SdkHttpExecutionAttribute;

/**
 * What {@link SnsProvider} and {@link VertxSdkHttpClient} tell each other of one submission, past the SDK that stands
 * between them: until when it may be written, and whether the SDK got so far as to hand it over.
 */
final class Flight {
    static final SdkHttpExecutionAttribute<Flight> ATTRIBUTE = new SdkHttpExecutionAttribute<>(Flight.class) {};

    private final long deadline;
    private volatile boolean handedOver;

    /** @param deadline by {@link dev.petrel.time.Time#nanos()} */
    Flight(long deadline) {
        this.deadline = deadline;
    }

    long deadline() {
        return deadline;
    }

    void handOver() {
        handedOver = true;
    }

    boolean handedOver() {
        return handedOver;
    }
}
