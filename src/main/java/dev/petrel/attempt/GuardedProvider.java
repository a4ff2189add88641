package dev.petrel.attempt;

import dev.petrel.message.Reason;
import dev.petrel.message.SkipReason;
import dev.petrel.message.Submission;
import dev.petrel.message.SubmitResult;
import dev.petrel.metrics.Alarm;
import dev.petrel.metrics.Alert;
import dev.petrel.metrics.Meters;
import dev.petrel.provider.SmsProvider;
import dev.petrel.time.Time;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One provider behind its guards. Who wants to submit asks for a {@link #turn()}: a resting provider or an open breaker
 * refuses at once, so that nobody queues before them; then the request queues for the in-flight limit and the pace, no
 * longer than the longest wait. A turn that was granted is used or given back.
 *
 * <p>Used on one event loop; the counts may be read from any thread.
 */
public final class GuardedProvider {
    private static final Logger log = LoggerFactory.getLogger(GuardedProvider.class);
    /** A rest is no longer than this, whatever the provider asks for: nobody may talk himself out of the route. */
    private static final Duration LONGEST_REST = Duration.ofMinutes(1);

    private static final Duration REST_WITHOUT_RETRY_AFTER = Duration.ofSeconds(1);

    private final SmsProvider provider;
    private final boolean givesReceipts;
    private final Supplier<ProviderConfig> config;
    private final Time time;
    private final Meters meters;
    private final Breaker breaker;
    private final Turnstile turnstile;
    private final Alarm alarm;
    private long restsUntil;
    private boolean resting;
    private int trickling;

    public GuardedProvider(
            SmsProvider vendor,
            Supplier<ProviderConfig> config,
            CircuitBreakerRegistry breakers,
            Time time,
            Meters meters) {
        this.provider = new NeverFailing(new Discreet(new TimeLimited(vendor, time)), meters);
        this.givesReceipts = vendor.receipts().isPresent();
        this.config = config;
        this.time = time;
        this.meters = meters;
        this.alarm = new Alarm(meters, time::nanos);
        this.breaker = new Breaker(vendor.id(), () -> config.get().breaker(), breakers, time);
        this.turnstile = new Turnstile(config, time);
        breaker.onOpen(() -> turnstile.turnAway(SkipReason.BREAKER_OPEN));
        meters.provider(id());
        meters.gauge(
                "petrel.provider.in.flight",
                "Submissions without an answer",
                null,
                turnstile::inside,
                "provider",
                id());
    }

    public String id() {
        return provider.id();
    }

    /** Whether its vendor tells what became of each message. */
    public boolean givesReceipts() {
        return givesReceipts;
    }

    /** How long an attempt waits for the provider's answer. */
    public Duration timeout() {
        return config.get().timeout();
    }

    /** An operator wants its breaker open: nothing goes to it, not even as the least bad one, until it is let go. */
    public void holdOpen() {
        breaker.holdOpen();
        turnstile.turnAway(SkipReason.HELD_OPEN);
    }

    /** An operator wants its breaker closed: failures don't shut it, until it is let go. */
    public void holdClosed() {
        breaker.holdClosed();
    }

    /** The breaker decides by itself again. */
    public void letGo() {
        breaker.letGo();
    }

    /** Why no turn would be granted now; null if nothing shuts the provider. */
    public @Nullable SkipReason shut() {
        if (breaker.isHeldOpen()) {
            return SkipReason.HELD_OPEN;
        }
        if (isResting()) {
            return SkipReason.RESTING;
        }
        return breaker.isShut() ? SkipReason.BREAKER_OPEN : null;
    }

    /** How long it still wants to be left alone; zero where it does not. */
    public Duration rest() {
        return isResting() ? Duration.ofNanos(restsUntil - time.nanos()) : Duration.ZERO;
    }

    /** The breaker's state, in lower case. */
    public String breakerState() {
        return breaker.state();
    }

    /** Submissions without an answer. */
    public int inFlight() {
        return turnstile.inside();
    }

    /**
     * Whether so many wait for a turn, and get one in time, that one more would only wait behind them. Never while it is
     * held closed: nothing stops those that fail from coming again and again, and they must not keep all others out.
     */
    public boolean hasItsFill() {
        return turnstile.hasItsFill() && !breaker.isHeldClosed();
    }

    /** Percent of the latest calls. */
    public float failureRate() {
        return breaker.failureRate();
    }

    public Future<Turn> turn() {
        if (breaker.isHeldOpen()) {
            return refused(SkipReason.HELD_OPEN);
        }
        if (isResting()) {
            return refused(SkipReason.RESTING);
        }
        if (!breaker.tryAcquire()) {
            return refused(SkipReason.BREAKER_OPEN);
        }
        return enter(new Permitted());
    }

    /** A turn in spite of the open breaker, for a request whose every provider is shut; few at a time. */
    public Future<Turn> turnInSpiteOfBreaker() {
        if (breaker.isHeldOpen()) {
            return refused(SkipReason.HELD_OPEN);
        }
        if (isResting()) {
            return refused(SkipReason.RESTING);
        }
        if (trickling >= config.get().breaker().halfOpenCalls()) {
            return refused(SkipReason.BREAKER_OPEN);
        }
        trickling++;
        return enter(new Trickled());
    }

    public Future<Void> close() {
        return provider.close();
    }

    private Future<Turn> enter(AbstractTurn turn) {
        return turnstile.enter().map(turnedAway -> settle(turn, turnedAway));
    }

    private Turn settle(AbstractTurn turn, Optional<SkipReason> turnedAway) {
        if (turnedAway.isEmpty()) {
            return turn;
        }
        turn.noCall();
        return refuse(turnedAway.get());
    }

    private Future<Turn> refused(SkipReason reason) {
        return Future.succeededFuture(refuse(reason));
    }

    private Turn refuse(SkipReason reason) {
        meters.skip(id(), reason);
        return new Turn.Refused(reason);
    }

    private boolean isResting() {
        if (resting && time.nanos() - restsUntil >= 0) {
            resting = false;
        }
        return resting;
    }

    private void rest(@Nullable Duration retryAfter) {
        Duration asked = retryAfter == null ? REST_WITHOUT_RETRY_AFTER : retryAfter;
        Duration rest = asked.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : asked;
        long until = time.nanos() + rest.toNanos();
        if (!isResting() || until - restsUntil > 0) {
            restsUntil = until;
            resting = true;
            log.warn("provider={} throttles us and rests for {} ms", id(), rest.toMillis());
        }
        turnstile.turnAway(SkipReason.RESTING);
    }

    private void tell(SubmitResult result, Duration duration) {
        meters.attempt(id(), result.kind(), duration);
        Reason reason = result.reason();
        if (reason == null) {
            return;
        }
        meters.attemptFailed(id(), reason.reasonClass());
        Alert alert = Alert.of(reason.reasonClass());
        if (alert != null) {
            alarm.raise(alert, () -> log.error("provider={} {} code={}", id(), alert.tag(), reason.code()));
        }
    }

    /** A turn that went through the turnstile, however it got past the breaker. */
    private abstract class AbstractTurn implements Turn.Granted {
        @Override
        public Future<Turn.Made> submit(Submission submission) {
            long started = time.nanosLessLag();
            return provider.submit(submission).map(result -> {
                Duration duration = Duration.ofNanos(Math.max(0, time.nanosLessLag() - started));
                verdict(result, duration);
                if (result instanceof SubmitResult.Throttled throttled) {
                    rest(throttled.retryAfter());
                }
                turnstile.leave(); // only now: who waits must not slip in before an open breaker or a rest
                tell(result, duration);
                return new Turn.Made(result, duration);
            });
        }

        @Override
        public void giveBack() {
            turnstile.leave();
            noCall();
        }

        abstract void verdict(SubmitResult result, Duration duration);

        abstract void noCall();
    }

    private final class Permitted extends AbstractTurn {
        @Override
        void verdict(SubmitResult result, Duration duration) {
            breaker.record(BreakerVerdict.of(result), duration);
        }

        @Override
        void noCall() {
            breaker.release();
        }
    }

    /** Its result is no verdict: an open breaker closes by its own trial calls. */
    private final class Trickled extends AbstractTurn {
        @Override
        void verdict(SubmitResult result, Duration duration) {
            trickling--;
        }

        @Override
        void noCall() {
            trickling--;
        }
    }
}
