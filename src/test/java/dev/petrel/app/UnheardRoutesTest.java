package dev.petrel.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.metrics.Meters;
import dev.petrel.route.RouteConfig;
import dev.petrel.route.RouteConfig.Choice;
import dev.petrel.route.RouteConfig.Rule;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UnheardRoutesTest {
    private static final Choice HEARD = new Choice("twilio-main", 1, 1);
    private static final RouteConfig ROUTES = new RouteConfig(List.of(
            new Rule(Set.of("US", "CA"), List.of(HEARD, new Choice("sns-eu", 2, 1))),
            new Rule(Set.of("GB", "DE"), List.of(HEARD, new Choice("sns-eu", 1, 1))),
            new Rule(Set.of(), List.of(new Choice("twilio-main", 2, 1), new Choice("sns-eu", 1, 1)))));

    @Test
    void aRouteThatMayBeginInSilenceIsNamed() {
        assertThat(UnheardRoutes.find(ROUTES, "twilio-main"::equals))
                .containsExactly(
                        "the route for DE, GB begins with sns-eu, which gives no receipts",
                        "the route for all other countries begins with sns-eu, which gives no receipts");
    }

    @Test
    void theirNumberIsAMetric() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

        UnheardRoutes.warn(ROUTES, "twilio-main"::equals, new Meters(registry));

        assertThat(registry.scrape()).contains("petrel_routes_unheard 2.0");
    }
}
