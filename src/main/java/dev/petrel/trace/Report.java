package dev.petrel.trace;

import dev.petrel.trace.Traced.Searched;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A trace as lines to read. Never repeats the id that was asked for: where nothing was found it may be a number (P6). */
public final class Report {
    private Report() {}

    /** A story for each partition on which something was found: an id that was used for two recipients has two. */
    public static List<String> lines(Traced traced, Instant now) {
        Map<Integer, List<TracedEvent>> byPartition = new LinkedHashMap<>();
        for (TracedEvent event : traced.events()) {
            byPartition
                    .computeIfAbsent(event.partition(), first -> new ArrayList<>())
                    .add(event);
        }
        List<String> lines = new ArrayList<>();
        if (byPartition.size() > 1) {
            lines.add("found on " + byPartition.size() + " partitions: this id was used for more than one recipient");
        }
        for (List<TracedEvent> events : byPartition.values()) {
            Story story = new Story(events);
            lines.add(story.head());
            lines.addAll(story.lines());
            lines.add(story.standing(now));
        }
        return lines;
    }

    /** What a person should know beside the story: what is missing of it. Mostly nothing. */
    public static List<String> remarks(Traced traced) {
        List<String> lines = new ArrayList<>();
        if (traced.unreadable() > 0) {
            lines.add(traced.unreadable() + " records of this id are no status event and are left out");
        }
        if (traced.events().isEmpty()) {
            lines.add("nothing found: " + searched(traced.searched()));
            lines.add("is the id whole, and in its own case? For older requests say when (at) or where (source)");
        } else if (traced.searched().brokenOff() != null) {
            lines.add("not all of it: " + searched(traced.searched()));
        }
        return lines;
    }

    private static String searched(Searched searched) {
        String where = searched.only() == null
                ? (searched.partitions() == 1 ? "the one partition" : "all " + searched.partitions() + " partitions")
                : "partition " + searched.only();
        String since = searched.since() == null ? "from the first event that is left" : "since " + searched.since();
        String end = searched.brokenOff() == null ? "to the end" : "not to the end: " + searched.brokenOff();
        return String.format(
                Locale.ROOT,
                "%d records on %s of %s %s were looked at in %.1f s, %s",
                searched.records(),
                where,
                searched.topic(),
                since,
                searched.took().toMillis() / 1000.0,
                end);
    }
}
