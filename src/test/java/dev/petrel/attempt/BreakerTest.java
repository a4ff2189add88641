package dev.petrel.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.testing.ManualTime;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A breaker that an operator holds, and lets go; the rest is told in {@link GuardedProviderTest}. */
class BreakerTest {
    private static final Duration QUICK = Duration.ofMillis(10);

    private final ManualTime time = new ManualTime();
    private final CircuitBreakerRegistry registry = CircuitBreakerRegistry.ofDefaults();
    private BreakerConfig config = numbers(20);
    private final Breaker breaker = new Breaker("a", () -> config, registry, time);

    private static BreakerConfig numbers(int minimumCalls) {
        return new BreakerConfig("a", 50, Duration.ofSeconds(2), 80, 50, minimumCalls, Duration.ofSeconds(10), 10);
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            if (breaker.tryAcquire()) {
                breaker.record(BreakerVerdict.FAILURE, QUICK);
            }
        }
    }

    @Test
    void heldOpenItStaysSoWhenItsNumbersChange() {
        breaker.holdOpen();

        config = numbers(5);

        assertThat(breaker.isHeldOpen()).isTrue();
        assertThat(breaker.tryAcquire()).isFalse();
        assertThat(registry.circuitBreaker("a").getState()).isEqualTo(CircuitBreaker.State.FORCED_OPEN);
        time.advance(Duration.ofHours(1));
        assertThat(breaker.tryAcquire()).isFalse();
    }

    @Test
    void heldClosedItStaysSoWhenItsNumbersChange() {
        breaker.holdClosed();

        config = numbers(5);
        fail(100);
        breaker.record(BreakerVerdict.OPEN, QUICK);

        assertThat(breaker.tryAcquire()).isTrue();
        assertThat(breaker.state()).isEqualTo("disabled");
    }

    @Test
    void letGoItIsClosedAndCountsAnewByTheNumbersOfNow() {
        fail(19);
        breaker.holdOpen();
        config = numbers(5);

        breaker.letGo();

        assertThat(breaker.state()).isEqualTo("closed");
        fail(4);
        assertThat(breaker.state()).isEqualTo("closed");
        fail(1);
        assertThat(breaker.state()).isEqualTo("open");
    }

    @Test
    void whatWasCountedBeforeAHoldAndDuringItIsForgotten() {
        fail(19);
        breaker.holdClosed();
        fail(100);

        breaker.letGo();

        assertThat(registry.circuitBreaker("a").getMetrics().getNumberOfBufferedCalls())
                .isZero();
        fail(19);
        assertThat(breaker.state()).isEqualTo("closed");
        fail(1);
        assertThat(breaker.state()).isEqualTo("open");
    }

    @Test
    void whileItIsHeldNothingIsCounted() {
        fail(10);
        breaker.holdClosed();
        fail(100);
        assertThat(registry.circuitBreaker("a").getMetrics().getFailureRate()).isEqualTo(-1);
        assertThat(breaker.failureRate()).isEqualTo(100);

        breaker.holdOpen();
        assertThat(registry.circuitBreaker("a").getMetrics().getFailureRate()).isEqualTo(-1);
        assertThat(breaker.failureRate()).isEqualTo(100);
    }

    @Test
    void aBreakerThatWasOpenBeforeTheHoldIsClosedAfterIt() {
        fail(20);
        assertThat(breaker.isShut()).isTrue();
        breaker.holdOpen();

        breaker.letGo();

        assertThat(breaker.isShut()).isFalse();
        assertThat(breaker.tryAcquire()).isTrue();
    }

    @Test
    void lettingGoOfWhatNobodyHoldsChangesNothing() {
        fail(20);

        breaker.letGo();

        assertThat(breaker.isShut()).isTrue();
    }
}
