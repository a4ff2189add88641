package dev.petrel.delivery;

import dev.petrel.control.Order;
import dev.petrel.control.Orders;
import dev.petrel.guard.Admission;
import dev.petrel.guard.Guard;
import dev.petrel.guard.StopCheck;
import dev.petrel.journal.Standing;
import dev.petrel.message.SendRequest;
import dev.petrel.message.SkipReason;
import dev.petrel.message.Status;
import dev.petrel.metrics.Alarm;
import dev.petrel.metrics.Meters;
import dev.petrel.route.Candidate;
import dev.petrel.route.Hop;
import dev.petrel.route.Route;
import dev.petrel.route.RoutePlanner;
import dev.petrel.time.Time;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The way of a request, from the moment it was read to the moment its offset is done:
 *
 * <ol>
 *   <li>the guard admits it, or it ends at once;
 *   <li>the planner puts the providers in order, anew for each round;
 *   <li>a {@link Walk} tries them one after the other, each attempt giving one result;
 *   <li>each result is told on the status topic, and what follows from it is decided;
 *   <li>what a provider took is waited for: its receipt ends the request, or the next provider follows;
 *   <li>its final is acknowledged: settled.
 * </ol>
 *
 * <p>Everything happens on one event loop.
 */
public final class Delivery {
    private static final int TOLD_AT_ONCE = 500;

    final Supplier<DeliveryConfig> config;
    final RoutePlanner planner;
    final Providers providers;
    final StatusSink sink;
    final Held held;
    final InFlight inFlight;
    final Gate gate;
    final Suspended suspended;
    final Receiving receiving;
    final Resting resting;
    final Objectives objectives;
    final Predicate<String> countryOk;
    final Orders orders;
    final Time time;
    final Meters meters;
    final Alarm alarm;
    final Supplier<String> attemptIds;
    private final Guard guard;
    private final StopCheck stops;
    private final RandomGenerator random;

    /**
     * @param countryOk whether SMS can be relied on there now: what those are advised who got no code
     * @param orders of operators; {@link #overruled()} is to be called when they have changed
     */
    public Delivery(
            Supplier<DeliveryConfig> config,
            Guard guard,
            RoutePlanner planner,
            Providers providers,
            StatusSink sink,
            Held held,
            InFlight inFlight,
            Receiving receiving,
            Predicate<String> countryOk,
            Orders orders,
            Time time,
            RandomGenerator random,
            Meters meters) {
        this.config = config;
        this.guard = guard;
        this.planner = planner;
        this.providers = providers;
        this.sink = sink;
        this.held = held;
        this.inFlight = inFlight;
        this.gate = new Gate(config, time);
        this.suspended = new Suspended(time);
        this.receiving = receiving;
        this.countryOk = countryOk;
        this.orders = orders;
        this.stops = new StopCheck(orders);
        this.resting = new Resting(() -> receiving.config().get().maxOpen());
        this.objectives = new Objectives(receiving.health()::deaf, time, meters);
        this.time = time;
        this.random = random;
        this.meters = meters;
        this.alarm = new Alarm(meters, time::nanos);
        this.attemptIds = this::attemptId;
        meters.gauge("petrel.held", "Texts held", null, held::count);
        meters.gauge("petrel.held.ratio", "How full is what holds texts: at 1 no more is taken in", null, held::filled);
        meters.gauge("petrel.held.size", "What the texts held take", "bytes", held::bytes);
        meters.gauge(
                "petrel.waiting.for.receipts",
                "Requests that wait for a receipt and for nothing else",
                null,
                resting::count);
        meters.gauge("petrel.in.flight", "Attempts in flight and statuses not yet acknowledged", null, inFlight::count);
    }

    /** Whether no further request should be taken in: as much is held as may be, or every provider has its fill. */
    public boolean full() {
        return held.full() || providers.haveTheirFill();
    }

    /** Whether taking in is worth while again. */
    public boolean roomy() {
        return held.roomy() && !providers.haveTheirFill();
    }

    /** Requests that wait for a receipt and for nothing else. On the event loop. */
    public int waiting() {
        return resting.count();
    }

    /**
     * Takes a request from where it stands to its end. Never throws, never fails its future.
     *
     * @param term under which its partition is ours
     * @param siblings the other requests of its partition
     */
    public OpenRequest deliver(SendRequest request, Standing standing, Term term, Siblings siblings) {
        Walk walk = new Walk(this, request, standing, term);
        boolean first = standing.attempts() == 0
                && !term.mayHaveBeenSent(request.source().offset());
        Admission.Refused refused = refusal(request, first);
        if (refused != null) {
            walk.refuse(refused.status(), refused.reason());
            return walk;
        }
        walk.admitted();
        if (request.supersedes() != null) {
            siblings.supersede(request);
        }
        if (siblings.isSuperseded(request)) {
            walk.refuse(Status.SUPERSEDED, null);
        } else {
            walk.start();
        }
        return walk;
    }

    /** @param first whether it is begun, and so counts; one that is explained, gone on with or taken over does not */
    private Admission.@Nullable Refused refusal(SendRequest request, boolean first) {
        Admission admission = first ? guard.admit(request, time.now()) : guard.check(request, time.now());
        return admission instanceof Admission.Refused refused ? refused : stopped(request);
    }

    /** What an operator's stop means for a request, whatever was true when it was admitted; null where there is none. */
    Admission.@Nullable Refused stopped(SendRequest request) {
        return stops.check(request, time.now()) instanceof Admission.Refused refused ? refused : null;
    }

    /** Why an operator has a provider out for a country now; null where none has. */
    @Nullable
    SkipReason orderedOut(String provider, String country) {
        Instant now = time.now();
        if (orders.isDrained(provider, country, now)) {
            return SkipReason.DRAINED;
        }
        return orders.hold(provider, now) == Order.Hold.OPEN ? SkipReason.HELD_OPEN : null;
    }

    /** Where this request would go now, and why; nothing is sent, and nothing changes. */
    public Explanation explain(SendRequest request) {
        String country = request.to().country();
        Route route = planner.plan(
                request, 1, id -> providers.candidate(id, country, orderedOut(id, country), receiving.health()));
        List<Explanation.Way> ways = new ArrayList<>();
        for (Hop hop : route.hops()) {
            Candidate candidate = hop.candidate();
            ways.add(new Explanation.Way(hop.provider(), candidate.shut(), Math.round(candidate.failureRate())));
        }
        String leastBad =
                route.leastBadIfAllShut(any -> true).map(Hop::provider).orElse(null);
        return new Explanation(request.to(), refusal(request, false), planner.name(request), ways, leastBad);
    }

    /** Breakers are held, or let go, as operators want it now. To be called now and then: orders end by themselves. */
    public void holdBreakers() {
        providers.hold(orders, time.now());
    }

    /** Orders have changed: those that only wait don't learn of it first when their next round is due. */
    public void overruled() {
        holdBreakers();
        tell(held.texts().iterator());
    }

    /** A few at a time: there may be very many. */
    private void tell(Iterator<Held.Text> waiting) {
        for (int i = 0; i < TOLD_AT_ONCE && waiting.hasNext(); i++) {
            waiting.next().overruled();
        }
        if (waiting.hasNext()) {
            var unused = time.after(Duration.ofMillis(1), () -> tell(waiting));
        }
    }

    /** The auth service says that the user has typed the code of this request, whether it is still open or not. */
    public void verified(String requestId) {
        receiving.health().verified(requestId);
    }

    /** How long to wait after this round: doubling to the longest, less up to a half so that requests spread out. */
    Duration backoff(int round) {
        DeliveryConfig current = config.get();
        long doubled = current.backoff().toMillis() << Math.min(round - 1, 20);
        long most = Math.min(doubled, current.maxBackoff().toMillis());
        return Duration.ofMillis(most - random.nextLong(most / 2 + 1));
    }

    /** 128 random bits. */
    private String attemptId() {
        byte[] bits = new byte[16];
        random.nextBytes(bits);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
    }
}
