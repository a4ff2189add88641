package dev.petrel.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CallRegisterTest {

    @Test
    void keepsTheNewestAndCountsAll() {
        CallRegister register = new CallRegister(3000);
        take(register, 10_000);

        assertThat(numbers(register.since(0, Integer.MAX_VALUE)))
                .hasSize(3000)
                .startsWith(7001L)
                .endsWith(10_000L);
        assertThat(register.counts().taken()).isEqualTo(10_000);
        assertThat(register.counts().kept()).isEqualTo(3000);
    }

    @Test
    void keepsEveryCallWhileThereIsRoom() {
        CallRegister register = new CallRegister(1_000_000);
        take(register, 5000);

        assertThat(numbers(register.since(0, Integer.MAX_VALUE)))
                .hasSize(5000)
                .startsWith(1L)
                .endsWith(5000L);
    }

    @Test
    void tellsThemInPortions() {
        CallRegister register = new CallRegister(100);
        take(register, 10);

        assertThat(numbers(register.since(0, 4))).containsExactly(1L, 2L, 3L, 4L);
        assertThat(numbers(register.since(4, 4))).containsExactly(5L, 6L, 7L, 8L);
        assertThat(numbers(register.since(8, 4))).containsExactly(9L, 10L);
        assertThat(numbers(register.since(10, 4))).isEmpty();
        assertThat(numbers(register.since(Long.MAX_VALUE - 1, 4))).isEmpty();
    }

    @Test
    void forgetsButGoesOnNumbering() {
        CallRegister register = new CallRegister(2000);
        take(register, 1500);
        Call waiting = register.since(1499, 1).get(0);
        register.forget();

        assertThat(register.since(0, 10)).isEmpty();
        assertThat(register.counts().taken()).isZero();
        assertThat(register.counts().destinations()).isZero();

        take(register, 1600);
        assertThat(numbers(register.since(0, Integer.MAX_VALUE))).hasSize(1600).startsWith(1501L);
        assertThat(register.counts().waiting()).isEqualTo(3100);
        register.closed(waiting);
        register.closed(waiting);
        assertThat(register.counts().waiting()).isEqualTo(3099);
    }

    @Test
    void countsOnlyWhereNoCallsAreWanted() {
        CallRegister register = new CallRegister(0);
        take(register, 10);

        assertThat(register.since(0, 10)).isEmpty();
        assertThat(register.counts().taken()).isEqualTo(10);
        assertThat(register.counts().kept()).isZero();
    }

    @Test
    void countsDestinationsOnce() {
        NumberSet numbers = new NumberSet();
        for (int i = 0; i < 100_000; i++) {
            numbers.add("+1415" + (5_500_000 + i % 50_000));
        }

        assertThat(numbers.size()).isEqualTo(50_000);
    }

    @Test
    void givesEveryMessageAnIdOfItsOwn() {
        CallRegister register = new CallRegister(20_000);
        take(register, 20_000);

        assertThat(register.since(0, Integer.MAX_VALUE).stream().map(Call::messageId))
                .doesNotHaveDuplicates();
    }

    private static void take(CallRegister register, int calls) {
        for (int i = 0; i < calls; i++) {
            Call.Reading reading = new Call.Reading(Vendor.TWILIO, 42, register.nextNumber(), 0, 0, null);
            register.take(new Call(reading, "+14155550132", "000000", null, null, 0, 0));
        }
    }

    private static List<Long> numbers(List<Call> calls) {
        return calls.stream().map(Call::number).toList();
    }
}
