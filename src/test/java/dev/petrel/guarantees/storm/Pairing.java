package dev.petrel.guarantees.storm;

import dev.petrel.guarantees.Seen;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which call of one request at a provider is told by which event. The id of the message says it for those that were
 * taken; of the others each event goes with the earliest call of its instance at its provider that came before it.
 */
final class Pairing {
    /** The provider's look at the clock may come after the gateway's, though both are of one machine. */
    private static final Duration ROUNDING = Duration.ofMillis(200);

    private final List<Pair> pairs = new ArrayList<>();
    private final List<Event> unseen = new ArrayList<>();

    /** @param told null: nobody tells of it */
    record Pair(Seen call, @Nullable Event told) {}

    private Pairing(List<Seen> calls, List<Event> events) {
        Map<Seen, Event> told = new HashMap<>();
        List<Event> others = new ArrayList<>();
        for (Event event : events) {
            Event.Attempt attempt = event.attempt();
            if (attempt == null || !attempt.sent()) {
                continue;
            }
            Seen taken = calls.stream()
                    .filter(call -> call.accepted()
                            && call.provider().equals(attempt.provider())
                            && call.messageId().equals(attempt.messageId()))
                    .findFirst()
                    .orElse(null);
            if (taken != null) {
                told.put(taken, event);
            } else {
                others.add(event);
            }
        }
        for (Event event : others) {
            Seen earliest = calls.stream()
                    .filter(call -> !told.containsKey(call) && mayBe(call, event))
                    .findFirst()
                    .orElse(null);
            if (earliest != null) {
                told.put(earliest, event);
            } else {
                unseen.add(event);
            }
        }
        calls.forEach(call -> pairs.add(new Pair(call, told.get(call))));
    }

    static Pairing of(History history, String requestId) {
        return new Pairing(history.calls(requestId), history.events(requestId));
    }

    private static boolean mayBe(Seen call, Event event) {
        Event.Attempt attempt = event.attempt();
        return attempt != null
                && call.provider().equals(attempt.provider())
                && call.sender().equals(event.instance())
                && !call.at().isAfter(event.at().plus(ROUNDING));
    }

    /** Every call, in the order of time. */
    List<Pair> pairs() {
        return pairs;
    }

    /** Attempts that are told as sent, and that no provider saw. */
    List<Event> unseen() {
        return unseen;
    }
}
