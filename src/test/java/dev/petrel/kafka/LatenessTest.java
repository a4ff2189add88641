package dev.petrel.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LatenessTest {
    private static final long START = Long.MAX_VALUE - 1; // nanoseconds may run over

    private final Lateness lateness = new Lateness(START);

    @Test
    void isTooLateAfterFiveSeconds() {
        lateness.atEnd(at(10));

        assertThat(lateness.tooLate(at(15))).isFalse();
        assertThat(lateness.tooLate(at(15) + 1)).isTrue();
    }

    @Test
    void givesUpAfterHalfAMinute() {
        lateness.atEnd(at(10));

        assertThat(lateness.givesUp(at(40))).isFalse();
        assertThat(lateness.givesUp(at(40) + 1)).isTrue();
    }

    @Test
    void doesNotGiveUpWhileKafkaFails() {
        lateness.atEnd(at(10));
        for (int second = 20; second < 200; second += 20) {
            lateness.kafkaFailed(at(second));
            assertThat(lateness.tooLate(at(second + 20))).isTrue();
            assertThat(lateness.givesUp(at(second + 20))).isFalse();
        }

        assertThat(lateness.givesUp(at(211))).isTrue();
    }

    @Test
    void doesNotGiveUpBeforeItWasAtTheEnd() {
        assertThat(lateness.tooLate(at(1000))).isTrue();
        assertThat(lateness.givesUp(at(1000))).isFalse();
    }

    private static long at(int second) {
        return START + Duration.ofSeconds(second).toNanos();
    }
}
