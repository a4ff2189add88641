package dev.petrel.testing;

import dev.petrel.delivery.StatusSink;
import dev.petrel.delivery.Term;
import dev.petrel.message.StatusEvent;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Keeps what is told; acknowledges at once, or when told to. */
public final class RecordingStatusSink implements StatusSink {
    private final List<StatusEvent> events = new ArrayList<>();
    private final Deque<Runnable> unacknowledged = new ArrayDeque<>();
    private boolean holding;

    @Override
    public Future<Void> publish(StatusEvent event, Term term) {
        events.add(event);
        Promise<Void> promise = Promise.promise();
        term.begin();
        Runnable acknowledge = () -> {
            promise.complete();
            term.end();
        };
        if (holding) {
            unacknowledged.add(acknowledge);
        } else {
            acknowledge.run();
        }
        return promise.future();
    }

    /** From now on nothing is acknowledged by itself. */
    public void hold() {
        holding = true;
    }

    public void acknowledgeAll() {
        while (!unacknowledged.isEmpty()) {
            unacknowledged.remove().run();
        }
    }

    public List<StatusEvent> events() {
        return events;
    }

    public List<StatusEvent> eventsOf(String requestId) {
        return events.stream()
                .filter(event -> event.requestId().equals(requestId))
                .toList();
    }
}
