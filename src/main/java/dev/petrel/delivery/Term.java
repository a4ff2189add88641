package dev.petrel.delivery;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.BooleanSupplier;

/**
 * One time of owning one partition of the request topic, from its assignment until it is gone: assigned → active →
 * draining → gone. The same partition taken again is a new term, with nothing left of the old one.
 *
 * <p>Owning is believed only under the lease: the group's word, not older than the lease is long, that we are still in it.
 * Whoever was stopped for a while, or cut off, does not know what he has lost meanwhile: without the lease nothing is
 * decided, until it is back or the term is gone.
 *
 * <p>Used on the event loop of the delivery only; {@link #state()} may be read from any thread.
 */
public final class Term {
    public enum State {
        /** Ours, and nothing is sent: our mark is not on the status topic yet. */
        ASSIGNED,
        /** Attempts may start. */
        ACTIVE,
        /** No new attempt starts; what is in flight is told and settled. */
        DRAINING,
        /** Somebody else's: only results of attempts already begun are told. */
        GONE
    }

    private final int partition;
    private final int number;
    private final BooleanSupplier lease;
    private volatile State state = State.ASSIGNED;
    private long endAtStart = Long.MAX_VALUE;
    private int outstanding;
    private final Promise<Void> drained = Promise.promise();

    /**
     * @param number counts this process's terms of this partition, from 1
     * @param lease whether we hold it now
     */
    public Term(int partition, int number, BooleanSupplier lease) {
        this.partition = partition;
        this.number = number;
        this.lease = lease;
    }

    public int partition() {
        return partition;
    }

    public int number() {
        return number;
    }

    public State state() {
        return state;
    }

    /** @param end the request partition's end when it was taken over: below it, an earlier owner may have sent */
    public void activate(long end) {
        if (state == State.ASSIGNED) {
            endAtStart = end;
            state = State.ACTIVE;
        }
    }

    /** Succeeds once no attempt is in flight and every status is acknowledged. */
    public Future<Void> drain() {
        if (state != State.GONE) {
            state = State.DRAINING;
        }
        if (outstanding == 0) {
            drained.tryComplete();
        }
        return drained.future();
    }

    public void lose() {
        state = State.GONE;
    }

    /** Whether attempts may start, once the lease is held. */
    public boolean isActive() {
        return state == State.ACTIVE;
    }

    /** Whether finals may be written, once the lease is held: not after the drain, for the next owner may be reading. */
    public boolean isOurs() {
        return state == State.ACTIVE
                || state == State.DRAINING && !drained.future().isComplete();
    }

    public boolean leaseHeld() {
        return lease.getAsBoolean();
    }

    /** Whether an earlier owner may have sent what lies at this offset. */
    public boolean mayHaveBeenSent(long offset) {
        return offset < endAtStart;
    }

    /** An attempt or the publishing of a status begins. Each begin has one {@link #end()}. */
    public void begin() {
        outstanding++;
    }

    /** To be called after everything that follows from it was done: a drain may be over with it. */
    public void end() {
        outstanding--;
        if (outstanding == 0 && state != State.ACTIVE && state != State.ASSIGNED) {
            drained.tryComplete();
        }
    }

    /** Attempts in flight and statuses not yet acknowledged. */
    public int outstanding() {
        return outstanding;
    }
}
