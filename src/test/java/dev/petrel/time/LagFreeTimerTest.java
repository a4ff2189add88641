package dev.petrel.time;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.testing.ManualTime;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LagFreeTimerTest {
    private final ManualTime time = new ManualTime();
    private final AtomicInteger fired = new AtomicInteger();

    @Test
    void firesAfterItsTime() {
        time.afterLessLag(Duration.ofSeconds(3), fired::incrementAndGet);

        time.advance(Duration.ofMillis(2999));
        assertThat(fired).hasValue(0);
        time.advance(Duration.ofMillis(1));
        assertThat(fired).hasValue(1);
    }

    @Test
    void waitsAnewForWhatTheLoopWasLateBy() {
        time.afterLessLag(Duration.ofSeconds(3), fired::incrementAndGet);
        time.stall(Duration.ofSeconds(2));

        time.advance(Duration.ofMillis(2999));
        assertThat(fired).hasValue(0);
        time.advance(Duration.ofMillis(1));
        assertThat(fired).hasValue(1);
    }

    @Test
    void waitsNoMoreThanTwiceItsTime() {
        time.afterLessLag(Duration.ofSeconds(3), fired::incrementAndGet);
        time.stall(Duration.ofSeconds(6));

        time.advance(Duration.ofMillis(1));

        assertThat(fired).hasValue(1);
    }

    @Test
    void aCancelledOneDoesNotFire() {
        Time.Timer timer = time.afterLessLag(Duration.ofSeconds(3), fired::incrementAndGet);
        time.stall(Duration.ofSeconds(1));
        time.advance(Duration.ofMillis(2500));

        timer.cancel();
        time.advance(Duration.ofMinutes(1));

        assertThat(fired).hasValue(0);
    }
}
