package dev.petrel.guarantees.storm;

import dev.petrel.guarantees.Asked;
import dev.petrel.guarantees.Seen;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** All that was recorded of a storm, for those who judge it. */
final class History {
    private final Map<String, Asked> requests = new HashMap<>();
    private final List<Asked> duplicates = new ArrayList<>();
    private final List<Malformed> malformed;
    private final List<Event> events;
    private final List<Mark> marks;
    private final List<Seen> calls;
    private final List<Letter> letters;
    private final List<Commit> commits;
    private final List<Episode> episodes;
    private final List<String> mishaps;
    private final Map<String, List<Event>> eventsOf;
    private final Map<Integer, List<Mark>> marksOf;
    private final Map<String, List<Seen>> callsOf;
    private final Map<String, String> idByText = new HashMap<>();
    private final int strangers;

    /**
     * @param asked with those that are on the topic twice: the one that comes first counts
     * @param mishaps of the gateways' processes
     */
    History(
            Collection<Asked> asked,
            List<Malformed> malformed,
            List<Event> events,
            List<Mark> marks,
            List<Seen> calls,
            List<Letter> letters,
            List<Commit> commits,
            List<Episode> episodes,
            List<String> mishaps) {
        asked.stream()
                .sorted(Comparator.comparingInt(Asked::partition).thenComparingLong(Asked::offset))
                .forEach(request -> {
                    idByText.put(request.text(), request.requestId());
                    if (requests.putIfAbsent(request.requestId(), request) != null) {
                        duplicates.add(request);
                    }
                });
        this.malformed = malformed;
        this.events = events.stream()
                .sorted(Comparator.comparingInt(Event::partition).thenComparingLong(Event::offset))
                .toList();
        this.marks =
                marks.stream().sorted(Comparator.comparing(Mark::recordedAt)).toList();
        this.calls = calls;
        this.letters = letters;
        this.commits = commits;
        this.episodes =
                episodes.stream().sorted(Comparator.comparing(Episode::from)).toList();
        this.mishaps = mishaps;
        this.eventsOf = this.events.stream().collect(Collectors.groupingBy(Event::requestId));
        this.marksOf = marks.stream()
                .sorted(Comparator.comparingLong(Mark::offset))
                .collect(Collectors.groupingBy(Mark::partition, TreeMap::new, Collectors.toList()));
        this.callsOf = calls.stream()
                .filter(call -> idByText.containsKey(call.text()))
                .sorted(Comparator.comparing(Seen::at))
                .collect(Collectors.groupingBy(call -> idByText.get(call.text())));
        this.strangers =
                calls.size() - callsOf.values().stream().mapToInt(List::size).sum();
    }

    Collection<Asked> requests() {
        return requests.values();
    }

    /** Requests that have the id of an earlier one. */
    List<Asked> duplicates() {
        return duplicates;
    }

    List<Malformed> malformed() {
        return malformed;
    }

    /** In the order of each partition. */
    List<Event> events() {
        return events;
    }

    List<Mark> marks() {
        return marks;
    }

    List<Seen> calls() {
        return calls;
    }

    List<Letter> letters() {
        return letters;
    }

    List<Commit> commits() {
        return commits;
    }

    List<Episode> episodes() {
        return episodes;
    }

    List<String> mishaps() {
        return mishaps;
    }

    /** The request that a call is for; empty where there is none. */
    String requestId(Seen call) {
        return idByText.getOrDefault(call.text(), "");
    }

    /** Calls that belong to no request. */
    int strangers() {
        return strangers;
    }

    List<Event> events(String requestId) {
        return eventsOf.getOrDefault(requestId, List.of());
    }

    /** In the order of time. */
    List<Seen> calls(String requestId) {
        return callsOf.getOrDefault(requestId, List.of());
    }

    /** The one that counts: on any partition, so that it is found where it should not be. */
    Optional<Event> firstFinal(String requestId) {
        return events(requestId).stream().filter(Event::last).findFirst();
    }

    List<Mark> marks(int partition) {
        return marksOf.getOrDefault(partition, List.of());
    }

    /** The last take-over of a partition before this offset of its status partition. */
    Optional<Mark> ownerBefore(int partition, long offset) {
        Mark owner = null;
        for (Mark mark : marks(partition)) {
            if (mark.offset() < offset) {
                owner = mark;
            }
        }
        return Optional.ofNullable(owner);
    }

    Set<Integer> partitions() {
        Set<Integer> partitions = new HashSet<>(marksOf.keySet());
        requests.values().forEach(request -> partitions.add(request.partition()));
        return partitions;
    }

    /** Unclean episodes that fell, or were going on, between the two and concern this instance. */
    List<Episode> unclean(String instance, Instant begin, Instant end) {
        return episodes.stream()
                .filter(episode -> !episode.clean() && episode.concerns(instance) && episode.during(begin, end))
                .toList();
    }
}
