package dev.petrel.delivery;

import dev.petrel.attempt.GuardedProvider;
import dev.petrel.attempt.Turn;
import dev.petrel.journal.Standing;
import dev.petrel.message.Reason;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.SendRequest;
import dev.petrel.message.Status;
import dev.petrel.message.StatusEvent;
import dev.petrel.message.Submission;
import dev.petrel.metrics.Alert;
import dev.petrel.route.Hop;
import dev.petrel.route.Route;
import dev.petrel.time.Time;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request's walk over the hops of its route, round after round, until it comes to an end or its partition goes to
 * somebody else.
 *
 * <pre>
 *   plan ──► next hop ──► turn ──► attempt ──► told ──► decide ──► end
 *    ▲         ▲            │ refused                     │
 *    │         └────────────┴─────────────────────────────┘
 *    └── wait ◄── after the last hop
 * </pre>
 */
final class Walk implements Held.Text {
    private static final Logger log = LoggerFactory.getLogger(Walk.class);
    /** The last attempt starts this much before the last instant at which it may, for timers are late. */
    private static final Duration MARGIN = Duration.ofMillis(250);

    private final Delivery delivery;
    private final SendRequest request;
    private final Standing standing;
    private final Term term;
    private final Telling telling;
    private final Instant since;
    private final Promise<Outcome> outcome = Promise.promise();

    private int round;
    private Route route = new Route(List.of());
    private int nextHop;
    private boolean attemptedInRound;
    private boolean trickleAsked;
    private boolean inFlight;
    private boolean over;
    private boolean saturated;
    private Time.@Nullable Timer backoff;

    Walk(Delivery delivery, SendRequest request, Standing standing, Term term) {
        this.delivery = delivery;
        this.request = request;
        this.standing = standing;
        this.term = term;
        this.telling = new Telling(request, standing, delivery.time);
        this.since = delivery.time.now();
        this.round = standing.round();
    }

    /** Goes on from where the request stands. */
    Future<Outcome> start() {
        delivery.held.add(this);
        safely(() -> {
            plan();
            decide();
        });
        return outcome.future();
    }

    /** Ends before the first step. */
    Future<Outcome> refuse(Status status, Reason reason) {
        safely(() -> end(status, reason));
        return outcome.future();
    }

    private void plan() {
        route = delivery.planner.plan(request, round, delivery.providers::candidate);
        nextHop = 0;
        attemptedInRound = false;
        trickleAsked = false;
    }

    /** What follows from the latest result: the table of results. */
    private void decide() {
        Reason last = standing.lastReason();
        if (route.hops().isEmpty()) {
            endWithoutHops();
        } else if (standing.stopped() && last != null) {
            end(Status.FAILED, last);
        } else if (standing.copies() > 0 && !anotherCopyMayFollow()) {
            end(Status.FAILED, Reason.of(ReasonClass.AMBIGUOUS, "no further copy may be sent"));
        } else {
            next();
        }
    }

    private boolean anotherCopyMayFollow() {
        DeliveryConfig config = delivery.config.get();
        return config.onAmbiguous() == DeliveryConfig.OnAmbiguous.NEXT && standing.copies() < config.maxCopies();
    }

    private void endWithoutHops() {
        if (request.providers() != null) {
            end(Status.REJECTED, Reason.of(ReasonClass.INVALID, "providers: none of them is known"));
        } else {
            end(Status.FAILED, Reason.of(ReasonClass.NO_PROVIDER, "no route for the country"));
        }
    }

    private void next() {
        while (nextHop < route.hops().size()) {
            Hop hop = route.hops().get(nextHop++);
            GuardedProvider provider = delivery.providers.get(hop.provider());
            if (provider != null && mayTry(hop)) {
                ask(provider, provider.turn());
                return;
            }
        }
        afterLastHop();
    }

    private boolean mayTry(Hop hop) {
        boolean triedInRound = standing.round() == round && standing.tried(hop.provider());
        return !triedInRound && !standing.isOut(hop.provider());
    }

    private void ask(GuardedProvider provider, Future<Turn> turn) {
        turn.onSuccess(answer -> safely(() -> {
            if (answer instanceof Turn.Refused refused) {
                telling.skip(provider.id(), refused.reason());
                next();
            } else if (answer instanceof Turn.Granted granted) {
                delivery.inFlight.acquire(() -> safely(() -> attempt(provider, granted)));
            }
        }));
    }

    private void attempt(GuardedProvider provider, Turn.Granted turn) {
        Gate.Leave leave = delivery.gate.toAttempt(request, term);
        if (saturated || leave != Gate.Leave.GO) {
            turn.giveBack();
            delivery.inFlight.release();
            endOrLeave(leave);
            return;
        }
        inFlight = true;
        attemptedInRound = true;
        term.begin();
        Submission submission = new Submission(
                delivery.attemptIds.get(),
                standing.attempts() + 1,
                request.to().msisdn(),
                request.text(),
                standing.ownSenders() ? null : request.sender(),
                delivery.gate.patience(request, provider.timeout()),
                request.expiresAt(),
                null);
        turn.submit(submission).onSuccess(made -> safely(() -> made(provider.id(), submission, made)));
    }

    private void made(String provider, Submission submission, Turn.Made made) {
        inFlight = false;
        StatusEvent event = telling.attempt(provider, round, submission, made);
        log(event);
        Future<Void> told = delivery.sink.publish(event, term);
        told.onSuccess(acknowledged -> delivery.inFlight.release());
        if (event.last()) {
            delivery.meters.submitted(request.to().country(), event.elapsed());
            settle(event, told);
        } else if (!delivery.gate.toDecide(term)) {
            leave();
        } else {
            decide();
        }
        term.end();
    }

    private void afterLastHop() {
        if (route.hops().stream().allMatch(hop -> standing.isOut(hop.provider()))) {
            Reason last = standing.lastReason();
            end(Status.FAILED, last != null ? last : Reason.of(ReasonClass.NO_PROVIDER, "no provider is left"));
        } else if (!attemptedInRound && !trickleAsked) {
            trickleOrWait();
        } else {
            waitForNextRound();
        }
    }

    /** Nothing was tried in this round: where every hop is shut, the least bad one is. */
    private void trickleOrWait() {
        trickleAsked = true;
        Route now = delivery.planner.plan(request, round, delivery.providers::candidate);
        GuardedProvider leastBad = now.leastBadIfAllShut(this::mayTry)
                .map(hop -> delivery.providers.get(hop.provider()))
                .orElse(null);
        if (leastBad == null) {
            waitForNextRound();
            return;
        }
        delivery.alarm.raise(
                Alert.ALL_SHUT,
                () -> log.warn(
                        "every provider for {} is shut: provider={} is tried by a few requests at a time",
                        country(),
                        leastBad.id()));
        ask(leastBad, leastBad.turnInSpiteOfBreaker());
    }

    private void waitForNextRound() {
        if (saturated || !term.mayAttempt()) {
            endOrLeave(term.mayAttempt() ? Gate.Leave.GO : Gate.Leave.GONE);
            return;
        }
        Duration left = Duration.between(delivery.time.now(), delivery.gate.lastStart(request))
                .minus(MARGIN);
        if (left.isNegative() || left.isZero()) {
            endOrLeave(Gate.Leave.EXPIRED);
            return;
        }
        Duration delay = delivery.backoff(round);
        backoff = delivery.time.after(
                delay.compareTo(left) < 0 ? delay : left,
                () -> safely(() -> {
                    backoff = null;
                    round++;
                    plan();
                    decide();
                }));
    }

    private void endOrLeave(Gate.Leave leave) {
        if (leave == Gate.Leave.GONE) {
            leave();
        } else if (saturated) {
            end(Status.FAILED, Reason.of(ReasonClass.SATURATED, "memory was needed for other countries"));
        } else {
            end(Status.EXPIRED, Reason.of(ReasonClass.EXPIRED, "no provider took it in time"));
        }
    }

    private void end(Status status, Reason reason) {
        if (!delivery.gate.toDecide(term)) {
            leave();
            return;
        }
        StatusEvent event = telling.last(status, reason);
        log(event);
        delivery.inFlight.add();
        Future<Void> told = delivery.sink.publish(event, term);
        told.onSuccess(acknowledged -> delivery.inFlight.release());
        settle(event, told);
    }

    private void settle(StatusEvent last, Future<Void> told) {
        over = true;
        Reason reason = last.reason();
        delivery.meters.finished(last.status(), reason == null ? null : reason.reasonClass());
        told.onSuccess(acknowledged -> complete(Outcome.SETTLED));
    }

    /** At DEBUG, a request can be followed by its id. */
    private static void log(StatusEvent event) {
        if (log.isDebugEnabled()) {
            StatusEvent.AttemptReport attempt = event.attempt();
            log.debug(
                    "requestId={} status={} provider={} attempt={} class={} elapsedMs={}",
                    event.requestId(),
                    event.status().wire(),
                    attempt == null ? "-" : attempt.provider(),
                    attempt == null ? "-" : attempt.number(),
                    event.reason() == null ? "-" : event.reason().reasonClass().wire(),
                    event.elapsed().toMillis());
        }
    }

    private void leave() {
        log.debug("requestId={} left to the next owner of its partition", request.requestId());
        over = true;
        complete(Outcome.LEFT);
    }

    private void complete(Outcome what) {
        delivery.held.remove(this);
        outcome.tryComplete(what);
    }

    /** The one place where a stray exception of a request is caught: it ends this request and no other. */
    private void safely(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException stray) {
            delivery.meters.alert(Alert.STRAY_EXCEPTION);
            // its message may hold anything: the class and the place have to do (P6)
            log.error(
                    "requestId={} unexpected {} at {}",
                    request.requestId(),
                    stray.getClass().getName(),
                    stray.getStackTrace().length == 0 ? "?" : stray.getStackTrace()[0]);
            if (over || inFlight) {
                return; // told already, or its result will be
            }
            end(Status.FAILED, Reason.of(ReasonClass.BAD_REQUEST, "an unexpected error of Petrel"));
        }
    }

    @Override
    public String country() {
        return request.to().country();
    }

    @Override
    public int bytes() {
        return request.text().length() * 2;
    }

    @Override
    public Instant since() {
        return since;
    }

    @Override
    public boolean waiting() {
        return !inFlight && !over && !saturated;
    }

    @Override
    public void endSaturated() {
        saturated = true;
        delivery.alarm.raise(
                Alert.SATURATED,
                () -> log.warn("held.max is reached, and {} has no working provider: its oldest are ended", country()));
        if (backoff != null) {
            backoff.cancel();
            backoff = null;
            safely(() -> endOrLeave(term.mayAttempt() ? Gate.Leave.GO : Gate.Leave.GONE));
        }
    }
}
