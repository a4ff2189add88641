package dev.petrel.trace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainTest {
    @ParameterizedTest
    @ValueSource(strings = {"+12025550123", "12025550123", "+1 (202) 555-0123", "202.555.0123", "5550123"})
    void masksWhatMayBeANumber(String number) {
        assertThat(Plain.of("no route to " + number + "!")).isEqualTo("no route to •••••••!");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "over its rate, 20429",
                "lifetimeSeconds: must be a whole number from 1 to 2147483647",
                "providers: must be at most 32 strings of 1 to 64 characters",
                "+1•••••••23"
            })
    void leavesTheRestAsItIs(String text) {
        assertThat(Plain.of(text)).isEqualTo(text);
    }

    @Test
    void isOneShortLineWithoutWhatATerminalWouldObey() {
        assertThat(Plain.of("a\nb\u001b[31mc\u202ed")).isEqualTo("a b [31mc d");
        assertThat(Plain.of("x".repeat(1000))).hasSize(201);
    }
}
