package dev.petrel.journal;

import dev.petrel.message.ReasonClass;
import dev.petrel.message.ReceiptState;
import org.jspecify.annotations.Nullable;

/**
 * An attempt that a handset may yet see, or might have: accepted, or perhaps; with the highest word of its provider since.
 * Changed by its {@link Standing} alone.
 */
public final class Copy {
    private final String attemptId;
    private final int number;
    private final int round;
    private final String provider;
    private boolean accepted;
    private boolean givenUp;
    private long at;
    private @Nullable ReceiptState state;
    private @Nullable ReasonClass reasonClass;

    Copy(String attemptId, int number, int round, String provider, long at) {
        this.attemptId = attemptId;
        this.number = number;
        this.round = round;
        this.provider = provider;
        this.at = at;
    }

    void accept() {
        accepted = true;
    }

    /** By rank, not by arrival. */
    boolean hear(ReceiptState word, @Nullable ReasonClass why) {
        if (state != null && word.compareTo(state) <= 0) {
            return false;
        }
        state = word;
        reasonClass = why;
        return true;
    }

    void giveUp() {
        givenUp = true;
    }

    void toldAt(long when) {
        at = when;
    }

    public String attemptId() {
        return attemptId;
    }

    /** Within the request; not unique after a crash. */
    public int number() {
        return number;
    }

    public int round() {
        return round;
    }

    public String provider() {
        return provider;
    }

    /** Whether the provider surely took it. */
    public boolean accepted() {
        return accepted;
    }

    /** Whether it was told that nothing good is expected of it, and the next provider follows. */
    public boolean givenUp() {
        return givenUp;
    }

    /** When it was told, in milliseconds since the epoch. */
    public long at() {
        return at;
    }

    /** The highest word of its provider; null where there is none. */
    public @Nullable ReceiptState state() {
        return state;
    }

    /** Why that word is bad; null where it is not. */
    public @Nullable ReasonClass reasonClass() {
        return reasonClass;
    }

    /** Whether its provider says that the handset will not see it. */
    public boolean bad() {
        return state != null && state.bad();
    }

    /** Whether no later word is to be expected. */
    public boolean over() {
        return state != null && state.last();
    }
}
