package dev.petrel.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OrdersTest {
    private static final Instant NOW = Instant.parse("2026-11-24T04:05:00Z");
    private static final Instant END = NOW.plusSeconds(3600);

    private final Orders orders = new Orders();

    private static Warrant until(Instant end) {
        return Warrant.of("alice", "because", NOW, end);
    }

    @Test
    void nothingIsOrderedAtFirst() {
        assertThat(orders.isDrained("a", "US", NOW)).isFalse();
        assertThat(orders.hold("a", NOW)).isNull();
        assertThat(orders.weights("*", NOW)).isEmpty();
        assertThat(orders.isCountryStopped("US", NOW)).isFalse();
        assertThat(orders.isTenantStopped("web", NOW)).isFalse();
        assertThat(orders.isTenantStopped(null, NOW)).isFalse();
        assertThat(orders.inForce(NOW)).isEmpty();
    }

    @Test
    void aDrainIsEverywhereOrInOneCountry() {
        orders.apply(new Order.Drain("a", null, until(END)));
        orders.apply(new Order.Drain("b", "IN", until(END)));

        assertThat(orders.isDrained("a", "US", NOW)).isTrue();
        assertThat(orders.isDrained("b", "IN", NOW)).isTrue();
        assertThat(orders.isDrained("b", "US", NOW)).isFalse();
        assertThat(orders.isDrained("c", "IN", NOW)).isFalse();
    }

    @Test
    void everyOtherKindIsFoundByWhatItIsAbout() {
        orders.apply(new Order.HoldBreaker("a", Order.Hold.CLOSED, until(END)));
        orders.apply(new Order.Weights("US,CA", Map.of("a", 0, "b", 3), until(END)));
        orders.apply(new Order.StopCountry("IN", until(END)));
        orders.apply(new Order.StopTenant("web", until(END)));

        assertThat(orders.hold("a", NOW)).isEqualTo(Order.Hold.CLOSED);
        assertThat(orders.hold("b", NOW)).isNull();
        assertThat(orders.weights("CA,US", NOW)).isEqualTo(Map.of("a", 0, "b", 3));
        assertThat(orders.weights("*", NOW)).isEmpty();
        assertThat(orders.isCountryStopped("IN", NOW)).isTrue();
        assertThat(orders.isCountryStopped("US", NOW)).isFalse();
        assertThat(orders.isTenantStopped("web", NOW)).isTrue();
        assertThat(orders.isTenantStopped("app", NOW)).isFalse();
        assertThat(orders.inForce(NOW))
                .extracting(Order::key)
                .containsExactly("breaker/a", "stop-country/IN", "stop-tenant/web", "weights/CA,US");
    }

    @Test
    void endsByItself() {
        orders.apply(new Order.Drain("a", null, until(END)));

        assertThat(orders.isDrained("a", "US", END.minusMillis(1))).isTrue();
        assertThat(orders.isDrained("a", "US", END)).isFalse();
        assertThat(orders.inForce(END)).isEmpty();
    }

    @Test
    void holdsThoughItBeginsByAClockThatGoesFast() {
        orders.apply(new Order.Drain("a", null, until(END)));

        assertThat(orders.isDrained("a", "US", NOW.minusSeconds(30))).isTrue();
    }

    @Test
    void theLastWordOfAKeyCounts() {
        orders.apply(new Order.HoldBreaker("a", Order.Hold.OPEN, until(END)));
        orders.apply(new Order.HoldBreaker("a", Order.Hold.CLOSED, until(NOW.plusSeconds(60))));

        assertThat(orders.hold("a", NOW)).isEqualTo(Order.Hold.CLOSED);
        assertThat(orders.hold("a", NOW.plusSeconds(60))).isNull();
    }

    @Test
    void liftingEndsItAndItCanBeGivenAgain() {
        Order order = new Order.Drain("a", "IN", until(END));
        orders.apply(order);

        orders.apply(order.lifted(new Warrant.Lifting("bob", "works again", NOW)));
        assertThat(orders.isDrained("a", "IN", NOW)).isFalse();

        orders.apply(order);
        assertThat(orders.isDrained("a", "IN", NOW)).isTrue();
        orders.forget(order.key());
        assertThat(orders.isDrained("a", "IN", NOW)).isFalse();
    }

    @Test
    void aCopyHasALifeOfItsOwn() {
        orders.apply(new Order.StopCountry("IN", until(END)));
        Orders copy = orders.copy();

        copy.apply(new Order.StopCountry("US", until(END)));

        assertThat(copy.isCountryStopped("IN", NOW)).isTrue();
        assertThat(orders.isCountryStopped("US", NOW)).isFalse();
    }
}
