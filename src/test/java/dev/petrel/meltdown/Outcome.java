package dev.petrel.meltdown;

import dev.petrel.guarantees.Asked;
import dev.petrel.guarantees.Told;
import dev.petrel.meltdown.Meltdown.State;
import dev.petrel.simulator.Call;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What users saw. A request is answered in time if its code was in hand, or a usable no had come: an event of it with
 * advice to do something else than wait, or a state of its country other than ok.
 */
final class Outcome {
    private static final String COUNTRY = "US";
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final Duration LATE = Duration.ofSeconds(30);
    private static final Duration AFTER_KILL = Duration.ofSeconds(15);

    private final Timeline timeline;
    private final Instant start;
    private final Instant killed;
    private final List<Asked> asked;
    private final Map<String, List<Told>> told;
    private final Map<String, List<Call>> calls;
    private final List<State> states;

    Outcome(
            Timeline timeline,
            Instant start,
            Instant killed,
            List<Asked> asked,
            Collection<Told> told,
            Collection<Call> calls,
            List<State> states) {
        this.timeline = timeline;
        this.start = start;
        this.killed = killed;
        this.asked = asked;
        this.told = told.stream().collect(Collectors.groupingBy(Told::requestId));
        Map<String, String> idByText = new HashMap<>();
        asked.forEach(request -> idByText.put(request.text(), request.requestId()));
        this.calls = calls.stream()
                .filter(call -> call.text() != null)
                .collect(Collectors.groupingBy(call -> idByText.getOrDefault(call.text(), "?")));
        this.states =
                states.stream().filter(state -> state.country().equals(COUNTRY)).toList();
    }

    boolean inHand(Asked request, Duration within) {
        Instant limit = request.recordedAt().plus(within);
        return calls.getOrDefault(request.requestId(), List.of()).stream()
                .anyMatch(call -> call.handset() != null
                        && !Instant.ofEpochMilli(call.handset().epochMillis()).isAfter(limit));
    }

    boolean refused(Asked request, Duration within) {
        Instant limit = request.recordedAt().plus(within);
        boolean advised = told.getOrDefault(request.requestId(), List.of()).stream()
                .anyMatch(event -> !event.advice().isEmpty()
                        && !event.advice().startsWith("wait")
                        && !event.recordedAt().isAfter(limit));
        return advised || warned(request.recordedAt(), limit);
    }

    /** Whether a state other than ok was in force at some moment between these two. */
    private boolean warned(Instant from, Instant to) {
        boolean inForce = false;
        for (State state : states) {
            if (state.at().isAfter(to)) {
                break;
            }
            if (state.at().isAfter(from)) {
                if (inForce || !state.ok()) {
                    return true;
                }
            }
            inForce = !state.ok();
        }
        return inForce;
    }

    /** Those with neither by thirty seconds, but for those of the seconds after the kill. */
    List<Asked> unanswered() {
        return asked.stream()
                .filter(request -> !inHand(request, LATE) && !refused(request, LATE))
                .filter(request -> request.recordedAt().isBefore(killed)
                        || request.recordedAt().isAfter(killed.plus(AFTER_KILL)))
                .toList();
    }

    boolean held() {
        return unanswered().isEmpty() && degraded() != null && untold() == 0;
    }

    /** Requests without any event. */
    long untold() {
        return asked.stream()
                .filter(request -> !told.containsKey(request.requestId()))
                .count();
    }

    /** From the moment the first provider fell silent; null if never. */
    Duration degraded() {
        Instant silent = start.plus(timeline.silent());
        return states.stream()
                .filter(state -> !state.ok() && state.at().isAfter(silent))
                .findFirst()
                .map(state -> Duration.between(silent, state.at()))
                .orElse(null);
    }

    /** From the moment the providers were well again; null if not while we watched. */
    Duration okAgain() {
        Instant end = start.plus(timeline.end());
        Instant since = null;
        for (State state : states) {
            if (!state.ok()) {
                since = null;
            } else if (since == null && state.at().isAfter(end)) {
                since = state.at();
            }
        }
        return since == null ? null : Duration.between(end, since);
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(say("requests                                   %d", asked.size()));
        lines.add(say(
                "code in hand within 15 s, 30 s             %.2f %%, %.2f %%",
                share(request -> inHand(request, SOON)), share(request -> inHand(request, LATE))));
        lines.add(say(
                "in hand or a usable no within 15 s, 30 s   %.2f %%, %.2f %%",
                share(request -> inHand(request, SOON) || refused(request, SOON)),
                share(request -> inHand(request, LATE) || refused(request, LATE))));
        lines.add(say(
                "neither by 30 s, the kill's 15 s aside     %d", unanswered().size()));
        lines.add(say("without any event                          %d", untold()));
        long taken = calls.entrySet().stream()
                .filter(entry -> !entry.getKey().equals("?"))
                .mapToLong(entry ->
                        entry.getValue().stream().filter(Call::accepted).count())
                .sum();
        lines.add(say("copies taken by providers, per request     %.3f", taken / (double) asked.size()));
        lines.add(say("not ok said after                          %s", seconds(degraded())));
        lines.add(say("ok said again after                        %s", seconds(okAgain())));
        states.stream()
                .collect(Collectors.groupingBy(State::state, Collectors.counting()))
                .forEach((state, count) -> lines.add(say("heartbeats %-31s %d", state, count)));
        unanswered().stream()
                .limit(10)
                .forEach(request -> lines.add(say(
                        "BROKEN %s at %.1f s: %s",
                        request.requestId(),
                        Duration.between(start, request.recordedAt()).toMillis() / 1000.0,
                        told.getOrDefault(request.requestId(), List.of()).stream()
                                .map(event -> event.status() + " " + event.provider() + " " + event.reasonClass()
                                        + " at "
                                        + event.event().path("elapsedMs").asLong())
                                .toList())));
        return lines;
    }

    private double share(Predicate<Asked> so) {
        return 100.0 * asked.stream().filter(so).count() / asked.size();
    }

    private static String seconds(Duration duration) {
        return duration == null ? "never while we watched" : say("%.1f s", duration.toMillis() / 1000.0);
    }

    private static String say(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
