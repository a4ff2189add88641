package dev.petrel.simulator;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One provider of a {@link Simulator}: a port that speaks as its vendor does. Every method may be called on any thread
 * and none blocks.
 *
 * <p>A behavior counts for requests that are read to their end after the future of {@link #behave} is done. A request
 * read before keeps to the one it came under: what waits for its latency is still answered, and what hangs goes on
 * hanging until its connection closes.
 */
public final class SimulatedProvider {
    private final Vertx vertx;
    private final SimulatorSettings.Provider settings;
    private final String host;
    private final Latency usual;
    private final CallRegister register;
    private final ReceiptSender receipts;
    private final VendorHttp http;
    private final VendorPort port;

    private volatile Behavior behavior = Behavior.healthy();

    SimulatedProvider(Vertx vertx, SimulatorSettings all, SimulatorSettings.Provider settings) {
        this.vertx = vertx;
        this.settings = settings;
        this.host = all.host();
        this.usual = all.latency();
        this.register = new CallRegister(all.maxCalls());
        long seed = all.seed() ^ settings.name().hashCode();
        this.receipts = new ReceiptSender(register, new Random(~seed));
        this.http = new VendorHttp(
                vertx,
                settings.vendor(),
                settings.vendor().dialect(settings.credential()),
                register,
                receipts,
                new Random(seed),
                new Ruling(behavior, usual));
        this.port = new VendorPort(host, settings.port(), http);
    }

    Future<Void> start() {
        return vertx.deployVerticle(receipts)
                .compose(ready -> vertx.deployVerticle(port))
                .<Void>mapEmpty()
                .recover(cause -> Future.failedFuture(new IllegalStateException(
                        "port of " + name() + ": can't listen on " + host + ":" + settings.port() + " ("
                                + cause.getMessage() + ")",
                        cause)));
    }

    Future<Void> close() {
        return port.close().eventually(receipts::close);
    }

    public String name() {
        return settings.name();
    }

    public Vendor vendor() {
        return settings.vendor();
    }

    /** Stays the same while connections are refused, and afterwards. */
    public int port() {
        return port.port();
    }

    /** What Petrel's settings call the base URL (Twilio) or the endpoint (SNS), without a slash at the end. */
    public String url() {
        return ControlApi.url(host, port());
    }

    /**
     * Does this from now on, instead of what it did. Done when requests and connections meet the new behavior: after
     * {@link Mode.Refuse} every connection is closed and the next one is refused.
     */
    public Future<Void> behave(Behavior next) {
        Ruling ruling = new Ruling(next, usual);
        behavior = next;
        http.follow(ruling);
        return next.refuses() ? port.shut() : port.open();
    }

    public Future<Void> behave(Mode mode) {
        return behave(Behavior.of(mode));
    }

    public Future<Void> behave(Rule... rules) {
        return behave(Behavior.of(rules));
    }

    public Behavior behavior() {
        return behavior;
    }

    /** The latency that it was started with, and goes back to. */
    public Latency usualLatency() {
        return usual;
    }

    /**
     * Sends one receipt now, whatever else is or was said of this call: once, signed as the others are.
     *
     * @param messageStatus Twilio's word, such as {@code delivered}
     * @param errorCode sent as {@code ErrorCode}; null: none is
     * @return the HTTP status of the answer; fails if none comes, or if the call named no URL
     */
    public Future<Integer> callback(Call call, String messageStatus, @Nullable String errorCode) {
        return receipts.send(call, messageStatus, errorCode);
    }

    /** What was read until now and is still kept, oldest first. */
    public List<Call> calls() {
        return register.since(0, Integer.MAX_VALUE);
    }

    /**
     * Some of what is kept, oldest first.
     *
     * @param after only calls with a higher {@link Call#number()}
     * @param limit at most so many
     */
    public List<Call> calls(long after, int limit) {
        return register.since(after, limit);
    }

    public Counts counts() {
        return register.counts();
    }

    /** Forgets calls and counts, but for those waiting and hanging now. Numbers go on. */
    public void forget() {
        register.forget();
    }
}
