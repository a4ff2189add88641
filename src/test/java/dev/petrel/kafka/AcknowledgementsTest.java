package dev.petrel.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AcknowledgementsTest {
    private static final Duration MOMENT = Acknowledgements.SILENCE.plusNanos(1);

    private long now = Duration.ofDays(1).toNanos();
    private final Acknowledgements brokers = new Acknowledgements(() -> now);

    @Test
    void areHeardWhereNobodyAsks() {
        assertThat(brokers.isUnheard()).isFalse();
        brokers.asked();
        brokers.acknowledged();
        pass(Duration.ofHours(1));
        assertThat(brokers.isUnheard()).isFalse();
        brokers.asked();
        assertThat(brokers.isUnheard()).as("it has only just been asked").isFalse();
    }

    @Test
    void areUnheardWhileWhatWaitsIsNotAcknowledged() {
        brokers.asked();
        pass(Acknowledgements.SILENCE);
        assertThat(brokers.isUnheard()).isFalse();
        pass(Duration.ofNanos(1));
        assertThat(brokers.isUnheard()).isTrue();
        brokers.acknowledged();
        assertThat(brokers.isUnheard()).isFalse();
    }

    @Test
    void areHeardWhileOneOfTwelvePartitionsHasNoLeader() {
        brokers.asked(); // which goes there, and waits
        for (int i = 0; i < 100; i++) {
            brokers.asked();
            pass(Duration.ofMillis(40));
            brokers.acknowledged();
            brokers.asked();
            brokers.failed(); // what went there four seconds ago
            assertThat(brokers.isUnheard()).isFalse();
            pass(Duration.ofMillis(40));
            assertThat(brokers.isUnheard()).isFalse();
        }
    }

    @Test
    void areUnheardForAWhileAfterAllHasFailed() {
        brokers.asked();
        brokers.failed();
        assertThat(brokers.isUnheard()).as("one may fail").isFalse();
        pass(MOMENT);
        assertThat(brokers.isUnheard()).isTrue();
        brokers.asked();
        assertThat(brokers.isUnheard()).as("it is the same silence").isTrue();
        brokers.failed();
        pass(Acknowledgements.FAILURE_COUNTS);
        assertThat(brokers.isUnheard()).as("it may be over").isFalse();
        brokers.asked();
        assertThat(brokers.isUnheard()).isFalse();
        pass(MOMENT);
        assertThat(brokers.isUnheard()).isTrue();
    }

    /** A pause of ours, or of theirs. */
    @Test
    void mayTakeAMoment() {
        brokers.asked();
        pass(Duration.ofMillis(200));
        assertThat(brokers.isUnheard()).isFalse();
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }
}
