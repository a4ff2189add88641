package dev.petrel.web;

import dev.petrel.trace.EventFeed;
import dev.petrel.trace.TracedEvent;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The events of one request as server-sent ones: first those that were told, then each as it comes, until its final. The id of
 * each is its {@code eventId}; who comes back with the last that he has seen ({@code Last-Event-ID}) is sent those after it,
 * and is told not to come again (204) where it was the final. It ends with its token, before the next event.
 *
 * <p>On the web server's event loop, but for what the feed brings.
 */
final class EventStream {
    /** Longer than any request is open by the usual settings; who follows for longer comes back. */
    private static final Duration LONGEST = Duration.ofMinutes(30);

    private final Vertx vertx;
    private final HttpCall call;
    private final String requestId;
    private final EventFeed feed;
    private final Consumer<EventStream> left;
    private final Context context;
    private final Consumer<TracedEvent> listener;
    private final Set<String> sent = new HashSet<>();
    /** Where the request stands; another's under the same id stands elsewhere. */
    private final Set<String> places = new HashSet<>();

    private final List<TracedEvent> early = new ArrayList<>();
    private @Nullable HttpServerResponse response;
    private @Nullable Integer partition;
    private long beat = -1;
    private long longest = -1;
    private boolean over;

    /** @param left told once, when this has come to its end */
    EventStream(Vertx vertx, HttpCall call, String requestId, EventFeed feed, Consumer<EventStream> left) {
        this.vertx = vertx;
        this.call = call;
        this.requestId = requestId;
        this.feed = feed;
        this.left = left;
        this.context = vertx.getOrCreateContext();
        this.listener = event -> context.runOnContext(here -> came(event));
        call.request.response().closeHandler(gone -> leave());
    }

    /** From now on it hears what is told; what it hears is sent after what was told before. */
    void listen() {
        feed.follow(requestId, listener);
    }

    void begin(Telling.Found found) {
        if (over) {
            return;
        }
        if (found.partition() == null) {
            leave();
            found.answer(call);
            return;
        }
        partition = found.partition();
        if (found.place() != null) {
            places.add(found.place());
        }
        List<TracedEvent> told = found.told() == null ? List.of() : found.told().events();
        passOver(told);
        if (told.stream().anyMatch(event -> event.last() && sent.contains(id(event)))) {
            leave();
            call.nothingMore();
            return;
        }
        HttpServerResponse streaming = call.stream("text/event-stream");
        if (streaming == null) {
            leave();
            return;
        }
        response = streaming;
        write(": Petrel\n\n");
        beat = vertx.setPeriodic(call.visit.beat().toMillis(), tick -> beat());
        longest = vertx.setTimer(LONGEST.toMillis(), tick -> end());
        told.forEach(event -> places.add(Told.place(event)));
        told.forEach(this::emit);
        early.forEach(this::came);
        early.clear();
    }

    /** What the caller says that he has seen. */
    private void passOver(List<TracedEvent> told) {
        String last = call.request.getHeader("Last-Event-ID");
        List<String> ids = told.stream().map(EventStream::id).toList();
        if (last != null && ids.contains(last)) {
            sent.addAll(ids.subList(0, ids.indexOf(last) + 1));
        }
    }

    private void came(TracedEvent event) {
        if (response == null) {
            early.add(event);
        } else if (Integer.valueOf(event.partition()).equals(partition) && isOurs(event)) {
            emit(event);
        }
    }

    /** A receipt names no tenant. */
    private boolean isOurs(TracedEvent event) {
        if (event.tenant() == null) {
            return places.contains(Told.place(event));
        }
        boolean ours = event.tenant().equals(call.tenant());
        if (ours) {
            places.add(Told.place(event)); // its first place, where it was brought again and that one is asked for
        }
        return ours;
    }

    private void emit(TracedEvent event) {
        if (over || !sent.add(id(event))) {
            return;
        }
        if (!call.isStillAllowed()) {
            end();
            return;
        }
        write("id: " + id(event) + "\nevent: status\ndata: " + event.json() + "\n\n");
        if (event.last()) {
            end();
        }
    }

    private static String id(TracedEvent event) {
        return new JsonObject(event.json()).getString("eventId", "");
    }

    /** So that nobody between us takes the connection for dead. Who takes nothing for so long is not there. */
    private void beat() {
        HttpServerResponse streaming = response;
        if (!call.isStillAllowed() || isBehind()) {
            end();
        } else if (streaming != null && streaming.writeQueueFull()) {
            call.visit.cut();
        } else {
            write(": still open\n\n");
        }
    }

    /** Whoever comes back is told so, or finds an instance that hears. */
    private boolean isBehind() {
        return partition != null && feed.isBehind(partition);
    }

    private void write(String text) {
        HttpServerResponse streaming = response;
        if (streaming != null && !over) {
            WebServer.unanswered(streaming.write(text));
        }
    }

    /** No more is sent. */
    void end() {
        HttpServerResponse streaming = response;
        if (!over) {
            leave();
            if (streaming != null) {
                call.send(streaming, null);
            } else {
                call.refuse(HttpAnswer.UNAVAILABLE, null, "this instance is being stopped; ask another");
            }
        }
    }

    private void leave() {
        if (!over) {
            over = true;
            vertx.cancelTimer(beat);
            vertx.cancelTimer(longest);
            feed.leave(requestId, listener);
            left.accept(this);
        }
    }
}
