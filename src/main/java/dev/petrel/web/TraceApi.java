package dev.petrel.web;

import dev.petrel.metrics.Meters;
import dev.petrel.trace.Hint;
import dev.petrel.trace.Report;
import dev.petrel.trace.Traced;
import dev.petrel.trace.TracedEvent;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /v1/trace/<id>}: what became of a request, in words and as its events, as {@code petrel trace} tells it. The
 * query may say when it was made ({@code at}) or where its record stands ({@code source}); less is read then.
 *
 * <p>Reading costs memory and time, so that no more than {@value #AT_ONCE} ask at once; others are told to come again. Whoever
 * hangs up gives his place back when his reading is done. An id is neither repeated nor logged: it may be a number (P6).
 */
public final class TraceApi implements ManagementServer.Part {
    /** How many are read at once, on this instance. */
    public static final int AT_ONCE = 2;

    private static final Logger log = LoggerFactory.getLogger(TraceApi.class);
    private static final String PATH = "/v1/trace/";
    private static final Pattern SOURCE = Pattern.compile("([0-9]{1,6}):([0-9]{1,18})");
    /** What half an hour of events takes to be read, and some more. */
    private static final String COME_AGAIN = "5";

    private final AdminTokens tokens;
    private final Function<Question, Future<Answer>> reader;
    private final InstantSource clock;
    private final Meters meters;
    private int reading;

    /** Which request, and what is known of where its events stand. */
    public record Question(String requestId, Hint hint) {}

    /** What came of a question. */
    public sealed interface Answer {
        /** It was looked for, and perhaps found. */
        record Read(Traced traced) implements Answer {}

        /** There is no such partition, or no such offset yet. */
        record NoSuchPlace() implements Answer {}

        /** Kafka does not answer, or refuses; why, in words. */
        record Unanswered(String why) implements Answer {}
    }

    /** @param reader answers on this server's event loop, within a time that a person waits for */
    public TraceApi(AdminTokens tokens, Function<Question, Future<Answer>> reader, InstantSource clock, Meters meters) {
        this.tokens = tokens;
        this.reader = reader;
        this.clock = clock;
        this.meters = meters;
    }

    private record Reply(String kind, int status, JsonObject body) {}

    @Override
    public void mount(Router router) {
        router.route(PATH + "*").handler(tokens);
        router.get(PATH + ":id").handler(this::trace);
    }

    private void trace(RoutingContext ctx) {
        Question question;
        try {
            question = question(ctx);
        } catch (Mistake wrong) {
            wrong.answer(ctx, meters);
            return;
        }
        if (reading >= AT_ONCE) {
            meters.adminCall("busy");
            ctx.response().putHeader("Retry-After", COME_AGAIN);
            ManagementServer.answer(
                    ctx, 429, ManagementServer.error("others have asked for traces; try again in some seconds"));
            return;
        }
        reading++;
        Future.succeededFuture(question)
                .compose(reader)
                .andThen((answer, stray) -> reading--) // whether or not anybody waits for it still
                .map(this::reply)
                .onSuccess(reply -> {
                    meters.adminCall(reply.kind);
                    ManagementServer.answer(ctx, reply.status, reply.body);
                })
                .onFailure(stray -> {
                    meters.adminCall("failed");
                    log.error("a trace failed: {}", stray.getClass().getSimpleName());
                    ManagementServer.answer(ctx, 500, ManagementServer.error("this did not work; the log says why"));
                });
    }

    private Reply reply(Answer answer) {
        if (answer instanceof Answer.Read read) {
            return told(read.traced());
        }
        if (answer instanceof Answer.Unanswered unanswered) {
            return new Reply("unanswered", 503, ManagementServer.error(unanswered.why()));
        }
        String words = "source: must be the place of a record that is there";
        return new Reply("invalid", 400, ManagementServer.error(words).put("field", "source"));
    }

    private Reply told(Traced traced) {
        JsonArray remarks = new JsonArray(Report.remarks(traced));
        if (traced.events().isEmpty()) {
            JsonObject nothing = ManagementServer.error("nothing was found of this id");
            return new Reply("not_found", 404, nothing.put("remarks", remarks));
        }
        List<JsonObject> events = traced.events().stream()
                .map(TracedEvent::json)
                .map(JsonObject::new)
                .toList();
        return new Reply(
                "traced",
                200,
                new JsonObject()
                        .put("lines", new JsonArray(Report.lines(traced, clock.instant())))
                        .put("remarks", remarks)
                        .put("events", new JsonArray(events)));
    }

    private static Question question(RoutingContext ctx) throws Mistake {
        String id = ctx.pathParam("id");
        if (id == null || !ExplainApi.REQUEST_ID.matcher(id).matches()) {
            throw new Mistake("id", "1 to 64 of A-Z a-z 0-9 . _ : -");
        }
        MultiMap query = ctx.queryParams();
        if (!Set.of("at", "source").containsAll(query.names())) {
            throw new Mistake("query", "at or source, or left out");
        }
        String at = once(query, "at");
        String source = once(query, "source");
        if (at != null && source != null) {
            throw new Mistake("source", "left out where at is there: it says both when and where");
        }
        if (source != null) {
            return new Question(id, place(source));
        }
        return new Question(id, at == null ? Hint.none() : new Hint(null, instant(at), null));
    }

    private static @Nullable String once(MultiMap query, String field) throws Mistake {
        List<String> values = query.getAll(field);
        if (values.size() > 1) {
            throw new Mistake(field, "there once");
        }
        return values.isEmpty() ? null : values.get(0);
    }

    private static Hint place(String source) throws Mistake {
        Matcher matcher = SOURCE.matcher(source);
        if (!matcher.matches()) {
            throw new Mistake("source", "PARTITION:OFFSET, as 3:1182");
        }
        return Hint.source(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2)));
    }

    private static Instant instant(String at) throws Mistake {
        try {
            return OffsetDateTime.parse(at.replace(' ', '+')).toInstant(); // a plus in a query is a space
        } catch (DateTimeException unreadable) {
            throw new Mistake("at", "a time as 2026-11-24T04:05:00Z");
        }
    }
}
