package dev.petrel.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.metrics.Meters;
import dev.petrel.testing.ManualTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ClockSkewTest {
    private final ManualTime time = new ManualTime();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ClockSkew skew = new ClockSkew(time, new Meters(registry));

    @Test
    void whatWasWrittenWhileWeWaitedProvesNothing() {
        skew.acknowledged(1000, 1030, 1060);

        assertThat(skew.millis()).isZero();
    }

    @Test
    void whatWasWrittenBeforeItWasHandedOverSaysThatWeAreAhead() {
        skew.acknowledged(5000, 2000, 5040);

        assertThat(registry.get("petrel.clock.skew").gauge().value()).isEqualTo(3.0);
    }

    @Test
    void whatWasWrittenAfterWeWereToldSaysThatWeAreBehind() {
        skew.acknowledged(5000, 7000, 5040);

        assertThat(skew.millis()).isEqualTo(-1960);
    }

    @Test
    void theWorstOfTheLastMinutesCounts() {
        skew.acknowledged(5000, 2000, 5040);
        time.advance(Duration.ofSeconds(61));
        skew.acknowledged(5000, 4000, 5040);
        assertThat(skew.millis()).isEqualTo(3000);

        time.advance(Duration.ofSeconds(61));
        assertThat(skew.millis()).isEqualTo(1000);

        time.advance(Duration.ofMinutes(5));
        assertThat(skew.millis()).isZero();
    }
}
