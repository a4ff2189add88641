package dev.petrel.web;

import dev.petrel.trace.TracedEvent;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What was told of one request of one tenant. An id may have been used by others, and on other partitions: those are other
 * requests.
 *
 * @param events in their order
 */
record Told(List<TracedEvent> events) {
    /** The tenant's own among all that was told under an id; of several the one that was told of last. */
    static Optional<Told> of(String tenant, List<TracedEvent> events) {
        Map<Integer, List<TracedEvent>> byPartition = new LinkedHashMap<>();
        for (TracedEvent event : events) {
            byPartition
                    .computeIfAbsent(event.partition(), first -> new ArrayList<>())
                    .add(event);
        }
        Told latest = null;
        for (List<TracedEvent> request : byPartition.values()) {
            Set<String> places = places(tenant, request);
            boolean own = !places.isEmpty()
                    && request.stream().allMatch(event -> event.tenant() == null || tenant.equals(event.tenant()));
            List<TracedEvent> its = request.stream()
                    .filter(event -> places.contains(place(event)))
                    .toList();
            if (own
                    && (latest == null
                            || !last(its).at().isBefore(last(latest.events).at()))) {
                latest = new Told(its);
            }
        }
        return Optional.ofNullable(latest);
    }

    /** Where the tenant's own stands: a receipt names nobody, and is of the request whose place it names. */
    private static Set<String> places(String tenant, List<TracedEvent> events) {
        return events.stream()
                .filter(event -> tenant.equals(event.tenant()))
                .map(Told::place)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Of the request that an event is about, as a hint is written. */
    static String place(TracedEvent event) {
        String source = event.source();
        return source == null ? "" : source.substring(source.lastIndexOf(' ') + 1);
    }

    private static TracedEvent last(List<TracedEvent> events) {
        return events.get(events.size() - 1);
    }

    int partition() {
        return last(events).partition();
    }

    boolean isOver() {
        return events.stream().anyMatch(TracedEvent::last);
    }

    /** Where it stands: by its first final, which alone counts, or by what was told last. */
    JsonObject json(String requestId) {
        TracedEvent standing =
                events.stream().filter(TracedEvent::last).findFirst().orElse(last(events));
        JsonObject event = new JsonObject(standing.json());
        JsonObject source = event.getJsonObject("source", new JsonObject());
        JsonArray all = new JsonArray();
        events.forEach(each -> all.add(new JsonObject(each.json())));
        return json(
                        requestId,
                        standing.status(),
                        source.getInteger("partition") + ":" + source.getLong("offset"),
                        event.getJsonObject("advice"),
                        all)
                .put("final", standing.last());
    }

    /** Of a request that is on the topic, and of which nothing was told yet. */
    static JsonObject accepted(String requestId, String source) {
        return json(requestId, "accepted", source, null, new JsonArray()).put("final", false);
    }

    private static JsonObject json(
            String requestId, String status, String source, @Nullable JsonObject advice, JsonArray events) {
        return new JsonObject()
                .put("requestId", requestId)
                .put("status", status)
                .put("final", false)
                .put("source", source)
                .put("advice", advice)
                .put("events", events);
    }
}
