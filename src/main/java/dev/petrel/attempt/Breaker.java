package dev.petrel.attempt;

import dev.petrel.time.Time;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One provider's breaker. Every {@link #tryAcquire()} that said yes is answered by one verdict: {@link #record}, or
 * {@link #release()} where there was no call or none that counts.
 */
final class Breaker {
    private static final Logger log = LoggerFactory.getLogger(Breaker.class);

    private final CircuitBreaker breaker;
    private final Time time;
    private final Duration openFor;
    private long openedAt;
    private boolean held;

    Breaker(String provider, BreakerConfig config, CircuitBreakerRegistry registry, Time time) {
        this.breaker = registry.circuitBreaker(
                provider,
                CircuitBreakerConfig.custom()
                        .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                        .slidingWindowSize(config.window())
                        .minimumNumberOfCalls(config.minimumCalls())
                        .failureRateThreshold(config.failureRate())
                        .slowCallDurationThreshold(config.slowCall())
                        .slowCallRateThreshold(config.slowCallRate())
                        .waitDurationInOpenState(config.openFor())
                        .permittedNumberOfCallsInHalfOpenState(config.halfOpenCalls())
                        .writableStackTraceEnabled(false)
                        .clock(clock(time))
                        .build());
        this.time = time;
        this.openFor = config.openFor();
        onTransition(this::tell);
        onOpen(() -> openedAt = time.nanos());
    }

    /** @param task runs on the thread whose verdict opened the breaker */
    void onOpen(Runnable task) {
        onTransition(to -> {
            if (to == State.OPEN) {
                task.run();
            }
        });
    }

    private void onTransition(Consumer<State> task) {
        breaker.getEventPublisher()
                .onStateTransition(
                        event -> task.accept(event.getStateTransition().getToState()));
    }

    private void tell(State to) {
        CircuitBreaker.Metrics calls = breaker.getMetrics();
        log.warn(
                "provider={} breaker {}: {} of the latest {} calls failed, {} were slow",
                breaker.getName(),
                to.name().toLowerCase(Locale.ROOT),
                calls.getNumberOfFailedCalls(),
                calls.getNumberOfBufferedCalls(),
                calls.getNumberOfSlowCalls());
    }

    /** Refuses everything, whatever it hears, until it is let go or held otherwise. */
    void holdOpen() {
        if (breaker.getState() != State.FORCED_OPEN) {
            held = true;
            breaker.transitionToForcedOpenState();
        }
    }

    /** Lets everything through, whatever it hears, until it is let go or held otherwise. */
    void holdClosed() {
        if (breaker.getState() != State.DISABLED) {
            held = true;
            breaker.transitionToDisabledState();
        }
    }

    /** Closed, and counting anew: what was counted before it was held says nothing of now. */
    void letGo() {
        if (held) {
            held = false;
            breaker.transitionToClosedState();
        }
    }

    boolean isHeldOpen() {
        return breaker.getState() == State.FORCED_OPEN;
    }

    boolean tryAcquire() {
        return breaker.tryAcquirePermission();
    }

    /** Open, and not yet due for trial calls. Takes no permission. */
    boolean isShut() {
        return breaker.getState() == State.OPEN && time.nanos() - openedAt <= openFor.toNanos();
    }

    void release() {
        breaker.releasePermission();
    }

    void record(BreakerVerdict verdict, Duration duration) {
        switch (verdict) {
            case SUCCESS -> breaker.onSuccess(duration.toNanos(), TimeUnit.NANOSECONDS);
            case FAILURE -> breaker.onError(duration.toNanos(), TimeUnit.NANOSECONDS, Failure.INSTANCE);
            case NOT_COUNTED -> breaker.releasePermission();
            case OPEN -> {
                breaker.releasePermission();
                if (!held && breaker.getState() != State.OPEN) {
                    breaker.transitionToOpenState();
                }
            }
        }
    }

    /** Percent of the latest calls; 100 where there were too few to tell. */
    float failureRate() {
        float rate = breaker.getMetrics().getFailureRate();
        return rate < 0 ? 100 : rate;
    }

    /** Monotonic: a step of the clock on the wall must not hold a breaker open. */
    private static Clock clock(Time time) {
        return new Clock() {
            @Override
            public Instant instant() {
                return Instant.EPOCH.plusNanos(time.nanos());
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        };
    }

    /** The breaker asks for an exception; it is never shown and costs nothing. */
    private static final class Failure extends RuntimeException {
        static final Failure INSTANCE = new Failure();

        private Failure() {
            super("attempt failed", null, false, false);
        }
    }
}
