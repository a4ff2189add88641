package dev.petrel.delivery;

import io.vertx.core.Future;
import io.vertx.core.Promise;

/**
 * One time of owning one partition of the request topic, from its assignment until it is gone: assigned → active →
 * draining → gone. The same partition taken again is a new term, with nothing left of the old one.
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
    private volatile State state = State.ASSIGNED;
    private long endAtStart = Long.MAX_VALUE;
    private int outstanding;
    private final Promise<Void> drained = Promise.promise();

    /** @param number counts this process's terms of this partition, from 1 */
    public Term(int partition, int number) {
        this.partition = partition;
        this.number = number;
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

    public boolean mayAttempt() {
        return state == State.ACTIVE;
    }

    /** Whether a final may be written. */
    public boolean mayDecide() {
        return state == State.ACTIVE || state == State.DRAINING;
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
