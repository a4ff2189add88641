package dev.petrel.web;

import dev.petrel.availability.CountryState;
import dev.petrel.delivery.RequestSink;
import dev.petrel.guard.Guard;
import dev.petrel.message.Source;
import dev.petrel.metrics.Meters;
import dev.petrel.trace.EventFeed;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Requests by HTTP, for those who can't, or would rather not, speak Kafka: {@link Endpoint} lists what can be asked, and
 * {@code openapi.yaml} beside this class says how. A request is written on the topic and takes the same way as any other; it
 * is told of what is read back from there. Nothing is kept that another instance would need.
 *
 * <p>Whoever calls brings his tenant's token, sends in its name and sees its requests alone. On the web server's event loop.
 */
public final class HttpIn implements WebServer.Part {
    static final String PATH = "/v1/";
    /** The others of the port are left to those who bring receipts. */
    static final int MOST_CONNECTIONS = 2_000;

    private static final Pattern COUNTRY = Pattern.compile("[A-Z]{2}|001");

    final KnownTokens tokens;
    final Sending sending;
    final Meters meters;
    private final WebConfig config;
    private final Telling telling;
    private final Function<String, CountryState> availability;
    private final Buffer description;

    /**
     * What HTTP in reads and writes.
     *
     * @param archive for what the feed does not know
     * @param availability of a country, now; by the contract's rules for readers
     */
    public record Ports(
            RequestSink sink, EventFeed feed, Archive archive, Function<String, CountryState> availability) {}

    /** What stands on the topics, found on demand. */
    public interface Archive {
        /** Answers on the event loop of whoever asks, within a time that a program waits for. */
        Future<TraceApi.Answer> read(TraceApi.Question question);

        /**
         * Whether this request of this tenant stands there. Fails where nobody answers.
         *
         * @param spent of that time, by what was read before for the same caller
         */
        Future<Boolean> holds(Source place, String requestId, String tenant, Duration spent);
    }

    /**
     * @param tenants may change at any time; as may what a tenant may send
     * @param guard what would refuse a request for its destination or its sender
     * @param pace how many requests a second a tenant may send; null: no limit
     * @param known for how long Petrel knows a request that comes again
     */
    public HttpIn(
            Vertx vertx,
            WebConfig config,
            Supplier<TenantTokens> tenants,
            Guard guard,
            Function<String, @Nullable Integer> pace,
            Duration known,
            Ports ports,
            InstantSource clock,
            Meters meters) {
        this.config = config;
        this.tokens = new KnownTokens(() -> tenants.get().tokens());
        this.meters = meters;
        Remembered remembered = new Remembered(Sending.REMEMBERED, known);
        this.sending = new Sending(vertx, ports, guard, pace, remembered, tokens::areOfOne, clock);
        this.telling = new Telling(vertx, ports, remembered, tokens::areOfOne, clock, meters);
        this.availability = ports.availability();
        this.description = description();
        for (HttpAnswer answer : HttpAnswer.values()) {
            meters.httpMayAnswer(answer.tag());
        }
    }

    private static Buffer description() {
        try (InputStream yaml = HttpIn.class.getResourceAsStream("openapi.yaml")) {
            if (yaml == null) {
                throw new IllegalStateException("openapi.yaml is not in the jar");
            }
            return Buffer.buffer(yaml.readAllBytes());
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @Override
    public boolean isOf(String uri) {
        return config.own(uri, PATH).startsWith(PATH);
    }

    @Override
    public int connections() {
        return MOST_CONNECTIONS;
    }

    @Override
    public WebCall call(HttpServerRequest request, WebServer.Visit visit) {
        return new HttpCall(this, request, visit, config.own(request.uri(), PATH));
    }

    /** Ends what streams, so that nobody waits for it. */
    @Override
    public void close() {
        telling.close();
    }

    /** Of a call that may ask this, whose body is read. */
    void answer(HttpCall call, Endpoint endpoint, Buffer body) {
        switch (endpoint) {
            case SEND -> sending.send(call, body.getBytes());
            case TELL -> telling.tell(call);
            case FOLLOW -> telling.follow(call);
            case AVAILABILITY -> availability(call);
            case DESCRIPTION -> call.answer(HttpAnswer.TOLD, "application/yaml", description);
        }
    }

    private void availability(HttpCall call) {
        String country = call.parameter();
        if (!COUNTRY.matcher(country).matches()) {
            call.refuse(HttpAnswer.INVALID, "country", "country: must be an ISO 3166 code of two capital letters");
            return;
        }
        CountryState state = availability.apply(country);
        call.answer(
                HttpAnswer.TOLD,
                new JsonObject()
                        .put("country", country)
                        .put("state", state.state().wire())
                        .put("since", state.since().toString())
                        .put("medianSeconds", state.medianSeconds())
                        .put("p95Seconds", state.p95Seconds())
                        .put("inHandShare", state.inHandShare())
                        .put("requests", state.requests())
                        .put("advice", Sending.json(state.advice()))
                        .put("at", state.at().toString()));
    }
}
