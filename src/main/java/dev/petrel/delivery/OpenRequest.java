package dev.petrel.delivery;

import dev.petrel.journal.JournalEvent;
import io.vertx.core.Future;

/** A request on its way, for whoever handed it over. Used on the event loop of the delivery. */
public interface OpenRequest {
    /** Succeeds once it is over for us; never fails. */
    Future<Outcome> outcome();

    /** Somebody else has told something of it: where he took it or ended it, what has not started is not begun. */
    void apply(JournalEvent told);

    /** A newer request has come in its place: it ends {@code superseded} before this returns, unless somebody took it. */
    void supersede();
}
