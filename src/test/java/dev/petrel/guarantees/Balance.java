package dev.petrel.guarantees;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Holds what was asked, told and seen against each other, and against the promises. For a run without crashes. */
public final class Balance {
    /** No attempt starts with less than this left of the code's life. */
    private static final Duration MIN_LIFE = Duration.ofSeconds(5);
    /** Between the gateway's last look at the clock and the provider's first. */
    private static final Duration ON_THE_WAY = Duration.ofSeconds(1);

    /** After these no other provider is asked. */
    private static final Set<String> STOPS =
            Set.of("recipient_invalid", "opted_out", "content", "fraud_blocked", "geo_blocked");

    private final Set<String> eventIds = new HashSet<>();
    private final Map<String, Asked> asked = new HashMap<>();
    private final Map<String, List<Told>> told;
    private final Map<String, List<Seen>> seen;
    private final Collection<Seen> allSeen;
    private final List<String> violations = new ArrayList<>();

    public Balance(Collection<Asked> asked, Collection<Told> told, Collection<Seen> seen) {
        asked.forEach(request -> this.asked.put(request.requestId(), request));
        this.told = told.stream().collect(Collectors.groupingBy(Told::requestId));
        Map<String, String> idByText = asked.stream().collect(Collectors.toMap(Asked::text, Asked::requestId));
        this.seen = seen.stream().collect(Collectors.groupingBy(call -> idByText.getOrDefault(call.text(), "?")));
        this.allSeen = seen;
        check();
    }

    /** What breaks a promise, a line each; empty if all of them held. */
    public List<String> violations() {
        return violations;
    }

    private void check() {
        for (Asked request : asked.values()) {
            everyRequestGetsOneFinal(request);
            neverSentAfterExpiry(request);
            seenIsTold(request);
            acceptedIsTold(request);
            attemptsFollowTheTable(request);
            nothingIsDoubledWithoutDoubt(request);
            nothingPersonalIsTold(request);
        }
        if (seen.containsKey("?")) {
            violations.add("P5 " + seen.get("?").size() + " calls that belong to no request");
        }
    }

    private void everyRequestGetsOneFinal(Asked request) {
        List<Told> events = told(request.requestId());
        long finals = events.stream().filter(Told::isFinal).count();
        if (finals != 1) {
            violations.add("P1 " + request.requestId() + " has " + finals + " finals");
        }
        if (events.stream().anyMatch(event -> event.partition() != request.partition())) {
            violations.add("P1 " + request.requestId() + " is told on another partition than its own");
        }
        List<Told> ofOwners = events.stream()
                .filter(event -> !event.status().equals("receipt")) // these come when they come
                .toList();
        if (finals == 1 && !ofOwners.get(ofOwners.size() - 1).isFinal()) {
            violations.add("P1 " + request.requestId() + " is told of after its final");
        }
    }

    private void neverSentAfterExpiry(Asked request) {
        Instant last = request.expiresAt().minus(MIN_LIFE).plus(ON_THE_WAY);
        for (Seen call : seen(request.requestId())) {
            if (call.at().isAfter(last)) {
                violations.add("P2 " + request.requestId() + " was sent too late for its life");
            }
        }
    }

    private void seenIsTold(Asked request) {
        Map<String, Integer> difference = new TreeMap<>();
        Map<String, Integer> perhaps = new TreeMap<>();
        seen(request.requestId()).forEach(call -> difference.merge(call.provider(), 1, Integer::sum));
        attempts(request).stream().filter(Told::sent).forEach(event -> {
            difference.merge(event.provider(), -1, Integer::sum);
            perhaps.merge(event.provider(), event.result().equals("ambiguous") ? 1 : 0, Integer::sum);
        });
        difference.forEach((provider, more) -> {
            // a connection may break before the request arrives, and nobody on this side can tell
            if (more > 0 || -more > perhaps.getOrDefault(provider, 0)) {
                violations.add("P5 " + request.requestId() + " seen by " + provider + " " + (more > 0 ? "more" : "less")
                        + " often than told");
            }
        });
    }

    private void acceptedIsTold(Asked request) {
        List<String> told = attempts(request).stream()
                .filter(event -> event.result().equals("accepted"))
                .map(event -> event.provider() + " "
                        + event.event()
                                .path("attempt")
                                .path("providerMessageId")
                                .asText())
                .sorted()
                .toList();
        List<String> taken = seen(request.requestId()).stream()
                .filter(Seen::accepted)
                .map(call -> call.provider() + " " + call.messageId())
                .sorted()
                .toList();
        if (!taken.containsAll(told)) {
            violations.add("P5 " + request.requestId() + " is told as taken by somebody who did not take it");
        }
        boolean surelyNot =
                told(request.requestId()).stream().anyMatch(event -> event.isFinal() && !event.possiblySent());
        if (surelyNot && !taken.isEmpty()) {
            violations.add("P5 " + request.requestId() + " is told as surely not sent, and was taken");
        }
    }

    private void attemptsFollowTheTable(Asked request) {
        Told last = null;
        int highest = 0;
        Set<String> triedInRound = new HashSet<>();
        for (Told event : told(request.requestId())) {
            if (!eventIds.add(event.event().path("eventId").asText())) {
                violations.add("P5 " + request.requestId() + " has an event twice");
            }
            String id = request.requestId();
            if (last != null && STOPS.contains(last.reasonClass())) {
                if (event.isAttempt() || !event.reasonClass().equals(last.reasonClass())) {
                    violations.add("P7 " + id + " goes on after " + last.reasonClass());
                }
            }
            if (!event.isAttempt()) {
                continue;
            }
            boolean goesOn = last != null && last.writer().equals(event.writer());
            // a new owner goes on with what was told; a number that was not is there once more
            if (event.number() > highest + 1 || goesOn && event.number() <= last.number()) {
                violations.add("P5 " + id + " has attempt " + event.number() + " out of order");
            }
            if (!goesOn || event.round() > last.round()) {
                triedInRound.clear();
            }
            if (goesOn && event.round() < last.round() || !triedInRound.add(event.provider())) {
                violations.add("P5 " + id + " comes to " + event.provider() + " twice in round " + event.round());
            }
            if (event.at().isAfter(request.expiresAt().plus(ON_THE_WAY))) {
                violations.add("P2 " + id + " was waited for past its expiry");
            }
            last = event;
            highest = Math.max(highest, event.number());
        }
    }

    private List<Told> attempts(Asked request) {
        return told(request.requestId()).stream().filter(Told::isAttempt).toList();
    }

    private void nothingIsDoubledWithoutDoubt(Asked request) {
        boolean doubt = told(request.requestId()).stream()
                .anyMatch(event -> event.isAttempt()
                                && (event.result().equals("ambiguous")
                                        || event.reasonClass().equals("server_error"))
                        || event.status().equals("undelivered"));
        if (taken(request.requestId()) > 1 && !doubt) {
            violations.add("P3 " + request.requestId() + " was taken twice without any doubt about the first");
        }
    }

    private void nothingPersonalIsTold(Asked request) {
        String number = request.to().substring(1);
        for (Told event : told(request.requestId())) {
            if (event.value().contains(number) || event.value().contains(request.text())) {
                violations.add("P6 " + request.requestId() + " is told with its number or text");
            }
        }
    }

    private List<Told> told(String requestId) {
        return told.getOrDefault(requestId, List.of());
    }

    private List<Seen> seen(String requestId) {
        return seen.getOrDefault(requestId, List.of());
    }

    private long taken(String requestId) {
        return seen(requestId).stream().filter(Seen::accepted).count();
    }

    public int requests() {
        return asked.size();
    }

    /** Finals by status. */
    public Map<String, Long> finals() {
        return told.values().stream()
                .flatMap(List::stream)
                .filter(Told::isFinal)
                .collect(Collectors.groupingBy(Told::status, TreeMap::new, Collectors.counting()));
    }

    /** Messages that providers took. */
    public long taken() {
        return allSeen.stream().filter(Seen::accepted).count();
    }

    /** Requests that were taken more than once. */
    public long doubles() {
        return asked.keySet().stream().filter(id -> taken(id) > 1).count();
    }

    /** Calls after the expiry of their request. */
    public long afterExpiry() {
        return asked.values().stream()
                .flatMap(request -> seen(request.requestId()).stream()
                        .filter(call -> call.at().isAfter(request.expiresAt())))
                .count();
    }

    /** By provider: how many calls it saw, and how many attempts are told as sent to it. */
    public Map<String, long[]> seenAndTold() {
        Map<String, long[]> counts = new TreeMap<>();
        allSeen.forEach(call -> counts.computeIfAbsent(call.provider(), absent -> new long[2])[0]++);
        told.values().stream()
                .flatMap(List::stream)
                .filter(event -> event.isAttempt() && event.sent())
                .forEach(event -> counts.computeIfAbsent(event.provider(), absent -> new long[2])[1]++);
        return counts;
    }

    /** Seconds from the record of a request to its {@code submitted}: the share of all that took no longer. */
    public double secondsToSubmitted(double share) {
        List<Double> seconds = told.values().stream()
                .flatMap(List::stream)
                .filter(event -> event.status().equals("submitted") && asked.containsKey(event.requestId()))
                .map(event -> Duration.between(asked.get(event.requestId()).recordedAt(), event.recordedAt())
                                .toMillis()
                        / 1000.0)
                .sorted()
                .toList();
        return seconds.isEmpty() ? Double.NaN : seconds.get((int) Math.ceil(seconds.size() * share) - 1);
    }
}
