package dev.petrel.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BackpressureTest {
    private boolean full;
    private boolean roomy = true;
    private int unacknowledged;
    private final Backpressure backpressure =
            new Backpressure(() -> full, () -> roomy, () -> unacknowledged, () -> 100);

    @Test
    void setsInWhenFullAndGoesOnUntilThereIsRoom() {
        assertThat(backpressure.on()).isFalse();
        full = true;
        roomy = false;
        assertThat(backpressure.on()).isTrue();
        full = false;
        assertThat(backpressure.on()).isTrue();
        roomy = true;
        assertThat(backpressure.on()).isFalse();
    }

    @Test
    void setsInWhenTooManyStatusesAreUnacknowledgedAndGoesOnUntilATenthIs() {
        unacknowledged = 100;
        assertThat(backpressure.on()).isTrue();
        unacknowledged = 91;
        assertThat(backpressure.on()).isTrue();
        unacknowledged = 90;
        assertThat(backpressure.on()).isFalse();
    }
}
