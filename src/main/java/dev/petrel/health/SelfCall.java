package dev.petrel.health;

import io.vertx.core.Future;

/** Calls our own public URL, the way a provider's webhook would. */
public interface SelfCall {
    /**
     * Asked once for each time that everybody falls silent, and where it failed again every few seconds, one call at a
     * time. Never blocks; completes on the event loop that the
     * health lives on, within seconds.
     *
     * @return false or failed where we can't be reached
     */
    Future<Boolean> reachable();
}
