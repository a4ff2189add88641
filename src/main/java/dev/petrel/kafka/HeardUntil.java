package dev.petrel.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Until when a tail has surely heard all that was told, partition by partition. A tail that is cut off hears nothing, as one
 * does where nothing is told; so it must be asked how far each partition goes. Any thread may ask.
 */
final class HeardUntil {
    /** A new leader may have to be found first, after a broker has crashed. */
    static final Duration BEHIND = Duration.ofSeconds(10);

    private final Map<Integer, Long> until = new ConcurrentHashMap<>();
    private final LongSupplier nanos;

    HeardUntil(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** One of which nothing was heard yet. */
    void add(int partition) {
        until.put(partition, nanos.getAsLong() - BEHIND.toNanos() - 1);
    }

    /** @param at by the clock that this was made with; what was told on this partition until then was heard */
    void heard(int partition, long at) {
        until.merge(partition, at, Math::max);
    }

    /** Of a partition that is not known nothing is said. */
    boolean isBehind(int partition) {
        Long heard = until.get(partition);
        return heard != null && isLong(heard);
    }

    /** Whether any is. */
    boolean isBehind() {
        return until.values().stream().anyMatch(this::isLong);
    }

    private boolean isLong(long since) {
        return nanos.getAsLong() - since > BEHIND.toNanos();
    }
}
