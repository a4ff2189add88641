package dev.petrel.kafka;

import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/**
 * Whether the intake holds back: the load that can't be sent now waits in Kafka. It sets in at a limit and goes on until
 * there is some room again, so that partitions are not paused and resumed with every record.
 */
public final class Backpressure {
    private final BooleanSupplier full;
    private final BooleanSupplier roomy;
    private final IntSupplier unacknowledged;
    private final IntSupplier most;
    private boolean on;

    /**
     * @param full whether no further text should be taken in
     * @param roomy whether taking in is worth while again
     * @param unacknowledged statuses that the broker has not acknowledged
     * @param most of these
     */
    public Backpressure(BooleanSupplier full, BooleanSupplier roomy, IntSupplier unacknowledged, IntSupplier most) {
        this.full = full;
        this.roomy = roomy;
        this.unacknowledged = unacknowledged;
        this.most = most;
    }

    boolean on() {
        int open = unacknowledged.getAsInt();
        on = on
                ? !roomy.getAsBoolean() || open > most.getAsInt() * 9L / 10
                : full.getAsBoolean() || open >= most.getAsInt();
        return on;
    }
}
