package dev.petrel.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WheelTest {
    private static final long TICK = 20;
    /** Where clocks begin is their own affair. */
    private static final long START = -1_000_007;

    private final Wheel wheel = new Wheel(TICK, START);
    private final List<String> fired = new ArrayList<>();

    @Test
    void firesInItsTickAndNeverBefore() {
        Random random = new Random(1);
        long now = START;
        for (int i = 0; i < 10_000; i++) {
            long due = now + 1 + random.nextInt(2000);
            boolean[] gone = {false};
            Objects.requireNonNull(wheel.set(due, () -> gone[0] = true));
            for (; now < due - 1; now += Math.min(1 + random.nextInt(7), due - 1 - now)) {
                wheel.turn(now);
                assertThat(gone[0]).isFalse();
            }
            wheel.turn(now);
            assertThat(gone[0]).isFalse();
            now = due + TICK;
            wheel.turn(now);
            assertThat(gone[0]).isTrue();
        }
    }

    @Test
    void firesInOrderWhatALateTurnFinds() {
        set(500, "b");
        set(100, "a");
        set(500, "c");
        set(2 * TICK, "first");
        wheel.turn(START + 1000);
        assertThat(fired).containsExactly("first", "a", "b", "c");
        wheel.turn(START + 2000);
        assertThat(fired).hasSize(4);
    }

    @Test
    void forgetsWhatIsCancelledEvenInTheSameTurn() {
        Time.Timer second = wheel.set(START + 100, () -> fired.add("second"));
        Objects.requireNonNull(second).cancel();
        Time.Timer[] fourth = new Time.Timer[1];
        set(200, "third");
        wheel.set(START + 200, () -> fourth[0].cancel());
        fourth[0] = wheel.set(START + 200, () -> fired.add("fourth"));
        set(200, "fifth");
        second.cancel();
        wheel.turn(START + 1000);
        assertThat(fired).containsExactly("third", "fifth");
    }

    @Test
    void setsTimersAnewWhileItTurns() {
        wheel.set(START + 100, () -> set(200, "again"));
        wheel.turn(START + 120);
        assertThat(fired).isEmpty();
        wheel.turn(START + 220);
        assertThat(fired).containsExactly("again");
    }

    @Test
    void goesOnBehindATaskThatThrows() {
        wheel.set(START + 100, () -> {
            throw new IllegalStateException("on purpose");
        });
        set(100, "same slot");
        set(200, "later");
        assertThatThrownBy(() -> wheel.turn(START + 1000)).hasMessage("on purpose");
        wheel.turn(START + 1000);
        assertThat(fired).containsExactly("same slot", "later");
    }

    @Test
    void leavesTheRestOfManyToTheNextTurn() {
        for (int i = 0; i < 2 * Wheel.MOST + 1; i++) {
            set(100 + i % 40, "one");
        }
        assertThat(wheel.turn(START + 1000)).isTrue();
        assertThat(fired).hasSize(Wheel.MOST);
        assertThat(wheel.turn(START + 1000)).isTrue();
        assertThat(wheel.turn(START + 1000)).isFalse();
        assertThat(fired).hasSize(2 * Wheel.MOST + 1);
    }

    @Test
    void leavesToOthersWhatIsTooFarAheadOrOver() {
        assertThat(wheel.set(START + 2048 * TICK, () -> {})).isNull();
        wheel.turn(START + 1000);
        assertThat(wheel.set(START, () -> {})).isNull();
        // nobody turned it for a while
        set(2000 * TICK, "far");
        assertThat(fired).isEmpty();
        wheel.turn(START + 3000 * TICK);
        assertThat(fired).containsExactly("far");
    }

    private void set(long inNanos, String name) {
        Objects.requireNonNull(wheel.set(START + inNanos, () -> fired.add(name)));
    }
}
