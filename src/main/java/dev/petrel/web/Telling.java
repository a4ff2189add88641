package dev.petrel.web;

import dev.petrel.availability.CountryState;
import dev.petrel.availability.CountryState.State;
import dev.petrel.message.Advice;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.Source;
import dev.petrel.metrics.Meters;
import dev.petrel.trace.EventFeed;
import dev.petrel.trace.EventFeed.Brought;
import dev.petrel.trace.EventFeed.Known;
import dev.petrel.trace.Hint;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/requests/{requestId}} and its {@code /events}: what was told of a tenant's request, once or as it comes. What
 * this instance has heard lately is answered out of memory; for the rest the status topic is read, by no more than
 * {@value TraceApi#AT_ONCE} at once, the request's own partition alone where its place is known. Used on one event loop.
 */
final class Telling {
    static final int MOST_STREAMS = 1_000;

    /** A request of which somebody has a 202 is here in a moment. */
    private static final long MOMENT_MILLIS = 25;

    private static final Duration LONG_UNTOLD = Duration.ofSeconds(10);

    private static final int MOMENTS = 40;

    private static final Pattern PLACE = Pattern.compile("([0-9]{1,6}):([0-9]{1,18})");
    private static final String SILENCE = "Kafka does not answer; try again in some seconds";
    private static final String CUT_OFF =
            "this instance has not heard from Kafka for some seconds; try again, or ask another";
    private static final String TOO_SLOW = "not all could be looked through in time; try again in some seconds";
    private static final String TOO_MUCH = "not all could be looked through in time: say where it stands (source)";
    private static final String NOT_THERE = "this tenant has no request of this id at this place";
    private static final String NOT_LATELY =
            "this tenant has no request of this id of which something was told in the last " + Hint.WINDOW.toMinutes()
                    + " minutes; of an older one, or one that nobody has begun, say where it stands (source)";

    private final Vertx vertx;
    private final HttpIn.Ports ports;
    private final Remembered remembered;
    private final InstantSource clock;
    private final Set<EventStream> streams = new HashSet<>();
    private final AtomicInteger open = new AtomicInteger();
    private volatile boolean closed;
    private @Nullable Runnable endStreams;
    private final Places following;
    private final Places reading;

    /** What is asked, and what is known of its place. */
    private record Question(
            HttpCall call, String requestId, @Nullable Source place) {}

    Telling(
            Vertx vertx,
            HttpIn.Ports ports,
            Remembered remembered,
            BooleanSupplier alone,
            InstantSource clock,
            Meters meters) {
        this.vertx = vertx;
        this.ports = ports;
        this.remembered = remembered;
        this.clock = clock;
        this.following = new Places(MOST_STREAMS, alone);
        this.reading = new Places(TraceApi.AT_ONCE, alone);
        meters.gauge("petrel.http.streams", "Requests that are followed by HTTP", null, open::get);
    }

    void tell(HttpCall call) {
        Question question = question(call);
        if (question != null) {
            find(question, MOMENTS).onSuccess(found -> found.answer(call)).onFailure(call::failed);
        }
    }

    void follow(HttpCall call) {
        Question question = question(call);
        if (question == null) {
            return;
        }
        if (closed || !following.take(call.tenant())) {
            call.refuse(HttpAnswer.BUSY, null, "too many requests are followed here; try again later");
            return;
        }
        EventStream stream =
                new EventStream(vertx, call, question.requestId(), ports.feed(), gone -> left(gone, call.tenant()));
        streams.add(stream);
        open.set(streams.size());
        if (endStreams == null) {
            var here = vertx.getOrCreateContext();
            endStreams = () -> here.runOnContext(now -> Set.copyOf(streams).forEach(EventStream::end));
        }
        stream.listen();
        find(question, MOMENTS).onSuccess(stream::begin).onFailure(stray -> {
            call.failed(stray); // before the stream ends, which would say that we are being stopped
            stream.end();
        });
    }

    private void left(EventStream stream, String tenant) {
        streams.remove(stream);
        following.leave(tenant);
        open.set(streams.size());
    }

    /** From any thread. */
    void close() {
        closed = true;
        Runnable end = endStreams;
        if (end != null) {
            end.run();
        }
    }

    /** Null where it can't be understood, which is answered. */
    private @Nullable Question question(HttpCall call) {
        String requestId = call.parameter();
        if (!ExplainApi.REQUEST_ID.matcher(requestId).matches()) {
            call.refuse(HttpAnswer.INVALID, "requestId", "requestId: must be 1 to 64 of A-Z a-z 0-9 . _ : -");
            return null;
        }
        List<String> sources = sources(call);
        if (sources == null || sources.size() > 1) {
            call.refuse(HttpAnswer.INVALID, "source", "source: must be there once, alone, or left out");
            return null;
        }
        Source place = null;
        if (!sources.isEmpty()) {
            Matcher matcher = PLACE.matcher(sources.get(0));
            if (!matcher.matches()) {
                call.refuse(HttpAnswer.INVALID, "source", "source: must be partition:offset, as 3:1182");
                return null;
            }
            place = new Source("", Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2)));
        }
        return new Question(call, requestId, place);
    }

    /** Null where something else is asked, or the query can't be read. */
    private static @Nullable List<String> sources(HttpCall call) {
        try {
            MultiMap query = call.query();
            return Set.of("source").containsAll(query.names()) ? query.getAll("source") : null;
        } catch (IllegalArgumentException badEscape) {
            return null;
        }
    }

    /** @param moments that it may wait for a request that is just being read */
    private Future<Found> find(Question question, int moments) {
        EventFeed feed = ports.feed();
        String id = question.requestId();
        String tenant = question.call().tenant();
        Known known = feed.known(id).orElse(null);
        Told told = known == null ? null : Told.of(tenant, known.events()).orElse(null);
        if (told != null && told.isOver()) {
            return Future.succeededFuture(Found.of(id, told)); // and nothing changes that
        }
        Source asked = question.place() == null ? remembered(tenant, id) : question.place();
        Brought last = known == null ? null : brought(known, tenant, asked);
        Source brought = last == null ? null : last.place();
        Source place = asked == null ? brought : asked;
        boolean mayBeRead = place == null ? moments == MOMENTS : moments > 0 && !feed.hasRead(place);
        if (told == null && brought == null && mayBeRead) {
            return vertx.timer(MOMENT_MILLIS, TimeUnit.MILLISECONDS).compose(later -> find(question, moments - 1));
        }
        if (isCutOff(told, place)) {
            return Future.succeededFuture(unavailable(CUT_OFF));
        }
        if (told != null) {
            return Future.succeededFuture(Found.of(id, told));
        }
        if (last != null && !mayBeARepeat(last)) {
            return Future.succeededFuture(Found.untold(id, last.place()));
        }
        if (!reading.take(tenant)) {
            return Future.succeededFuture(
                    ports.sink().isUnheard()
                            ? unavailable(SILENCE)
                            : Found.nothing(
                                    HttpAnswer.BUSY, "too many are looked for at a time; try again in some seconds"));
        }
        return Future.succeededFuture()
                .compose(now -> read(id, tenant, place))
                .andThen((found, stray) -> reading.leave(tenant)); // whether or not anybody waits for it still
    }

    private @Nullable Source remembered(String tenant, String requestId) {
        Remembered.Entry entry = remembered.find(tenant, requestId, clock.instant());
        return entry == null ? null : entry.source();
    }

    /**
     * Of a request that waits for so long nothing may be told yet, but nothing is told of a repeat either; and its first may
     * have ended before anything was heard here.
     */
    private boolean mayBeARepeat(Brought brought) {
        return brought.at().plus(LONG_UNTOLD).isBefore(clock.instant())
                && ports.feed().isPassedBy(brought.place());
    }

    /** Where it was brought last; or where it was brought first, on the partition that is asked for. */
    private static @Nullable Brought brought(Known known, String tenant, @Nullable Source asked) {
        Brought last = null;
        for (Brought each : known.brought()) {
            if (each.tenant().equals(tenant)) {
                last = each;
                if (asked != null && asked.partition() == each.place().partition()) {
                    return last;
                }
            }
        }
        return asked == null ? last : null;
    }

    /** Whether more may have been told than is known here. */
    private boolean isCutOff(@Nullable Told told, @Nullable Source place) {
        EventFeed feed = ports.feed();
        if (told != null) {
            return feed.isBehind(told.partition());
        }
        return place == null ? feed.isBehind() : feed.isBehind(place.partition());
    }

    private Future<Found> read(String id, String tenant, @Nullable Source place) {
        Hint hint = place == null ? Hint.none() : Hint.source(place.partition(), place.offset());
        long begin = System.nanoTime();
        return ports.archive().read(new TraceApi.Question(id, hint)).compose(answer -> {
            if (answer instanceof TraceApi.Answer.Read read) {
                Told told = Told.of(tenant, read.traced().events()).orElse(null);
                if (read.traced().searched().brokenOff() != null && (told == null || !told.isOver())) {
                    return Future.succeededFuture(unavailable(place == null ? TOO_MUCH : TOO_SLOW));
                }
                return told == null ? untold(id, tenant, place, begin) : Future.succeededFuture(Found.of(id, told));
            }
            return Future.succeededFuture(
                    answer instanceof TraceApi.Answer.NoSuchPlace
                            ? Found.nothing(HttpAnswer.NOT_FOUND, NOT_THERE)
                            : unavailable(SILENCE));
        });
    }

    private Future<Found> untold(String id, String tenant, @Nullable Source place, long begin) {
        if (place != null) {
            return ports.archive()
                    .holds(place, id, tenant, Duration.ofNanos(System.nanoTime() - begin))
                    .map(there -> there ? Found.untold(id, place) : Found.nothing(HttpAnswer.NOT_FOUND, NOT_THERE))
                    .otherwise(silence -> unavailable(SILENCE));
        }
        return Future.succeededFuture(readMeanwhile(id, tenant));
    }

    /** Of one that another instance has just taken, it may be that the feed was slower than whoever asks. */
    private Found readMeanwhile(String id, String tenant) {
        Known known = ports.feed().known(id).orElse(null);
        Told told = known == null ? null : Told.of(tenant, known.events()).orElse(null);
        if (told != null) {
            return Found.of(id, told);
        }
        Brought last = known == null ? null : brought(known, tenant, null);
        return last == null ? Found.nothing(HttpAnswer.NOT_FOUND, NOT_LATELY) : Found.untold(id, last.place());
    }

    private Found unavailable(String words) {
        boolean ok = ports.availability().apply(CountryState.ALL).state() == State.OK;
        Found found = Found.nothing(HttpAnswer.UNAVAILABLE, words);
        found.body().put("advice", Sending.json(Advice.when(ReasonClass.UNAVAILABLE, ok)));
        return found;
    }

    /**
     * What was found: a request, perhaps without events yet; or why not.
     *
     * @param place of the request, where it has no events yet
     */
    record Found(
            @Nullable Told told,
            @Nullable Integer partition,
            @Nullable String place,
            HttpAnswer answer,
            JsonObject body) {
        static Found of(String requestId, Told told) {
            return new Found(told, told.partition(), null, HttpAnswer.TOLD, told.json(requestId));
        }

        static Found untold(String requestId, Source source) {
            String place = Sending.text(source);
            return new Found(null, source.partition(), place, HttpAnswer.TOLD, Told.accepted(requestId, place));
        }

        static Found nothing(HttpAnswer answer, String words) {
            return new Found(null, null, null, answer, new JsonObject().put("error", words));
        }

        void answer(HttpCall call) {
            call.answer(answer, body);
        }
    }
}
