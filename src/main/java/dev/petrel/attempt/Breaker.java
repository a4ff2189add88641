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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One provider's breaker. Every {@link #tryAcquire()} that said yes is answered by one verdict: {@link #record}, or
 * {@link #release()} where there was no call or none that counts.
 */
final class Breaker {
    private static final Logger log = LoggerFactory.getLogger(Breaker.class);

    private final Supplier<BreakerConfig> config;
    private final CircuitBreakerRegistry registry;
    private final Time time;
    private final List<Consumer<State>> told = new ArrayList<>();
    private CircuitBreaker breaker;
    private BreakerConfig made;
    private long openedAt;
    private boolean held;

    /** @param config when its numbers change, the breaker begins anew with them, closed */
    Breaker(String provider, Supplier<BreakerConfig> config, CircuitBreakerRegistry registry, Time time) {
        this.config = config;
        this.registry = registry;
        this.time = time;
        this.made = config.get();
        this.breaker = registry.circuitBreaker(provider, settings(made));
        listen();
        told.add(this::tell);
        onOpen(() -> openedAt = time.nanos());
    }

    private CircuitBreakerConfig settings(BreakerConfig numbers) {
        return CircuitBreakerConfig.custom()
                .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
                .slidingWindowSize(numbers.window())
                .minimumNumberOfCalls(numbers.minimumCalls())
                .failureRateThreshold(numbers.failureRate())
                .slowCallDurationThreshold(numbers.slowCall())
                .slowCallRateThreshold(numbers.slowCallRate())
                .waitDurationInOpenState(numbers.openFor())
                .permittedNumberOfCallsInHalfOpenState(numbers.halfOpenCalls())
                .writableStackTraceEnabled(false)
                .clock(clock(time))
                .build();
    }

    private CircuitBreaker breaker() {
        BreakerConfig now = config.get();
        if (!now.equals(made)) {
            made = now;
            CircuitBreaker anew = CircuitBreaker.of(breaker.getName(), settings(now));
            switch (breaker.getState()) {
                case FORCED_OPEN -> anew.transitionToForcedOpenState();
                case DISABLED -> anew.transitionToDisabledState();
                default -> {}
            }
            registry.replace(breaker.getName(), anew);
            breaker = anew;
            listen();
            log.info("provider={} breaker begins anew: its numbers have changed", anew.getName());
        }
        return breaker;
    }

    private void listen() {
        CircuitBreaker heard = breaker;
        heard.getEventPublisher().onStateTransition(event -> {
            if (heard == breaker) {
                told.forEach(task -> task.accept(event.getStateTransition().getToState()));
            }
        });
    }

    /** @param task runs on the thread whose verdict opened the breaker */
    void onOpen(Runnable task) {
        told.add(to -> {
            if (to == State.OPEN) {
                task.run();
            }
        });
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
        if (breaker().getState() != State.FORCED_OPEN) {
            held = true;
            breaker().transitionToForcedOpenState();
        }
    }

    /** Lets everything through, whatever it hears, until it is let go or held otherwise. */
    void holdClosed() {
        if (breaker().getState() != State.DISABLED) {
            held = true;
            breaker().transitionToDisabledState();
        }
    }

    /** Closed, and counting anew: what was counted before it was held says nothing of now. */
    void letGo() {
        if (held) {
            held = false;
            breaker().transitionToClosedState();
        }
    }

    boolean isHeldOpen() {
        return breaker().getState() == State.FORCED_OPEN;
    }

    boolean isHeldClosed() {
        return breaker().getState() == State.DISABLED;
    }

    boolean tryAcquire() {
        return breaker().tryAcquirePermission();
    }

    /** Open, and not yet due for trial calls. Takes no permission. */
    boolean isShut() {
        return breaker().getState() == State.OPEN
                && time.nanos() - openedAt <= made.openFor().toNanos();
    }

    void release() {
        breaker().releasePermission();
    }

    void record(BreakerVerdict verdict, Duration duration) {
        switch (verdict) {
            case SUCCESS -> breaker().onSuccess(duration.toNanos(), TimeUnit.NANOSECONDS);
            case FAILURE -> breaker().onError(duration.toNanos(), TimeUnit.NANOSECONDS, Failure.INSTANCE);
            case NOT_COUNTED -> breaker().releasePermission();
            case OPEN -> {
                breaker().releasePermission();
                if (!held && breaker().getState() != State.OPEN) {
                    breaker().transitionToOpenState();
                }
            }
        }
    }

    String state() {
        return breaker().getState().name().toLowerCase(Locale.ROOT);
    }

    /** Percent of the latest calls; 100 where there were too few to tell. */
    float failureRate() {
        float rate = breaker().getMetrics().getFailureRate();
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
