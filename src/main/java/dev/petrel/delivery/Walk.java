package dev.petrel.delivery;

import dev.petrel.attempt.GuardedProvider;
import dev.petrel.attempt.Turn;
import dev.petrel.guard.Admission;
import dev.petrel.journal.Consequence;
import dev.petrel.journal.Copy;
import dev.petrel.journal.JournalEvent;
import dev.petrel.journal.Standing;
import dev.petrel.message.Advice;
import dev.petrel.message.Reason;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.ReceiptState;
import dev.petrel.message.SendRequest;
import dev.petrel.message.SkipReason;
import dev.petrel.message.Status;
import dev.petrel.message.StatusEvent;
import dev.petrel.message.Submission;
import dev.petrel.message.SubmitResult;
import dev.petrel.metrics.Alert;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request's walk over the hops of its route, round after round, until it comes to an end or its partition goes to
 * somebody else. It begins where the request stands, which need not be the beginning.
 *
 * <pre>
 *   plan ──► next hop ──► turn ──► attempt ──► told ──► decide ──► end
 *    ▲         ▲            │ refused                    │  ▲  │
 *    │         └────────────┴────────────────────────────┤  │  │ taken: wait for its receipt
 *    └── wait ◄── after the last hop                     │  └──┘
 *                                                        └──► rest: no attempt may follow, and a copy is open
 * </pre>
 */
final class Walk implements OpenRequest, Held.Text {
    private static final Logger log = LoggerFactory.getLogger(Walk.class);
    /** The last attempt starts this much before the last instant at which it may, for timers are late. */
    private static final Duration MARGIN = Duration.ofMillis(250);

    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);
    private static final Duration LOOK_FOR_ROOM = Duration.ofSeconds(10);

    private final Delivery delivery;
    private SendRequest request;
    private final Standing standing;
    private final Term term;
    private final Telling telling;
    private final Copies copies;
    private final Instant since;
    private final Promise<Outcome> outcome = Promise.promise();

    private final Round round;
    private final Pause pause;
    private final Objectives.Aim aim;
    private @Nullable Instant nextRoundAt;
    private boolean inFlight;
    private boolean over;
    private @Nullable Ending forced;
    /** No attempt may follow, and the text is gone. */
    private boolean rests;

    /** How it has to end, wherever the walk is. */
    private record Ending(Status status, @Nullable Reason reason) {}

    Walk(Delivery delivery, SendRequest request, Standing standing, Term term) {
        this.delivery = delivery;
        this.request = request;
        this.standing = standing;
        this.term = term;
        this.telling = new Telling(request, standing, delivery.countryOk, delivery.time);
        this.since = delivery.time.now();
        this.copies =
                new Copies(delivery, standing, request.requestId(), request.to().country(), since);
        this.round = new Round(delivery, request, standing, telling);
        this.pause = new Pause(delivery.time);
        this.aim = delivery.objectives.begin(request, standing, copies, copies::underwayForGood);
    }

    /** Goes on from where the request stands. */
    void start() {
        delivery.held.add(this);
        safely(() -> {
            copies.resume();
            round.plan();
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
        safely(() -> {
            copies.resume();
            decide();
        });
    }

    @Override
    public Future<Outcome> outcome() {
        return outcome.future();
    }

    /** What follows from the latest result: the table of results. */
    private void decide() {
        Reason last = standing.lastReason();
        if (over) {
            return;
        }
        if (standing.ended()) {
            endedByAnother();
        } else if (standing.delivered()) {
            end(Status.DELIVERED, last != null && last.reasonClass() == ReasonClass.VERIFIED ? last : null);
        } else if (inFlight && forced == null) {
            return; // its result decides
        } else if (copies.takenInSilence()) {
            end(Status.UNCONFIRMED, null);
        } else if (standing.stopped() && last != null) {
            conclude(Status.FAILED, last);
        } else if (forced != null) {
            conclude(forced.status, forced.reason);
        } else if (rests) {
            concludeUntaken();
        } else if (isStopped()) {
            decide(); // by what it has to come to now
        } else {
            follow(standing.latestAccepted());
        }
    }

    /** @param taken the latest copy that a provider took; the next hop follows once nothing good is expected of it */
    private void follow(@Nullable Copy taken) {
        if (taken != null && !taken.bad() && !taken.givenUp() && !isSilent(taken)) {
            return;
        }
        if (round.hasNoHops()) {
            endWithoutHops();
        } else if (round.ordersLeaveNobody()) {
            endByOrders();
        } else if (!copies.anotherMayFollow()) {
            conclude(Status.FAILED, Reason.of(ReasonClass.AMBIGUOUS, "no further copy may be sent"));
        } else if (taken == null || taken.givenUp()) {
            next();
        } else {
            giveUp(taken);
        }
    }

    /** Whether the time for its receipt is over, and that is the provider's doing; or else it is waited for. */
    private boolean isSilent(Copy taken) {
        Instant now = delivery.time.now();
        Instant clockEnd = copies.clockEnd(taken);
        if (now.isBefore(clockEnd)) {
            waitFor(Duration.between(now, clockEnd));
            return false;
        }
        if (!copies.anotherMayFollow() || isTooLate()) {
            rest();
            return false;
        }
        if (!copies.health(taken).clockRuns()) {
            linger();
            return false;
        }
        switch (delivery.receiving.health().silence(copies.health(taken))) {
            case FAIL_OVER -> {
                return true;
            }
            case UNDECIDED -> waitFor(ASK_AGAIN);
            case DEAF -> linger();
        }
        return false;
    }

    private boolean isTooLate() {
        return delivery.time.now().isAfter(delivery.gate.lastStart(request));
    }

    private void giveUp(Copy taken) {
        nextRoundAt = null; // what was waited for before a receipt came is long ago
        round.plan(); // how the providers stood when this round began is long ago
        if (isTooLate()) {
            expire();
        } else if (round.everyHopIsOut()) {
            endWithoutHopsLeft();
        } else {
            switch (delivery.gate.toDecide(term)) {
                case GONE -> leaveNow();
                case NO_LEASE -> suspend(this::decide);
                case EXPIRED, GO -> {
                    tell(telling.undelivered(taken, whyUndelivered(taken)));
                    next();
                }
            }
        }
    }

    private Reason whyUndelivered(Copy taken) {
        Reason last = standing.lastReason();
        return taken.bad() && last != null ? last : Reason.of(ReasonClass.AMBIGUOUS, "no receipt in time");
    }

    private void tell(StatusEvent event) {
        log(event);
        delivery.inFlight.add();
        delivery.sink.publish(event, term).onSuccess(acknowledged -> delivery.inFlight.release());
    }

    /** No attempt may follow: ends so, or so that a copy is waited for while one is open. */
    private void conclude(Status status, @Nullable Reason reason) {
        if (status == Status.SUPERSEDED && !standing.taken()) {
            end(status, reason);
        } else if (inFlight) {
            return; // its result decides
        } else if (copies.nextToClose(delivery.time.now()) != null) {
            rest();
        } else if (copies.mayHaveArrived()) {
            end(Status.UNCONFIRMED, null);
        } else if (standing.taken()) {
            Reason last = standing.lastReason();
            end(Status.FAILED, last != null ? last : Reason.of(ReasonClass.UNAVAILABLE, "it was not delivered"));
        } else {
            end(status, reason);
        }
    }

    /** Of one that rests. */
    private void concludeUntaken() {
        if (isTooLate()) {
            expire();
        } else {
            Reason last = standing.lastReason();
            conclude(Status.FAILED, last != null ? last : Reason.of(ReasonClass.AMBIGUOUS, "nobody knows"));
        }
    }

    /** Waits for a receipt alone, and keeps the text while there is room: a bad one may still come in time. */
    private void linger() {
        Instant now = delivery.time.now();
        Instant next = copies.nextToClose(now);
        if (next != null && delivery.held.sparse()) {
            Duration untilThen = Duration.between(now, next);
            waitFor(untilThen.compareTo(LOOK_FOR_ROOM) < 0 ? untilThen : LOOK_FOR_ROOM);
        } else {
            rest();
        }
    }

    /** Waits for the copies that are open, and for nothing else: the text is needed no more. */
    private void rest() {
        if (!rests) {
            rests = true;
            delivery.held.remove(this);
            request = request.withoutText();
        }
        delivery.resting.add(this);
        Instant now = delivery.time.now();
        Instant next = copies.nextToClose(now);
        if (!over) {
            waitFor(next == null ? Duration.ZERO : Duration.between(now, next));
        }
    }

    /** Too many rest. */
    void endUnheard() {
        pause.cancel();
        safely(() -> {
            Reason last = standing.lastReason();
            if (copies.mayHaveArrived()) {
                end(Status.UNCONFIRMED, null);
            } else if (standing.stopped() && last != null) {
                end(Status.FAILED, last);
            } else {
                end(Status.FAILED, Reason.of(ReasonClass.AMBIGUOUS, "too many wait for a receipt"));
            }
        });
    }

    private void waitFor(Duration duration) {
        pause.then(duration, () -> safely(this::decide));
    }

    private void endWithoutHops() {
        if (request.providers() != null) {
            conclude(Status.REJECTED, Reason.of(ReasonClass.INVALID, "providers: none of them is known"));
        } else {
            conclude(Status.FAILED, Reason.of(ReasonClass.NO_PROVIDER, "no route for the country"));
        }
    }

    private void endByOrders() {
        round.tellOrders();
        conclude(Status.FAILED, Reason.of(ReasonClass.NO_PROVIDER, "every provider is drained or held open"));
    }

    private void next() {
        if (mustEnd()) {
            decide();
            return;
        }
        GuardedProvider provider = round.next();
        if (provider != null) {
            ask(provider, provider.turn());
        } else {
            afterLastHop();
        }
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
        SkipReason ordered = round.orderedOut(provider.id()); // while it queued, perhaps
        if (mustEnd() || leave != Gate.Leave.GO || isTakenMeanwhile() || ordered != null) {
            turn.giveBack();
            delivery.inFlight.release();
            if (ordered != null) {
                round.passOver(provider.id(), ordered);
            }
            stop(leave);
            return;
        }
        Submission submission;
        try {
            submission = submission(provider);
        } catch (RuntimeException unmakeable) {
            turn.giveBack();
            delivery.inFlight.release();
            throw unmakeable;
        }
        inFlight = true;
        round.attempted();
        term.begin();
        turn.submit(submission).onSuccess(made -> {
            safely(() -> made(provider.id(), submission, made));
            term.end(); // last: a drain may be over with it
        });
    }

    private Submission submission(GuardedProvider provider) {
        String attemptId = delivery.attemptIds.get();
        int number = standing.attempts() + 1;
        return new Submission(
                attemptId,
                number,
                request.to().msisdn(),
                request.text(),
                standing.ownSenders() ? null : request.sender(),
                delivery.gate.patience(request, provider.timeout()),
                request.expiresAt(),
                copies.reports(provider.id())
                        ? delivery.receiving.callbackUrl(request, provider.id(), attemptId, number, round.number())
                        : null);
    }

    /** A receipt has shown that an earlier attempt was taken. */
    private boolean isTakenMeanwhile() {
        Copy taken = standing.latestAccepted();
        return taken != null && !taken.bad() && !taken.givenUp();
    }

    private void made(String provider, Submission submission, Turn.Made made) {
        inFlight = false;
        boolean mayEnd = !standing.ended()
                && !standing.delivered()
                && !copies.reports(provider)
                && delivery.gate.toDecide(term) == Gate.Leave.GO;
        StatusEvent event = telling.attempt(
                provider, round.number(), submission, made, mayEnd, adviceBeforeWaiting(provider, made.result()));
        copies.told(submission.attemptId());
        if (over) {
            copies.over(); // nobody waits for its receipt: that it stays away is no fault of the provider
        }
        log(event);
        if (event.status() == Status.SUBMITTED) {
            delivery.meters.submitted(request.to().country(), event.elapsed());
            aim.taken(event.at(), copies.reports(provider));
        }
        Future<Void> told = delivery.sink.publish(event, term);
        told.onSuccess(acknowledged -> delivery.inFlight.release());
        if (event.last()) {
            settle(event, told);
        } else if (!over) {
            if (term.isOurs()) {
                decide();
            } else {
                leaveNow();
            }
        }
    }

    /** Where nothing will be left but to wait for a receipt, the last event before tells what to do. */
    private @Nullable Advice adviceBeforeWaiting(String provider, SubmitResult result) {
        Instant now = delivery.time.now();
        boolean openAfterwards = copies.nextToClose(now) != null || result.copy() && copies.reports(provider);
        Reason reason = result.reason();
        if (over || !openAfterwards) {
            return null;
        }
        if (reason == null) {
            Instant clockEnd = now.plus(delivery.receiving.config().get().failoverAfter());
            boolean lastCopy = !copies.anotherMayFollow(1);
            return lastCopy || clockEnd.isAfter(delivery.gate.lastStart(request)) ? Advice.toWait() : null;
        }
        Reason stopped = standing.stopped() ? standing.lastReason() : null;
        if (stopped != null) {
            return telling.advice(stopped);
        }
        boolean stops = Consequence.of(reason.reasonClass()) == Consequence.STOP;
        boolean lastCopy = !copies.anotherMayFollow(result.copy() ? 1 : 0);
        return stops || lastCopy || isTooLate() ? telling.advice(reason) : null;
    }

    private void endWithoutHopsLeft() {
        Reason last = standing.lastReason();
        conclude(Status.FAILED, last != null ? last : Reason.of(ReasonClass.NO_PROVIDER, "no provider is left"));
    }

    private void afterLastHop() {
        if (round.everyHopIsOut()) {
            endWithoutHopsLeft();
        } else if (round.ordersLeaveNobody()) {
            endByOrders();
        } else {
            GuardedProvider leastBad = round.leastBad();
            if (leastBad == null) {
                waitForNextRound();
            } else {
                askInSpiteOfAll(leastBad);
            }
        }
    }

    private void askInSpiteOfAll(GuardedProvider leastBad) {
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
            leaveNow();
            return;
        }
        Duration left = Duration.between(delivery.time.now(), delivery.gate.lastStart(request))
                .minus(MARGIN);
        if (left.isNegative() || left.isZero()) {
            expire();
            return;
        }
        Instant now = delivery.time.now();
        Instant due = nextRoundAt;
        if (due == null) {
            due = now.plus(delivery.backoff(round.number()));
            nextRoundAt = due; // a receipt that changes nothing must not put it off
        }
        Duration delay = Duration.between(now, due);
        pause.then(
                delay.compareTo(left) < 0 ? delay : left,
                () -> safely(() -> {
                    nextRoundAt = null;
                    round.planNext();
                    decide();
                }));
    }

    /** Whether no further attempt may start, whatever the gate says. */
    private boolean mustEnd() {
        return over || forced != null || standing.ended() || standing.mustEnd() || isStopped();
    }

    /** Whether an operator has stopped its country or its tenant; from then on it has to end so. */
    private boolean isStopped() {
        Admission.Refused stopped = delivery.stopped(request);
        if (stopped != null && forced == null) {
            forced = new Ending(stopped.status(), stopped.reason());
        }
        return stopped != null;
    }

    /** No attempt starts now: what does instead. */
    private void stop(Gate.Leave leave) {
        if (over) {
            return;
        }
        switch (leave) {
            case GONE -> leaveNow();
            case NO_LEASE ->
                suspend(() -> {
                    round.plan();
                    decide();
                });
            case EXPIRED, GO -> {
                if (mustEnd() || leave == Gate.Leave.GO) {
                    decide();
                } else {
                    expire();
                }
            }
        }
    }

    private void expire() {
        conclude(Status.EXPIRED, Reason.of(ReasonClass.EXPIRED, "no provider took it in time"));
    }

    private void suspend(Runnable step) {
        delivery.suspended.add(term, () -> safely(step));
    }

    private void end(Status status, @Nullable Reason reason) {
        if (over) {
            return;
        }
        switch (delivery.gate.toDecide(term)) {
            case GONE -> leaveNow();
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
        StatusEvent event = status == Status.DELIVERED
                ? telling.delivered(arrived(), reason)
                : telling.last(status, reason, inFlight);
        log(event);
        delivery.inFlight.add();
        Future<Void> told = delivery.sink.publish(event, term);
        told.onSuccess(acknowledged -> delivery.inFlight.release());
        settle(event, told);
    }

    private @Nullable Copy arrived() {
        for (Copy copy : standing.copies()) {
            if (copy.state() == ReceiptState.DELIVERED) {
                return copy;
            }
        }
        return null;
    }

    private void settle(StatusEvent last, Future<Void> told) {
        over = true;
        aim.ended(last);
        Reason reason = last.reason();
        delivery.meters.finished(last.status(), reason == null ? null : reason.reasonClass());
        if (last.status() == Status.DELIVERED) {
            delivery.meters.delivered(request.to().country(), last.elapsed());
        }
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
        aim(told);
        if (told.word() instanceof JournalEvent.Receipt receipt) {
            safely(() -> {
                copies.heard(receipt);
                tellWhyNot(receipt);
            });
        }
        if (over) {
            return;
        }
        if (standing.delivered()) {
            pause.cancel();
            safely(this::decide); // though an attempt may be in flight: its result will be told
        } else {
            wakeUp();
        }
    }

    private void aim(JournalEvent told) {
        Instant now = delivery.time.now();
        if (standing.delivered()) {
            aim.inHand(now);
        } else if (told.word() instanceof JournalEvent.Receipt receipt) {
            aim.taken(now, copies.reports(receipt.provider()));
        } else if (told.word() instanceof JournalEvent.Attempt attempt
                && attempt.result() == SubmitResult.Kind.ACCEPTED) {
            aim.takenElsewhere(now, copies.reports(attempt.provider()));
        }
    }

    private void tellWhyNot(JournalEvent.Receipt receipt) {
        Copy copy = receipt.state().bad() ? copies.find(receipt.attemptId()) : null;
        ReasonClass why = copy == null ? null : copy.reasonClass();
        if (why == null) {
            return;
        }
        delivery.meters.undelivered(receipt.provider(), why);
        Alert alert = Alert.of(why);
        if (alert != null) {
            delivery.alarm.raise(alert, () -> log.error("provider={} {} by receipt", receipt.provider(), alert.tag()));
        }
    }

    @Override
    public void leave() {
        if (!over && !inFlight) {
            pause.cancel();
            leaveNow();
        }
    }

    @Override
    public void supersede() {
        if (over || forced != null || standing.ended() || standing.mustEnd() || standing.taken()) {
            return;
        }
        forced = new Ending(Status.SUPERSEDED, null);
        pause.cancel();
        safely(this::decide); // though an attempt may be in flight: its result will be told
    }

    /** Where it only waits, for its next round or for a receipt, what it waits for may have come. */
    private void wakeUp() {
        if (pause.isOn()) {
            pause.cancel();
            safely(this::decide);
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

    private void leaveNow() {
        log.debug("requestId={} left to the next owner of its partition", request.requestId());
        over = true;
        complete(Outcome.LEFT);
    }

    private void complete(Outcome what) {
        delivery.held.remove(this);
        delivery.resting.remove(this);
        copies.over();
        aim.over();
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
        return !inFlight && !over && forced == null && !standing.taken();
    }

    @Override
    public void overruled() {
        boolean idles = pause.isOn() && !over && !rests && !standing.taken();
        if (idles && (isStopped() || round.ordersLeaveNobody())) {
            wakeUp();
        }
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
