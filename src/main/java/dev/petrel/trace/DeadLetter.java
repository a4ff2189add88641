package dev.petrel.trace;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record that was no request, as far as it may be shown (P6).
 *
 * @param partition of the dead-letter topic
 * @param offset on the dead-letter topic
 * @param at when it was set aside
 * @param bytes of its value; what was left out as too large counts as none
 * @param reason the field and the rule, as {@code field: rule}
 * @param source where it came from, as {@code topic partition:offset}
 * @param truncated whether its value was too large to be kept
 * @param content the masked structure, or what its beginning looks like, a line each; empty where nobody asked for it
 */
public record DeadLetter(
        int partition,
        long offset,
        Instant at,
        int bytes,
        @Nullable String reason,
        @Nullable String source,
        boolean truncated,
        List<String> content) {

    /** In one line. */
    public String line() {
        return String.join("  ", partition + ":" + offset, at.toString(), size(), "from " + from(), why());
    }

    /** All of it. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        int colon = why().indexOf(": ");
        lines.add("dead letter  " + partition + ":" + offset + ", set aside " + at);
        lines.add("source       " + from());
        lines.add("field        " + (colon < 0 ? "(not told)" : why().substring(0, colon)));
        lines.add("reason       " + (colon < 0 ? why() : why().substring(colon + 2)));
        lines.add("size         " + size());
        lines.addAll(content);
        return lines;
    }

    private String why() {
        return reason == null ? "no reason is told" : Plain.of(reason);
    }

    private String from() {
        return source == null ? "(not told)" : source;
    }

    private String size() {
        return truncated ? "value left out: too large" : bytes + " bytes";
    }
}
