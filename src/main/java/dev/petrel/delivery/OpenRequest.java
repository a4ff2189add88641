package dev.petrel.delivery;

import dev.petrel.journal.JournalEvent;
import io.vertx.core.Future;

/** A request on its way, for whoever handed it over. Used on the event loop of the delivery. */
public interface OpenRequest {
    /** Succeeds once it is over for us; never fails. */
    Future<Outcome> outcome();

    /** Somebody else has told something of it: a receipt, a result, its final. It is applied before the next step. */
    void apply(JournalEvent told);

    /** Its partition is somebody else's: what is in flight is told, and nothing more is done. */
    void leave();

    /** A newer request has come in its place: it ends {@code superseded} before this returns, unless somebody took it. */
    void supersede();
}
