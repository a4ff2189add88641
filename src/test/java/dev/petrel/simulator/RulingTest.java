package dev.petrel.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RulingTest {
    private static final Mode A = Mode.status(500);
    private static final Mode B = Mode.html502();

    @Test
    void withoutARuleEverybodyIsWell() {
        assertThat(ruling().ruleFor(number(0)).mode()).isEqualTo(Mode.healthy());
        assertThat(ruling().ruleFor(null).mode()).isEqualTo(Mode.healthy());
    }

    @Test
    void theFirstRuleThatMatchesCounts() {
        Ruling ruling = ruling(A.forCountry("+44"), B.forEverything());

        assertThat(ruling.ruleFor("+447700900123").mode()).isEqualTo(A);
        assertThat(ruling.ruleFor("+14155550132").mode()).isEqualTo(B);
        assertThat(ruling.ruleFor(null).mode()).isEqualTo(B);
    }

    @Test
    void aShareIsThatPartOfTheNumbersAndAlwaysTheSame() {
        Map<Mode, Integer> counts = count(ruling(A.forShare(0.1)));

        assertThat(counts.getOrDefault(A, 0) / 100_000.0).isCloseTo(0.1, within(0.005));
        assertThat(ruling(A.forShare(0.1)).ruleFor(number(7)))
                .isEqualTo(ruling(A.forShare(0.1)).ruleFor(number(7)));
    }

    @Test
    void sharesStandSideBySide() {
        Map<Mode, Integer> counts = count(ruling(A.forShare(0.1), B.forShare(0.2)));

        assertThat(counts.getOrDefault(A, 0) / 100_000.0).isCloseTo(0.1, within(0.005));
        assertThat(counts.getOrDefault(B, 0) / 100_000.0).isCloseTo(0.2, within(0.005));
    }

    @Test
    void sharesThatFillUpLeaveNobodyOut() {
        assertThat(count(ruling(A.forShare(0.5), B.forShare(0.5)))).containsOnlyKeys(A, B);
    }

    @Test
    void aShareOfOneCountryIsOfThatCountryAlone() {
        Ruling ruling = ruling(A.forCountry("+44").withShare(0.5));

        assertThat(count(ruling)).containsOnlyKeys(Mode.healthy());
    }

    @Test
    void refusesRulesThatCanNotBe() {
        assertThatThrownBy(() -> A.forShare(0)).hasMessageStartingWith("share: is 0.0");
        assertThatThrownBy(() -> A.forShare(Double.NaN)).hasMessageStartingWith("share: is NaN");
        assertThatThrownBy(() -> A.forCountry("GB")).hasMessageStartingWith("country:");
        assertThatThrownBy(() -> Mode.refuse().forShare(0.5)).hasMessageStartingWith("mode:");
        assertThatThrownBy(() -> Mode.refuse().forCountry("+44")).hasMessageStartingWith("mode:");
        assertThatThrownBy(() -> Behavior.of(A.forShare(0.7), B.forShare(0.4))).hasMessageContaining("more than 1");
        assertThatThrownBy(() -> Behavior.of(A.forEverything(), Mode.refuse().forEverything()))
                .hasMessageContaining("refuse must be the only rule");
    }

    @Test
    void latencyIsThatOfTheRuleElseOfTheProviderWhereTheModeTakesIt() {
        Ruling ruling = new Ruling(Behavior.healthy(), Latency.fixed(50));
        assertThat(ruling.latencyOf(Mode.healthy().forEverything())).isEqualTo(Latency.fixed(50));
        assertThat(ruling.latencyOf(Mode.error("21211").forEverything())).isEqualTo(Latency.fixed(50));
        assertThat(ruling.latencyOf(A.forEverything())).isEqualTo(Latency.NONE);
        assertThat(ruling.latencyOf(A.forEverything().withLatency(Latency.fixed(7))))
                .isEqualTo(Latency.fixed(7));

        Ruling told = new Ruling(Behavior.healthy().withLatency(Latency.fixed(9)), Latency.fixed(50));
        assertThat(told.latencyOf(Mode.healthy().forEverything())).isEqualTo(Latency.fixed(9));
    }

    @Test
    void latencyHasTheMedianAndTheTailThatItWasTold() {
        Latency latency = Latency.of(50, 400);
        Random random = new Random(1);
        long[] samples = random.longs(100_000)
                .map(any -> latency.sampleMillis(random))
                .sorted()
                .toArray();

        assertThat(samples[50_000]).isBetween(48L, 52L);
        assertThat(samples[99_000]).isBetween(370L, 430L);
        assertThat(Latency.fixed(50).sampleMillis(random)).isEqualTo(50);
        assertThatThrownBy(() -> Latency.of(50, 40)).hasMessageStartingWith("p99:");
    }

    private static Ruling ruling(Rule... rules) {
        return new Ruling(Behavior.of(rules), Latency.NONE);
    }

    private static Map<Mode, Integer> count(Ruling ruling) {
        Map<Mode, Integer> counts = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            counts.merge(ruling.ruleFor(number(i)).mode(), 1, Integer::sum);
        }
        return counts;
    }

    private static String number(int i) {
        return "+1415" + (5_500_000 + i);
    }
}
