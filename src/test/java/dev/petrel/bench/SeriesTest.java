package dev.petrel.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeriesTest {
    private static final Round ROUND = RoundTest.round(1, 1_000, 100_000_000);

    @Test
    void tellsTheThreadsThatWaitForAProvider() {
        assertThat(series(Variant.PLAIN, ROUND).line()).endsWith("(200 threads wait for the provider)");
        assertThat(series(Variant.PLAIN_WIDE, ROUND).poolThreads()).isEqualTo(2000);
        assertThat(series(Variant.TWILIO, ROUND).line()).doesNotContain("wait");
    }

    @Test
    void tellsWhatItIsBesideAnother() {
        Series plain = series(Variant.PLAIN, RoundTest.round(1, 500, 100_000_000));
        Series twilio = series(Variant.TWILIO, ROUND.beside(Variant.PLAIN, plain.rounds()));

        assertThat(twilio.besideLine(plain))
                .containsSubsequence("twilio", "plain consumer", "2.00 (2.00 to 2.00) of its requests/s", "0.50 (");
        assertThat(plain.besideLine(twilio)).isEmpty();
    }

    @Test
    void comparesTheRoundsThatBothHad() {
        Round second = RoundTest.round(2, 1_000, 100_000_000);
        Series twilio = series(Variant.TWILIO, ROUND.beside(Variant.PLAIN_WIDE, List.of(ROUND)), second);

        assertThat(twilio.beside().get("plain_wide").perSecond()).isEqualTo(new Spread(1, 1, 1));
    }

    @Test
    void isMarkedWhereARequestOfARoundEndedOtherwise() {
        Outcomes outcomes = new Outcomes("submitted", 0, 20_000);
        outcomes.add(OutcomesTest.submitted("a", 1));
        outcomes.add(OutcomesTest.failed("b", 1));

        assertThat(series(Variant.TWILIO, ROUND).marks()).isNull();
        assertThat(series(Variant.TWILIO, ROUND, RoundTest.round(2, outcomes, 1, 1))
                        .marks())
                .isEqualTo("twilio: DON'T TRUST 1 of its 2 rounds: 1 requests ended otherwise, 0 twice");
    }

    @Test
    void isInTheFileWithWhatEndedOtherwise() {
        JsonNode file =
                new ObjectMapper().valueToTree(series(Variant.PLAIN, ROUND.beside(Variant.PIPE, List.of(ROUND))));

        assertThat(file.path("others").isInt()).isTrue();
        assertThat(file.path("repeated").isInt()).isTrue();
        assertThat(file.path("poolThreads").asInt()).isEqualTo(200);
        assertThat(file.at("/rounds/0/others").isInt()).isTrue();
        assertThat(file.at("/rounds/0/repeated").isInt()).isTrue();
        assertThat(file.at("/beside/pipe/perSecond/median").asDouble()).isEqualTo(1);
    }

    private static Series series(Variant variant, Round... rounds) {
        return Series.of(variant, 2000, List.of(rounds));
    }
}
