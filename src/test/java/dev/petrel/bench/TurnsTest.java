package dev.petrel.bench;

import static dev.petrel.bench.Variant.BOTH;
import static dev.petrel.bench.Variant.PIPE;
import static dev.petrel.bench.Variant.PLAIN;
import static dev.petrel.bench.Variant.PLAIN_WIDE;
import static dev.petrel.bench.Variant.SNS;
import static dev.petrel.bench.Variant.TWILIO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.bench.Round.Ratio;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TurnsTest {
    @Test
    void turnsTheOrderRoundBehindThePipe() {
        List<Variant> variants = List.of(PIPE, TWILIO, SNS, BOTH);

        assertThat(Turns.of(variants, 1, 0)).containsExactly(PIPE, TWILIO, SNS, BOTH);
        assertThat(Turns.of(variants, 2, 0)).containsExactly(PIPE, BOTH, SNS, TWILIO);
        assertThat(Turns.of(variants, 3, 0)).containsExactly(PIPE, TWILIO, SNS, BOTH);
        assertThat(Turns.of(List.of(SNS, TWILIO), 2, 0)).containsExactly(TWILIO, SNS);
    }

    @Test
    void comparesOnlyThePlainConsumersWhereProvidersAreSlow() {
        List<Variant> variants = Variant.compared();

        assertThat(Turns.of(variants, 1, 0)).contains(PIPE, TWILIO, PLAIN).doesNotContain(PLAIN_WIDE);
        assertThat(Turns.of(variants, 1, 50)).containsExactly(TWILIO, PLAIN, PLAIN_WIDE);
        assertThat(Turns.of(variants, 2, 50)).containsExactly(PLAIN, TWILIO);
        assertThat(Turns.of(variants, 3, 300)).containsExactly(TWILIO, PLAIN, PLAIN_WIDE);
    }

    @Test
    void holdsARoundAgainstThePipesBeforeAndAfterItAndThePlainOneOfItsNumber() {
        Map<Variant, List<Round>> compared = Turns.beside(Map.of(
                PIPE,
                List.of(round(1, 3_000, 10), round(2, 5_000, 30), round(3, 9_000, 50)),
                TWILIO,
                List.of(round(1, 2_000, 40), round(2, 3_500, 40)),
                PLAIN,
                List.of(round(1, 1_000, 80), round(2, 7_000, 20))));

        assertThat(compared.get(TWILIO).get(0).beside())
                .containsOnly(Map.entry("pipe", new Ratio(0.5, 2)), Map.entry("plain", new Ratio(2, 0.5)));
        assertThat(compared.get(TWILIO).get(1).beside())
                .containsOnly(Map.entry("pipe", new Ratio(0.5, 1)), Map.entry("plain", new Ratio(0.5, 2)));
        assertThat(compared.get(PLAIN).get(0).beside()).containsOnlyKeys("pipe");
        assertThat(compared.get(PIPE).get(0).beside()).isEmpty();
    }

    @Test
    void holdsARoundAgainstNobodyWhoHadNoTurn() {
        Map<Variant, List<Round>> compared =
                Turns.beside(Map.of(TWILIO, List.of(round(2, 1_000, 10)), PLAIN_WIDE, List.of(round(1, 1_000, 10))));

        assertThat(compared.get(TWILIO).get(0).beside()).isEmpty();
    }

    private static Round round(int number, int requests, int cpuMicros) {
        return RoundTest.round(number, requests, requests * cpuMicros * 1000L);
    }
}
