package dev.petrel.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HeardUntilTest {
    private long now = Duration.ofDays(1).toNanos();
    private final HeardUntil heard = new HeardUntil(() -> now);

    @Test
    void isBehindUntilItHasCaughtUpAndWhenItHearsNothing() {
        heard.add(0);
        heard.add(1);
        assertThat(heard.isBehind(0)).isTrue();
        heard.heard(0, now);
        assertThat(heard.isBehind(0)).isFalse();
        assertThat(heard.isBehind()).as("the other is").isTrue();
        heard.heard(1, now);
        assertThat(heard.isBehind()).isFalse();

        now += HeardUntil.BEHIND.toNanos();
        assertThat(heard.isBehind()).isFalse();
        heard.heard(1, now);
        now++;
        assertThat(heard.isBehind(0)).isTrue();
        assertThat(heard.isBehind(1)).isFalse();
        heard.heard(0, now);
        heard.heard(0, now - HeardUntil.BEHIND.toNanos() - 1); // an answer that comes late
        assertThat(heard.isBehind(0)).isFalse();
    }

    @Test
    void saysNothingOfWhatItDoesNotKnow() {
        assertThat(heard.isBehind(7)).isFalse();
        assertThat(heard.isBehind()).isFalse();
    }
}
