package dev.petrel.metrics;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Raises alerts that may hold for every request: each is counted, and the log hears of a kind once in ten seconds. Used
 * on one event loop.
 */
public final class Alarm {
    private static final Duration TELL_AGAIN = Duration.ofSeconds(10);

    private final Meters meters;
    private final LongSupplier nanos;
    private final Map<Alert, Long> lastTold = new EnumMap<>(Alert.class);

    /** @param nanos monotonic */
    public Alarm(Meters meters, LongSupplier nanos) {
        this.meters = meters;
        this.nanos = nanos;
    }

    /** @param tell writes the line in the log */
    public void raise(Alert alert, Runnable tell) {
        meters.alert(alert);
        long now = nanos.getAsLong();
        Long last = lastTold.get(alert);
        if (last == null || now - last >= TELL_AGAIN.toNanos()) {
            lastTold.put(alert, now);
            tell.run();
        }
    }
}
