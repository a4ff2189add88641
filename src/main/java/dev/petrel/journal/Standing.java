package dev.petrel.journal;

/** Where one request stands. */
public final class Standing {
    private boolean possiblySent;

    /** @param possiblySent whether an earlier owner may have sent it without telling */
    public Standing(boolean possiblySent) {
        this.possiblySent = possiblySent;
    }

    public boolean possiblySent() {
        return possiblySent;
    }
}
