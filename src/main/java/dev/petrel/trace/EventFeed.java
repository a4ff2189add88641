package dev.petrel.trace;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The events of requests, as they are told. Any thread may ask. */
public interface EventFeed {
    /**
     * From now on the listener is handed each event of the request, and none is missed between the two.
     *
     * @param listener called on the feed's own thread; must neither block nor throw
     * @return all that was told so far, in its order; empty where that is not known here
     */
    Optional<List<TracedEvent>> follow(String requestId, Consumer<TracedEvent> listener);

    /** What {@link #follow} would return. */
    Optional<List<TracedEvent>> known(String requestId);

    /** Whether every event of a request that was made then is known here: where none is, none was told. */
    boolean knowsAllSince(Instant requestedAt);

    /** The listener is handed nothing more, but for what is under way. */
    void leave(String requestId, Consumer<TracedEvent> listener);
}
