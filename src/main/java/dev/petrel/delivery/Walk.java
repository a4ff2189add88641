package dev.petrel.delivery;

import dev.petrel.attempt.GuardedProvider;
import dev.petrel.attempt.Turn;
import dev.petrel.journal.JournalEvent;
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
 * somebody else. It begins where the request stands, which need not be the beginning.
 *
 * <pre>
 *   plan ──► next hop ──► turn ──► attempt ──► told ──► decide ──► end
 *    ▲         ▲            │ refused                     │
 *    │         └────────────┴─────────────────────────────┘
 *    └── wait ◄── after the last hop
 * </pre>
 */
final class Walk implements OpenRequest, Held.Text {
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
    private @Nullable Ending forced;
    private Time.@Nullable Timer backoff;

    /** How it has to end, wherever the walk is. */
    private record Ending(Status status, @Nullable Reason reason) {}

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
    void start() {
        delivery.held.add(this);
        safely(() -> {
            plan();
            decide();
        });
    }

    /** The guard has let it pass. */
    void admitted() {
        telling.admitted();
    }

    /** Ends before the next step. */
    void refuse(Status status, @Nullable Reason reason) {
        forced = new Ending(status, reason);
        safely(this::decide);
    }

    @Override
    public Future<Outcome> outcome() {
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
        if (over) {
            return;
        }
        if (standing.ended()) {
            endedByAnother();
        } else if (standing.taken()) {
            end(Status.UNCONFIRMED, null);
        } else if (standing.stopped() && last != null) {
            end(Status.FAILED, last);
        } else if (forced != null) {
            end(forced.status, forced.reason);
        } else if (route.hops().isEmpty()) {
            endWithoutHops();
        } else if (standing.copiesThatMayArrive() > 0 && !anotherCopyMayFollow()) {
            end(Status.FAILED, Reason.of(ReasonClass.AMBIGUOUS, "no further copy may be sent"));
        } else {
            next();
        }
    }

    private boolean anotherCopyMayFollow() {
        DeliveryConfig config = delivery.config.get();
        return config.onAmbiguous() == DeliveryConfig.OnAmbiguous.NEXT
                && standing.copiesThatMayArrive() < config.maxCopies();
    }

    private void endWithoutHops() {
        if (request.providers() != null) {
            end(Status.REJECTED, Reason.of(ReasonClass.INVALID, "providers: none of them is known"));
        } else {
            end(Status.FAILED, Reason.of(ReasonClass.NO_PROVIDER, "no route for the country"));
        }
    }

    private void next() {
        if (mustEnd()) {
            decide();
            return;
        }
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
        if (mustEnd() || leave != Gate.Leave.GO) {
            turn.giveBack();
            delivery.inFlight.release();
            stop(leave);
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
        turn.submit(submission).onSuccess(made -> {
            safely(() -> made(provider.id(), submission, made));
            term.end(); // last: a drain may be over with it
        });
    }

    private void made(String provider, Submission submission, Turn.Made made) {
        inFlight = false;
        boolean mayEnd = !standing.ended() && delivery.gate.toDecide(term) == Gate.Leave.GO;
        StatusEvent event = telling.attempt(provider, round, submission, made, mayEnd);
        log(event);
        if (event.status() == Status.SUBMITTED) {
            delivery.meters.submitted(request.to().country(), event.elapsed());
        }
        Future<Void> told = delivery.sink.publish(event, term);
        told.onSuccess(acknowledged -> delivery.inFlight.release());
        if (event.last()) {
            settle(event, told);
        } else if (!over) {
            if (term.isOurs()) {
                decide();
            } else {
                leave();
            }
        }
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
        if (mustEnd()) {
            decide();
            return;
        }
        if (!term.isActive()) {
            leave();
            return;
        }
        Duration left = Duration.between(delivery.time.now(), delivery.gate.lastStart(request))
                .minus(MARGIN);
        if (left.isNegative() || left.isZero()) {
            expire();
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

    /** Whether no further attempt may start, whatever the gate says. */
    private boolean mustEnd() {
        return over || forced != null || standing.ended() || standing.mustEnd() || standing.taken();
    }

    /** No attempt starts now: what does instead. */
    private void stop(Gate.Leave leave) {
        if (over) {
            return;
        }
        switch (leave) {
            case GONE -> leave();
            case NO_LEASE ->
                suspend(() -> {
                    plan(); // the same round again: what was tried in it is not tried once more
                    decide();
                });
            case EXPIRED, GO -> {
                if (mustEnd()) {
                    decide();
                } else {
                    expire();
                }
            }
        }
    }

    private void expire() {
        end(Status.EXPIRED, Reason.of(ReasonClass.EXPIRED, "no provider took it in time"));
    }

    private void suspend(Runnable step) {
        delivery.suspended.add(term, () -> safely(step));
    }

    private void end(Status status, @Nullable Reason reason) {
        if (over) {
            return;
        }
        switch (delivery.gate.toDecide(term)) {
            case GONE -> leave();
            case NO_LEASE -> suspend(() -> endUnlessEnded(status, reason));
            case EXPIRED, GO -> tellEnd(status, reason);
        }
    }

    private void endUnlessEnded(Status status, @Nullable Reason reason) {
        if (mustEnd()) {
            decide(); // something was told meanwhile, or asked for
        } else {
            end(status, reason);
        }
    }

    private void tellEnd(Status status, @Nullable Reason reason) {
        StatusEvent event = telling.last(status, reason, inFlight);
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

    /** Its final is on the status topic, by somebody else. */
    private void endedByAnother() {
        over = true;
        complete(Outcome.SETTLED);
    }

    @Override
    public void apply(JournalEvent told) {
        standing.apply(told);
        if (mustEnd()) {
            wakeUp();
        }
    }

    @Override
    public void supersede() {
        if (over || mustEnd()) {
            return;
        }
        forced = new Ending(Status.SUPERSEDED, null);
        cancelBackoff();
        safely(this::decide); // though an attempt may be in flight: its result will be told
    }

    /** Where it only waits for its next round, what it waits for has come. */
    private void wakeUp() {
        if (backoff != null) {
            cancelBackoff();
            safely(this::decide);
        }
    }

    private void cancelBackoff() {
        if (backoff != null) {
            backoff.cancel();
            backoff = null;
        }
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
        return !inFlight && !over && forced == null;
    }

    @Override
    public void endSaturated() {
        forced = new Ending(Status.FAILED, Reason.of(ReasonClass.SATURATED, "memory was needed for other countries"));
        delivery.alarm.raise(
                Alert.SATURATED,
                () -> log.warn("held.max is reached, and {} has no working provider: its oldest are ended", country()));
        wakeUp();
    }
}
