package dev.petrel.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import org.junit.jupiter.api.Test;

class RouteWordsTest {
    @Test
    void tellsTheWayInOrderAndWhoIsOut() throws Exception {
        assertThat(lines("""
                {"to":"+1•••••••32","country":"US","route":"CA,US","first":"b",
                 "ways":[{"provider":"a","passedOver":"breaker_open","why":"its breaker is open","failureRate":54},
                         {"provider":"b"},
                         {"provider":"c","passedOver":"drained","why":"an operator has it drained","failureRate":100},
                         {"provider":"d"}]}"""))
                .containsExactly(
                        "to +1•••••••32 (US), route CA,US",
                        "1. a: passed over: its breaker is open (breaker_open, failure rate 54 %)",
                        "2. b: tried first",
                        "3. c: passed over: an operator has it drained (drained)",
                        "4. d: tried after those before it",
                        "would go to b first");
    }

    @Test
    void theLeastBadOneIsTriedAllTheSame() throws Exception {
        assertThat(lines("""
                {"to":"+1•••••••32","country":"US","route":"*","first":"a","hint":"all are passed over",
                 "ways":[{"provider":"a","passedOver":"not_delivering","why":"it does not arrive","failureRate":60}]}"""))
                .containsExactly(
                        "to +1•••••••32 (US), route *",
                        "1. a: tried all the same, though it does not arrive (not_delivering, failure rate 60 %)",
                        "would go to a first; all are passed over");
    }

    @Test
    void whatIsRefusedGoesNowhere() throws Exception {
        assertThat(lines("""
                {"to":"+1•••••••32","country":"US","route":"*","first":null,"ways":[{"provider":"a"}],
                 "refused":{"status":"rejected","class":"denied","detail":"an operator has stopped US"}}"""))
                .last()
                .isEqualTo("would not be sent: rejected, denied: our own settings forbid this destination"
                        + " (an operator has stopped US)");
    }

    @Test
    void saysWhoWasAskedInPlaceOfARoute() throws Exception {
        String nobody = """
                {"to":"+1•••••••32","country":"US","route":null,"ways":[],"first":null,"hint":"no route for it"}""";

        assertThat(lines(nobody))
                .containsExactly("to +1•••••••32 (US), no route", "would go to nobody now; no route for it");
        assertThat(RouteWords.lines(new JsonMapper().readTree(nobody), true))
                .first()
                .isEqualTo("to +1•••••••32 (US), through the providers that were named");
    }

    /** It may be that no Petrel answers. */
    @Test
    void whatStrangersSayIsOnOneLineAndHoldsNoNumber() throws Exception {
        assertThat(lines("{\"to\":\"+12025550142\",\"country\":7,\"hint\":\"a\\nb\",\"ways\":[{\"provider\":[1]}]}"))
                .allSatisfy(line -> assertThat(line).doesNotContain("2025550142", "\n"));
    }

    private static List<String> lines(String json) throws Exception {
        return RouteWords.lines(new JsonMapper().readTree(json), false);
    }
}
