package dev.petrel.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.message.Advice;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.ReceiptState;
import dev.petrel.message.SkipReason;
import dev.petrel.message.SubmitResult;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WordsTest {
    @ParameterizedTest
    @EnumSource
    void everyReasonClassHasAMeaning(ReasonClass reasonClass) {
        assertMeaning(Words.reason(reasonClass.wire()), reasonClass.wire());
    }

    @ParameterizedTest
    @EnumSource
    void everySkipReasonHasAMeaning(SkipReason reason) {
        assertMeaning(Words.skip(reason.wire()), reason.wire());
    }

    @ParameterizedTest
    @EnumSource
    void everyReceiptHasAMeaning(ReceiptState state) {
        assertMeaning(Words.receipt(state.wire()), state.wire());
    }

    @ParameterizedTest
    @EnumSource
    void everyAdviceHasAMeaning(Advice.Next next) {
        assertThat(Words.advice(next.wire())).isEqualTo(Words.of(next)).doesNotContain("_");
    }

    @ParameterizedTest
    @EnumSource
    void everyResultHasAMeaning(SubmitResult.Kind result) {
        assertThat(Words.result(result.wire())).isEqualTo(Words.of(result)).doesNotContain("_");
    }

    @Test
    void noTwoMeanTheSame() {
        assertThat(Arrays.stream(ReasonClass.values()).map(Words::of)).doesNotHaveDuplicates();
        assertThat(Arrays.stream(SkipReason.values()).map(Words::of)).doesNotHaveDuplicates();
        assertThat(Arrays.stream(ReceiptState.values()).map(Words::of)).doesNotHaveDuplicates();
    }

    @Test
    void wordsOfANewerPetrelAreSaidToBeUnknown() {
        assertThat(Words.reason("moon_phase")).contains("does not know");
        assertThat(Words.skip("moon_phase")).contains("does not know");
        assertThat(Words.receipt("moon_phase")).contains("does not know");
        assertThat(Words.advice("moon_phase")).contains("does not know");
    }

    private static void assertMeaning(String meaning, String wire) {
        assertThat(meaning).contains(" ").doesNotContain("_", "does not know").isNotEqualTo(wire);
    }
}
