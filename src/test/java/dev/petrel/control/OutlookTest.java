package dev.petrel.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.route.RouteConfig;
import dev.petrel.route.RouteConfig.Choice;
import dev.petrel.route.RouteConfig.Rule;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OutlookTest {
    private static final Instant NOW = Instant.parse("2026-11-24T04:05:00Z");
    private static final Warrant WARRANT = Warrant.of("alice", "it hangs", NOW, NOW.plusSeconds(3600));
    private static final RouteConfig ROUTES = new RouteConfig(List.of(
            new Rule(Set.of("US", "CA"), List.of(new Choice("twilio", 1, 1), new Choice("sns", 2, 1))),
            new Rule(Set.of("IN"), List.of(new Choice("twilio", 1, 1))),
            new Rule(
                    Set.of(),
                    List.of(new Choice("sns", 1, 70), new Choice("twilio", 1, 30), new Choice("more", 2, 1)))));

    private final Orders orders = new Orders();
    private final Set<String> open = new HashSet<>();
    private final Outlook outlook = new Outlook(
            () -> ROUTES,
            orders,
            () -> Set.of("twilio", "sns", "more"),
            provider -> !provider.equals("sns"),
            open::contains);

    private List<String> follows(Order order) {
        return outlook.follows(order, NOW);
    }

    @Test
    void tellsWhichCountriesAreLeftWithWhom() {
        assertThat(follows(new Order.Drain("twilio", null, WARRANT)))
                .containsExactly(
                        "this leaves CA, US with sns alone, which gives no receipts",
                        "this leaves IN with no provider: requests end failed, class no_provider",
                        "this leaves every other country with sns and more");
    }

    @Test
    void aDrainInOneCountryIsToldOfThatOne() {
        assertThat(follows(new Order.Drain("twilio", "US", WARRANT)))
                .containsExactly("this leaves US with sns alone, which gives no receipts");
        assertThat(follows(new Order.Drain("more", "GB", WARRANT)))
                .containsExactly("this leaves GB with sns and twilio");
        assertThat(follows(new Order.Drain("more", "IN", WARRANT))).isEmpty();
    }

    @Test
    void tellsWhereAllThatIsLeftIsBehindAnOpenBreaker() {
        open.add("sns");

        assertThat(follows(new Order.HoldBreaker("twilio", Order.Hold.OPEN, WARRANT)))
                .contains("this leaves CA, US with sns alone, which gives no receipts, whose breaker is open here now");
    }

    @Test
    void whatIsOrderedAlreadyCounts() {
        orders.apply(new Order.Drain("sns", "US", WARRANT));
        orders.apply(new Order.StopCountry("IN", WARRANT));

        assertThat(follows(new Order.Drain("twilio", null, WARRANT)))
                .containsExactly(
                        "this leaves CA with sns alone, which gives no receipts",
                        "this leaves US with no provider: requests end failed, class no_provider",
                        "this leaves every other country with sns and more");
    }

    @Test
    void aWeightOfZeroLeavesOut() {
        assertThat(follows(new Order.Weights("US,CA", Map.of("twilio", 0, "more", 1), WARRANT)))
                .containsExactly(
                        "more is not in this route: its weight does nothing",
                        "this leaves CA, US with sns alone, which gives no receipts");
        assertThat(outlook.does(new Order.Weights("*", Map.of("sns", 30, "twilio", 70, "more", 0), WARRANT)))
                .isEqualTo("in the route *, of what begins with one of these: more is left out, sns 30 %, twilio 70 %");
    }

    @Test
    void tellsWhatThisInstanceDoesNotHave() {
        Order elsewhere = new Order.Drain("vonage", null, WARRANT);
        assertThat(follows(elsewhere))
                .containsExactly("this instance has no provider vonage, and does nothing; it has more, sns, twilio");
        assertThat(outlook.isKnown(elsewhere)).isFalse();
        assertThat(follows(new Order.Weights("FR", Map.of("sns", 1), WARRANT)))
                .containsExactly("this instance has no route FR, and does nothing; its routes are CA,US and IN and *");
    }

    @Test
    void tellsWhatItTakesThePlaceOf() {
        Order order = new Order.StopTenant("web", WARRANT);
        orders.apply(order);

        assertThat(follows(order))
                .containsExactly("it takes the place of an order by alice that would hold until 2026-11-24T05:05:00Z");
    }

    @Test
    void liftingTellsWhoIsThereAgain() {
        Order order = new Order.Drain("twilio", "IN", WARRANT);
        orders.apply(order);

        assertThat(follows(order.lifted(new Warrant.Lifting("bob", "works again", NOW))))
                .containsExactly("this leaves IN with twilio alone");
    }

    @Test
    void liftingTellsWhatHappensAgain() {
        orders.apply(new Order.StopCountry("IN", WARRANT));

        assertThat(lifted(new Order.StopCountry("IN", WARRANT)))
                .containsExactly("requests to IN are admitted again, at once; they go to twilio");
        orders.apply(new Order.Drain("twilio", null, WARRANT));
        assertThat(lifted(new Order.StopCountry("IN", WARRANT)))
                .containsExactly("requests to IN are admitted again, at once;"
                        + " they find no provider and end failed, class no_provider");
        assertThat(lifted(new Order.StopTenant("web", WARRANT)))
                .containsExactly("requests of the tenant web are admitted again, at once");
        assertThat(lifted(new Order.HoldBreaker("sns", Order.Hold.CLOSED, WARRANT)))
                .containsExactly("the breaker of sns is closed, counts anew and decides by itself");
        assertThat(lifted(new Order.Weights("US,CA", Map.of("twilio", 1), WARRANT)))
                .containsExactly("the route CA,US goes by its settings again");
    }

    private List<String> lifted(Order order) {
        return follows(order.lifted(new Warrant.Lifting("bob", "works again", NOW)));
    }
}
