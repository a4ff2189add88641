package dev.petrel.trace;

import dev.petrel.trace.TracedEvent.Advised;
import dev.petrel.trace.TracedEvent.Attempt;
import dev.petrel.trace.TracedEvent.Cause;
import dev.petrel.trace.TracedEvent.Passed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What happened to one request, told to a person: whom it was for, a line for each event, and how it stands. The first
 * final counts, as for every reader of the status topic.
 */
public final class Story {
    private static final String[] ORDINALS = {"first", "second", "third", "fourth", "fifth", "sixth"};

    private final List<TracedEvent> events;
    private final @Nullable TracedEvent end;

    /** @param events of one request, on one partition, in their order; at least one */
    public Story(List<TracedEvent> events) {
        this.events = List.copyOf(events);
        this.end = events.stream().filter(TracedEvent::last).findFirst().orElse(null);
    }

    /** Whom it was for, and where it came from. */
    public String head() {
        TracedEvent known = events.stream()
                .filter(event -> event.masked() != null)
                .findFirst()
                .orElse(events.get(0));
        List<String> parts = new ArrayList<>();
        parts.add(
                known.masked() == null
                        ? "recipient not readable"
                        : "to " + Plain.of(known.masked()) + " ("
                                + (known.country() == null ? "no country" : Plain.of(known.country())) + ")");
        parts.add("requested " + known.requestedAt());
        String tenant = events.get(0).tenant();
        if (tenant != null) {
            parts.add("tenant " + Plain.of(tenant));
        }
        String purpose = events.get(0).purpose();
        if (purpose != null) {
            parts.add("purpose " + Plain.of(purpose));
        }
        if (known.expiresAt() != null) {
            parts.add("expires " + known.expiresAt());
        }
        if (known.source() != null) {
            parts.add(known.source()); // partition and offset may be of many digits
        }
        return String.join(", ", parts);
    }

    /** A line for each event. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        boolean over = false;
        for (TracedEvent event : events) {
            lines.add(line(event, over));
            over |= event.last();
        }
        return lines;
    }

    /** How it stands, in one line. */
    public String standing(Instant now) {
        return end == null ? open(now) : ended(end);
    }

    private static String line(TracedEvent event, boolean over) {
        List<String> parts = new ArrayList<>();
        Attempt attempt = event.attempt();
        if (attempt != null) {
            parts.add(attempt(attempt));
        }
        String receipt = event.receipt();
        if (receipt != null) {
            parts.add("it says " + Plain.of(receipt) + ": " + Words.receipt(receipt));
        }
        Cause cause = event.cause();
        if (cause != null) {
            parts.add(cause(cause));
        }
        if (!event.skipped().isEmpty()) {
            parts.add("passed over: "
                    + event.skipped().stream().map(Story::passed).collect(Collectors.joining(", ")));
        }
        Advised advice = event.advice();
        if (advice != null) {
            parts.add("advice: " + advice(advice));
        }
        if (event.late()) {
            parts.add("after the code had expired");
        }
        if (over) {
            parts.add("after the end: changes nothing");
        }
        String head = String.format(
                Locale.ROOT,
                "%-24s %+9.3f s  %s%s",
                event.at(),
                event.elapsedMillis() / 1000.0,
                Plain.of(event.status()),
                event.last() ? " (final)" : "");
        return parts.isEmpty() ? head : head + "  " + String.join("; ", parts);
    }

    private static String attempt(Attempt attempt) {
        String who = "attempt " + attempt.number() + (attempt.round() > 1 ? " in round " + attempt.round() : "") + ", "
                + Plain.of(attempt.provider());
        String result = attempt.result();
        if (result == null) {
            return who;
        }
        return who + ": " + Plain.of(Words.result(result)) + " after " + attempt.durationMillis() + " ms"
                + (attempt.sent() ? "" : ", nothing reached it");
    }

    private static String cause(Cause cause) {
        List<String> more = new ArrayList<>();
        if (cause.code() != null) {
            more.add("code " + Plain.of(cause.code()));
        }
        if (cause.detail() != null) {
            more.add(Plain.of(cause.detail()));
        }
        return Plain.of(cause.reasonClass()) + ": " + Words.reason(cause.reasonClass())
                + (more.isEmpty() ? "" : " (" + String.join("; ", more) + ")");
    }

    private static String passed(Passed passed) {
        return Plain.of(passed.provider()) + " (" + Plain.of(passed.reason()) + ": " + Words.skip(passed.reason())
                + ")";
    }

    private static String advice(Advised advice) {
        return Words.advice(advice.next())
                + (advice.afterSeconds() == null ? "" : " after " + advice.afterSeconds() + " s")
                + (advice.chargeUser() ? ", which may cost the user a try" : "");
    }

    private String ended(TracedEvent last) {
        String after = seconds(last.elapsedMillis()) + " after the request";
        Cause cause = last.cause();
        String why = cause == null ? "" : ": " + Words.reason(cause.reasonClass());
        String taker = taker(last);
        return switch (last.status()) {
            case "delivered" ->
                "delivered " + after
                        + (last.attempt() == null
                                ? why + (taker == null ? "" : "; taken by " + taker)
                                : " by " + place(last.attempt().provider()))
                        + (last.late() ? ", after the code had expired" : "");
            case "submitted" ->
                "taken " + after + (taker == null ? "" : " by " + taker)
                        + "; it gives no receipts, so nobody knows whether it arrived";
            case "unconfirmed" ->
                "unconfirmed" + (taker == null ? "" : ": taken by " + taker) + ", and nothing said how it ended";
            case "superseded" -> "superseded " + after + ": a newer request took its place, and nobody had taken it";
            default ->
                Plain.of(last.status()) + " " + after + why + advised(last)
                        + (taker == null ? "" : "; " + taker + " had taken it");
        };
    }

    private static String advised(TracedEvent last) {
        Advised advice = last.advice();
        return advice == null ? "" : "; advice: " + advice(advice);
    }

    private String open(Instant now) {
        TracedEvent last = events.get(events.size() - 1);
        Duration age = Duration.between(last.requestedAt(), now);
        Instant expiresAt = last.expiresAt();
        String life = expiresAt == null
                ? ""
                : expiresAt.isAfter(now)
                        ? "; the code lives for another "
                                + seconds(Duration.between(now, expiresAt).toMillis())
                        : "; the code's life is over";
        String taker = taker(null);
        String where;
        if (last.status().equals("undelivered")) {
            where = "it did not arrive through " + (taker == null ? "the provider that took it" : taker)
                    + ", and the next provider follows";
        } else if (taker != null) {
            where = "taken by " + taker + ", and nobody has said yet whether it arrived";
        } else {
            where = "no provider has taken it yet";
        }
        return "still open, " + seconds(Math.max(0, age.toMillis())) + " after the request: " + where + life;
    }

    /** The last provider that took it, before this event or in it; null where none did. */
    private @Nullable String taker(@Nullable TracedEvent until) {
        String taker = null;
        for (TracedEvent event : events) {
            Attempt attempt = event.attempt();
            if (attempt != null && ("accepted".equals(attempt.result()) || event.receipt() != null)) {
                taker = attempt.provider();
            }
            if (event == until) {
                break;
            }
        }
        return taker == null ? null : place(taker);
    }

    /** A provider, and which one of those that were tried it was. */
    private String place(String provider) {
        Set<String> tried = new LinkedHashSet<>();
        for (TracedEvent event : events) {
            Attempt attempt = event.attempt();
            if (attempt != null
                    && tried.add(attempt.provider())
                    && attempt.provider().equals(provider)) {
                break;
            }
        }
        int place = tried.size();
        return Plain.of(provider)
                + (place <= ORDINALS.length ? ", " + ORDINALS[place - 1] + " provider" : ", provider number " + place);
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }
}
