package dev.petrel.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeldTest {
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
    private static final int MAX = 100;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Held held = new Held(() -> new DeliveryConfig(
            Duration.ofSeconds(5),
            4,
            DeliveryConfig.OnAmbiguous.NEXT,
            Duration.ofSeconds(1),
            Duration.ofSeconds(8),
            100,
            MAX,
            1 << 20,
            PATIENCE));
    private final List<Waiting> britons = new ArrayList<>();

    @Test
    void endsTheOldestOfWhatTakesMoreThanHalf() {
        americanAt(NOON);
        britonsAt(NOON, 59);
        britonsAt(NOON.plusSeconds(10), 40);
        held.relieve(NOON.plus(PATIENCE).minusMillis(1));
        assertThat(ended()).isZero();
        held.relieve(NOON.plus(PATIENCE));
        assertThat(ended()).isEqualTo(49);
        assertThat(britons.subList(0, 49)).allMatch(text -> text.ended);
    }

    /** Nothing is taken in before there is some room again, so nothing but this can make it. */
    @Test
    void goesOnUntilThereIsRoomThoughItIsNoLongerFull() {
        americanAt(NOON);
        britonsAt(NOON, MAX - 1);
        held.remove(britons.get(0));
        assertThat(held.full()).isFalse();
        assertThat(held.roomy()).isFalse();
        held.relieve(NOON.plus(PATIENCE));
        assertThat(held.roomy()).isTrue();
    }

    @Test
    void burnsNothingWhileItWasNeverFull() {
        americanAt(NOON);
        britonsAt(NOON, MAX - 2);
        held.relieve(NOON.plus(PATIENCE));
        assertThat(ended()).isZero();
    }

    @Test
    void burnsNothingWhereNobodyElseIsKeptOut() {
        britonsAt(NOON, MAX);
        held.relieve(NOON.plus(PATIENCE));
        assertThat(ended()).isZero();
    }

    @Test
    void burnsNothingForACountryThatWasNotSeenForAMinuteWhenItGotFull() {
        americanAt(NOON);
        britonsAt(NOON.plusSeconds(60), MAX - 1);
        held.relieve(NOON.plusSeconds(60).plus(PATIENCE));
        assertThat(ended()).isZero();
    }

    private long ended() {
        return britons.stream().filter(text -> text.ended).count();
    }

    private void americanAt(Instant at) {
        held.add(new Waiting("US", at));
    }

    private void britonsAt(Instant at, int count) {
        for (int i = 0; i < count; i++) {
            Waiting text = new Waiting("GB", at);
            britons.add(text);
            held.add(text);
        }
    }

    private final class Waiting implements Held.Text {
        private final String country;
        private final Instant since;
        private boolean ended;

        Waiting(String country, Instant since) {
            this.country = country;
            this.since = since;
        }

        @Override
        public String country() {
            return country;
        }

        @Override
        public int bytes() {
            return 50;
        }

        @Override
        public Instant since() {
            return since;
        }

        @Override
        public boolean waiting() {
            return !ended;
        }

        @Override
        public void endSaturated() {
            ended = true;
            held.remove(this);
        }

        @Override
        public void overruled() {}
    }
}
