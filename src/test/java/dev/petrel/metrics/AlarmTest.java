package dev.petrel.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.testing.ManualTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AlarmTest {
    @Test
    void countsEachAndTellsEveryKindOnceInTenSeconds() {
        ManualTime time = new ManualTime();
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        Alarm alarm = new Alarm(new Meters(registry), time::nanos);
        List<Alert> told = new ArrayList<>();

        alarm.raise(Alert.ALL_SHUT, () -> told.add(Alert.ALL_SHUT));
        alarm.raise(Alert.SATURATED, () -> told.add(Alert.SATURATED));
        time.advance(Duration.ofMillis(9_999));
        alarm.raise(Alert.ALL_SHUT, () -> told.add(Alert.ALL_SHUT));
        assertThat(told).containsExactly(Alert.ALL_SHUT, Alert.SATURATED);
        time.advance(Duration.ofMillis(1));
        alarm.raise(Alert.ALL_SHUT, () -> told.add(Alert.ALL_SHUT));

        assertThat(told).containsExactly(Alert.ALL_SHUT, Alert.SATURATED, Alert.ALL_SHUT);
        assertThat(registry.get("petrel.alerts")
                        .tag("kind", "all_shut")
                        .counter()
                        .count())
                .isEqualTo(3);
    }
}
