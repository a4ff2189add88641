package dev.petrel.delivery;

import dev.petrel.message.SendRequest;
import dev.petrel.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * Asked just before an attempt is written, and before a final: the last word on whether it may be. Everything that was
 * true when the request began to queue may have changed since.
 */
final class Gate {
    /** What may be done now. */
    enum Leave {
        GO,
        /** Too little is left of the code's life. */
        EXPIRED,
        /** Whether the partition is still ours will be known when the lease is back. */
        NO_LEASE,
        /** The partition is no longer ours. */
        GONE
    }

    private final Supplier<DeliveryConfig> config;
    private final Time time;

    Gate(Supplier<DeliveryConfig> config, Time time) {
        this.config = config;
        this.time = time;
    }

    Leave toAttempt(SendRequest request, Term term) {
        if (!term.isActive()) {
            return Leave.GONE;
        }
        if (!term.leaseHeld()) {
            return Leave.NO_LEASE;
        }
        return time.now().isAfter(lastStart(request)) ? Leave.EXPIRED : Leave.GO;
    }

    /** Whether a final may be written now. */
    Leave toDecide(Term term) {
        if (!term.isOurs()) {
            return Leave.GONE;
        }
        return term.leaseHeld() ? Leave.GO : Leave.NO_LEASE;
    }

    /** The last instant at which an attempt may start. */
    Instant lastStart(SendRequest request) {
        return request.expiresAt().minus(config.get().minLife());
    }

    /** How long an attempt may take at the most: no answer is waited for past the expiry. */
    Duration patience(SendRequest request, Duration timeout) {
        Duration left = Duration.between(time.now(), request.expiresAt());
        return left.compareTo(timeout) < 0 ? left : timeout;
    }
}
