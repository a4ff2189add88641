package dev.petrel.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.message.SendRequest;
import dev.petrel.message.SkipReason;
import dev.petrel.route.RouteConfig.Choice;
import dev.petrel.route.RouteConfig.Rule;
import dev.petrel.testing.ManualTime;
import dev.petrel.testing.Requests;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class RoutePlannerTest {
    private static SendRequest request(String id, String to, List<String> providers) {
        return Requests.request(id, to, ManualTime.START, Duration.ofMinutes(5), null, providers);
    }

    private static Candidate known(String id) {
        return id.equals("unknown") ? null : new Candidate(id, null, 0);
    }

    private static List<String> plan(RoutePlanner planner, SendRequest request, int round) {
        return planner.plan(request, round, RoutePlannerTest::known).hops().stream()
                .map(Hop::provider)
                .toList();
    }

    private static RoutePlanner planner(Rule... rules) {
        RouteConfig config = new RouteConfig(List.of(rules));
        return new RoutePlanner(() -> config, route -> Map.of());
    }

    @Test
    void theFirstRuleThatMatchesTheCountryCounts() {
        RoutePlanner planner = planner(
                new Rule(Set.of("US", "CA"), List.of(new Choice("a", 1, 1), new Choice("b", 2, 1))),
                new Rule(Set.of("GB"), List.of(new Choice("b", 1, 1))),
                new Rule(Set.of(), List.of(new Choice("c", 1, 1))));

        assertThat(plan(planner, request("r", Requests.US, null), 1)).containsExactly("a", "b");
        assertThat(plan(planner, request("r", Requests.GB, null), 1)).containsExactly("b");
        assertThat(plan(planner, request("r", "+4915123456789", null), 1)).containsExactly("c");
    }

    @Test
    void noRuleMeansNoHops() {
        RoutePlanner planner = planner(new Rule(Set.of("GB"), List.of(new Choice("b", 1, 1))));

        assertThat(plan(planner, request("r", Requests.US, null), 1)).isEmpty();
    }

    @Test
    void theRequestsOwnProvidersComeInTheirOrderOnceEach() {
        RoutePlanner planner = planner(new Rule(Set.of(), List.of(new Choice("a", 1, 1))));

        assertThat(plan(planner, request("r", Requests.US, List.of("c", "unknown", "b", "c")), 1))
                .containsExactly("c", "b");
    }

    @Test
    void prioritiesComeBeforeWeights() {
        RoutePlanner planner = planner(
                new Rule(Set.of(), List.of(new Choice("last", 9, 1000), new Choice("a", 1, 1), new Choice("b", 1, 1))));

        for (int i = 0; i < 100; i++) {
            assertThat(plan(planner, request("r" + i, Requests.US, null), 1))
                    .hasSize(3)
                    .endsWith("last");
        }
    }

    @Test
    void weightsAreSharesOfTheFirstPlaceAndOfTheSecondAmongTheRest() {
        RoutePlanner planner = planner(
                new Rule(Set.of(), List.of(new Choice("a", 1, 70), new Choice("b", 1, 20), new Choice("c", 1, 10))));
        Map<String, Integer> first = new HashMap<>();
        int bSecondAfterA = 0;
        int draws = 20_000;
        for (int i = 0; i < draws; i++) {
            List<String> order = plan(planner, request("request-" + i, Requests.US, null), 1);
            first.merge(order.get(0), 1, Integer::sum);
            bSecondAfterA += order.get(0).equals("a") && order.get(1).equals("b") ? 1 : 0;
        }

        assertThat(first.get("a")).isCloseTo(draws * 70 / 100, Percentage.withPercentage(3));
        assertThat(first.get("b")).isCloseTo(draws * 20 / 100, Percentage.withPercentage(6));
        assertThat(first.get("c")).isCloseTo(draws * 10 / 100, Percentage.withPercentage(9));
        assertThat(bSecondAfterA).isCloseTo(first.get("a") * 2 / 3, Percentage.withPercentage(4));
    }

    @Test
    void theSameRequestAndRoundAreDrawnTheSameWayAndAnotherRoundAnew() {
        RoutePlanner planner = planner(new Rule(Set.of(), List.of(new Choice("a", 1, 1), new Choice("b", 1, 1))));
        boolean differs = false;
        for (int i = 0; i < 50; i++) {
            SendRequest request = request("r" + i, Requests.US, null);
            assertThat(plan(planner, request, 1)).isEqualTo(plan(planner, request, 1));
            differs |= !plan(planner, request, 1).equals(plan(planner, request, 2));
        }
        assertThat(differs).isTrue();
    }

    @Test
    void aProviderThatJoinsDoesNotReorderTheOthers() {
        RoutePlanner two = planner(new Rule(Set.of(), List.of(new Choice("a", 1, 5), new Choice("b", 1, 3))));
        RoutePlanner three = planner(
                new Rule(Set.of(), List.of(new Choice("a", 1, 5), new Choice("b", 1, 3), new Choice("c", 1, 9))));
        for (int i = 0; i < 200; i++) {
            SendRequest request = request("r" + i, Requests.US, null);
            assertThat(plan(three, request, 1).stream().filter(id -> !id.equals("c")))
                    .containsExactlyElementsOf(plan(two, request, 1));
        }
    }

    @Test
    void theLeastBadIsLookedForOnlyWhereEveryHopIsShut() {
        Hop open = new Hop(new Candidate("open", null, 0));
        Hop bad = new Hop(new Candidate("bad", SkipReason.BREAKER_OPEN, 90));
        Hop lessBad = new Hop(new Candidate("less-bad", SkipReason.BREAKER_OPEN, 60));
        Hop resting = new Hop(new Candidate("resting", SkipReason.RESTING, 0));

        assertThat(new Route(List.of(bad, open)).leastBadIfAllShut(hop -> true)).isEmpty();
        assertThat(new Route(List.of(bad, lessBad, resting)).leastBadIfAllShut(hop -> true))
                .contains(lessBad);
        assertThat(new Route(List.of(bad, open)).leastBadIfAllShut(hop -> hop != open))
                .contains(bad);
        assertThat(new Route(List.of(resting)).leastBadIfAllShut(hop -> true)).isEmpty();
    }
}
