package dev.petrel.delivery;

import dev.petrel.journal.Standing;
import dev.petrel.message.SendRequest;
import io.vertx.core.Future;

/** The way of a request. */
public final class Delivery {

    /** Never throws, never fails its future. */
    public Future<Outcome> deliver(SendRequest request, Standing standing, Term term) {
        return Future.succeededFuture(Outcome.LEFT);
    }
}
