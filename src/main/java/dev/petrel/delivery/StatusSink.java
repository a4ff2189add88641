package dev.petrel.delivery;

import dev.petrel.message.StatusEvent;
import io.vertx.core.Future;

/**
 * Where statuses go out.
 *
 * <p>Called on the event loop of the delivery; answers there. Events of one partition are published in the order of
 * the calls. The future succeeds once the event is acknowledged; it never fails: what could not be queued is repeated
 * for as long as it takes, and where repeating is of no use the process ends with the offset unsettled.
 */
public interface StatusSink {
    Future<Void> publish(StatusEvent event, Term term);
}
