package dev.petrel.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.message.SkipReason;
import dev.petrel.testing.ManualTime;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TurnstileTest {
    private final ManualTime time = new ManualTime();

    private Turnstile turnstile(int maxInFlight, Integer maxPerSecond) {
        BreakerConfig breaker = new BreakerConfig(
                "petrel.providers.a", 50, Duration.ofSeconds(2), 80, 50, 20, Duration.ofSeconds(10), 10);
        ProviderConfig config = new ProviderConfig(
                "a", Duration.ofSeconds(3), maxInFlight, maxPerSecond, Duration.ofSeconds(1), breaker);
        return new Turnstile(() -> config, time);
    }

    @Test
    void letsThroughUpToTheLimitAndThenInTheOrderTheyCame() {
        Turnstile turnstile = turnstile(2, null);
        assertThat(turnstile.enter().result()).isEmpty();
        assertThat(turnstile.enter().result()).isEmpty();
        Future<Optional<SkipReason>> third = turnstile.enter();
        Future<Optional<SkipReason>> fourth = turnstile.enter();
        assertThat(third.isComplete()).isFalse();

        turnstile.leave();

        assertThat(third.result()).isEmpty();
        assertThat(fourth.isComplete()).isFalse();
        assertThat(turnstile.inside()).isEqualTo(2);
    }

    @Test
    void turnsAwayAfterTheLongestWait() {
        Turnstile turnstile = turnstile(1, null);
        turnstile.enter();
        Future<Optional<SkipReason>> second = turnstile.enter();

        time.advance(Duration.ofMillis(999));
        assertThat(second.isComplete()).isFalse();
        time.advance(Duration.ofMillis(1));

        assertThat(second.result()).contains(SkipReason.IN_FLIGHT_LIMIT);
        assertThat(turnstile.inside()).isEqualTo(1);
    }

    @Test
    void keepsThePaceInEverySecond() {
        Turnstile turnstile = turnstile(10_000, 100);
        List<Duration> passed = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            turnstile.enter().onSuccess(turnedAway -> {
                if (turnedAway.isEmpty()) {
                    passed.add(time.elapsed());
                }
            });
            time.advance(Duration.ofMillis(1));
        }

        for (Duration from : passed) {
            long within = passed.stream()
                    .filter(at -> at.compareTo(from) >= 0 && at.compareTo(from.plusSeconds(1)) < 0)
                    .count();
            assertThat(within).isLessThanOrEqualTo(102); // the burst of 20 ms
        }
        assertThat(passed.size()).isBetween(295, 305);
    }

    @Test
    void whoIsTooManyForThePaceIsTurnedAwayForTheRate() {
        Turnstile turnstile = turnstile(10_000, 1);
        turnstile.enter();
        turnstile.enter();
        Future<Optional<SkipReason>> third = turnstile.enter();

        time.advance(Duration.ofSeconds(1));

        assertThat(third.result()).contains(SkipReason.RATE_LIMIT);
    }

    @Test
    void aQuietTimeIsNotSavedUp() {
        Turnstile turnstile = turnstile(10_000, 100);
        time.advance(Duration.ofMinutes(1));

        int atOnce = 0;
        for (int i = 0; i < 100; i++) {
            Future<Optional<SkipReason>> turn = turnstile.enter();
            atOnce += turn.isComplete() ? 1 : 0;
        }

        assertThat(atOnce).isBetween(1, 4);
    }

    @Test
    void whoWaitsIsLetThroughWhenThePaceIsDueAfterALeave() {
        Turnstile turnstile = turnstile(1, 5);
        List<Duration> passed = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            turnstile.enter().onSuccess(turnedAway -> {
                assertThat(turnedAway).isEmpty();
                passed.add(time.elapsed());
                time.after(Duration.ofMillis(100), turnstile::leave);
            });
        }

        time.advance(Duration.ofSeconds(2));

        assertThat(passed)
                .containsExactly(Duration.ZERO, Duration.ofMillis(180), Duration.ofMillis(380), Duration.ofMillis(580));
    }

    @Test
    void hasItsFillWhileTwiceAsManyWaitAsMayBeInside() {
        Turnstile turnstile = turnstile(2, null);
        enter(turnstile, 2 + 3);
        assertThat(turnstile.hasItsFill()).isFalse();
        enter(turnstile, 1);
        assertThat(turnstile.hasItsFill()).isTrue();

        turnstile.leave();

        assertThat(turnstile.hasItsFill()).isFalse();
    }

    @Test
    void hasNotItsFillWhileSomeWaitInVain() {
        Turnstile turnstile = turnstile(1, null);
        enter(turnstile, 1 + 2);
        time.advance(Duration.ofSeconds(1)); // both are turned away
        enter(turnstile, 1);
        time.advance(Duration.ofMillis(500));
        turnstile.leave();
        enter(turnstile, 2);

        time.advance(Duration.ofMillis(500));
        assertThat(turnstile.hasItsFill()).isFalse();
        time.advance(Duration.ofMillis(1));
        assertThat(turnstile.hasItsFill()).isTrue();
    }

    private static void enter(Turnstile turnstile, int count) {
        for (int i = 0; i < count; i++) {
            var unused = turnstile.enter();
        }
    }

    @Test
    void turnsAwayEverybodyWhoWaitsWhenTold() {
        Turnstile turnstile = turnstile(1, null);
        turnstile.enter();
        Future<Optional<SkipReason>> second = turnstile.enter();

        turnstile.turnAway(SkipReason.RESTING);

        assertThat(second.result()).contains(SkipReason.RESTING);
    }
}
