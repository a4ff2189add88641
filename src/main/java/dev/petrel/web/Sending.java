package dev.petrel.web;

import dev.petrel.availability.CountryState;
import dev.petrel.availability.CountryState.State;
import dev.petrel.delivery.RequestSink.Brought;
import dev.petrel.guard.Admission;
import dev.petrel.guard.Guard;
import dev.petrel.message.Advice;
import dev.petrel.message.Reason;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.SendRequest;
import dev.petrel.message.Source;
import dev.petrel.trace.EventFeed;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /v1/requests}: a request is answered once the brokers have acknowledged it. The same again is answered as the
 * first was; other content under an id that is still {@link Remembered} is refused. Used on one event loop.
 */
final class Sending {
    static final int REMEMBERED = 100_000;
    /** Written, or read, at a time. */
    static final int AT_WORK = 1_000;

    private static final List<String> TRACE_HEADERS = List.of("traceparent", "tracestate");
    private static final int LONGEST_TRACE_HEADER = 512;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final HttpIn.Ports ports;
    private final Guard guard;
    private final Function<String, @Nullable Integer> pace;
    private final Remembered remembered;
    private final InstantSource clock;
    private final Map<String, Paced> paced = new HashMap<>();
    final Places places;

    private record Paced(int perSecond, Bucket bucket) {}

    Sending(
            Vertx vertx,
            HttpIn.Ports ports,
            Guard guard,
            Function<String, @Nullable Integer> pace,
            Remembered remembered,
            BooleanSupplier alone,
            InstantSource clock) {
        this.vertx = vertx;
        this.ports = ports;
        this.guard = guard;
        this.pace = pace;
        this.remembered = remembered;
        this.clock = clock;
        this.places = new Places(AT_WORK, alone);
    }

    /** Takes one of those that the tenant may send in a second; false where none is left. */
    boolean isWithinPace(String tenant) {
        Integer perSecond = pace.apply(tenant);
        if (perSecond == null) {
            paced.remove(tenant);
            return true;
        }
        Paced known = paced.get(tenant);
        if (known == null || known.perSecond != perSecond) {
            Duration oneMore = Duration.ofSeconds(1).dividedBy(perSecond);
            known = new Paced(perSecond, new Bucket(perSecond, oneMore, System::nanoTime));
            paced.put(tenant, known);
        }
        return known.bucket.take();
    }

    void send(HttpCall call, byte[] body) {
        Brought brought = ports.sink().read(body, call.tenant());
        if (brought instanceof Brought.Wrong wrong) {
            call.refuse(HttpAnswer.INVALID, wrong.field(), wrong.field() + ": " + wrong.rule());
        } else if (brought instanceof Brought.Request request) {
            send(call, request);
        } else {
            call.refuse(HttpAnswer.FORBIDDEN, "tenant", "tenant: must be that of the token, or left out");
        }
    }

    private void send(HttpCall call, Brought.Request brought) {
        Instant now = clock.instant();
        SendRequest request = brought.request();
        String id = request.requestId();
        Remembered.Entry known = remembered.find(call.tenant(), id, now);
        if (known != null && !known.isOf(brought.value())) {
            call.refuse(
                    HttpAnswer.CONFLICT,
                    "requestId",
                    "requestId: was brought with other content; a corrected request needs a new one");
            return;
        }
        Source ours = known == null ? null : known.source();
        Source first = ours == null ? onTheTopic(call.tenant(), id, now) : ours;
        if (first != null) {
            accept(call, HttpAnswer.REPEATED, id, first); // it is on the topic, whatever it would be answered now
            return;
        }
        boolean underWay = known != null && known.isBeingWritten();
        if (!underWay && guard.check(request, now) instanceof Admission.Refused refused) {
            forbid(call, refused.reason());
            return;
        }
        Remembered.Entry entry = known == null ? remembered.add(call.tenant(), id, brought.value(), now) : known;
        long late = vertx.setTimer(PATIENCE.toMillis(), fired -> unwritten(call, request));
        entry.write(() -> ports.sink().write(brought, trace(call)))
                .onComplete(
                        source -> {
                            vertx.cancelTimer(late);
                            accept(call, HttpAnswer.ACCEPTED, id, source);
                        },
                        failure -> {
                            vertx.cancelTimer(late);
                            unwritten(call, request);
                        });
    }

    /** Where it was read, whoever wrote it; null where it was not, yet. */
    private @Nullable Source onTheTopic(String tenant, String requestId, Instant now) {
        return ports.feed()
                .known(requestId)
                .flatMap(known -> known.brought().stream()
                        .filter(each -> each.tenant().equals(tenant) && remembered.isFresh(each.at(), now))
                        .findFirst())
                .map(EventFeed.Brought::place)
                .orElse(null);
    }

    /** Whoever reads the record passes over what is wrong in them. */
    private static Map<String, String> trace(HttpCall call) {
        Map<String, String> trace = new HashMap<>();
        for (String name : TRACE_HEADERS) {
            String value = call.request.getHeader(name);
            if (value != null && value.length() <= LONGEST_TRACE_HEADER) {
                trace.put(name, value);
            }
        }
        return trace;
    }

    private static void accept(HttpCall call, HttpAnswer answer, String requestId, Source source) {
        call.answer(answer, new JsonObject().put("requestId", requestId).put("source", text(source)));
    }

    private static void forbid(HttpCall call, @Nullable Reason reason) {
        String detail = reason == null || reason.detail() == null ? "this is not allowed" : reason.detail();
        int colon = detail.indexOf(':');
        call.refuse(HttpAnswer.FORBIDDEN, colon < 0 ? null : detail.substring(0, colon), detail);
    }

    /** Of a call that there is no place for: because Kafka takes none of those before it, or so many at a time. */
    void tooMany(HttpCall call) {
        if (ports.sink().isUnheard()) {
            unavailable(
                    call,
                    CountryState.ALL, // which it is stands in the body
                    "Kafka acknowledges nothing, and too many wait for it: bring it again in some seconds");
        } else {
            call.refuse(HttpAnswer.BUSY, null, "too many requests at a time");
        }
    }

    private void unwritten(HttpCall call, SendRequest request) {
        unavailable(
                call,
                request.to().country(),
                "Kafka has not acknowledged it in time, and may have it all the same: bring it again under the same"
                        + " requestId");
    }

    private void unavailable(HttpCall call, String country, String words) {
        boolean ok = ports.availability().apply(country).state() == State.OK;
        call.answer(
                HttpAnswer.UNAVAILABLE,
                new JsonObject().put("error", words).put("advice", json(Advice.when(ReasonClass.UNAVAILABLE, ok))));
    }

    static JsonObject json(Advice advice) {
        JsonObject json = new JsonObject().put("next", advice.next().wire());
        Duration after = advice.after();
        if (after != null) {
            json.put("afterSeconds", after.toSeconds());
        }
        return json.put("chargeUser", advice.chargeUser());
    }

    /** As a hint is written. */
    static String text(Source source) {
        return source.partition() + ":" + source.offset();
    }
}
