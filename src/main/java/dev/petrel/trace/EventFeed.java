package dev.petrel.trace;

import dev.petrel.message.Source;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Requests that were brought by HTTP, and the events of all, as they come. Any thread may ask. */
public interface EventFeed {
    /**
     * From now on the listener is handed each event of the request; what came before is {@link #known} from now on.
     *
     * @param listener called on the feed's own thread; must neither block nor throw
     */
    void follow(String requestId, Consumer<TracedEvent> listener);

    /** The listener is handed nothing more, but for what is under way. */
    void leave(String requestId, Consumer<TracedEvent> listener);

    /** All that has come of an id; empty where nothing has, or where that would not be all. */
    Optional<Known> known(String requestId);

    /** Whether the request that stands there has come, if it is to come at all. From its 202 on that takes a moment. */
    boolean hasRead(Source place);

    /** Whether something has come of a request behind this one: then of this one, too, unless it waits, or is a repeat. */
    boolean isPassedBy(Source place);

    /** Whether it may be that for some seconds nothing has come of what was told on this partition. */
    boolean isBehind(int partition);

    /** Whether that may be on any. */
    boolean isBehind();

    /**
     * What has come of an id, which several may have used.
     *
     * @param events in the order of their partition; none while none was told
     * @param brought by HTTP, in their order; a repeat is one of its own
     */
    record Known(List<TracedEvent> events, List<Brought> brought) {}

    /**
     * A record of a request by HTTP.
     *
     * @param at the time of the record
     */
    record Brought(String tenant, Source place, Instant at) {}
}
