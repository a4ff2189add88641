package dev.petrel.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.control.Order;
import dev.petrel.control.Warrant;
import dev.petrel.journal.Standing;
import dev.petrel.message.Advice;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.Skip;
import dev.petrel.message.SkipReason;
import dev.petrel.message.Status;
import dev.petrel.message.StatusEvent;
import dev.petrel.route.RouteConfig.Choice;
import dev.petrel.route.RouteConfig.Rule;
import dev.petrel.testing.DeliveryStage;
import dev.petrel.testing.ManualTime;
import dev.petrel.testing.Requests;
import dev.petrel.testing.Results;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What operators' orders do to requests. */
class OverrulingTest {
    private static final Warrant HOUR =
            Warrant.of("alice", "it hangs", ManualTime.START, ManualTime.START.plusSeconds(3600));

    private static void give(DeliveryStage stage, Order order) {
        stage.orders.apply(order);
        stage.delivery.overruled();
    }

    private static void lift(DeliveryStage stage, Order order) {
        give(stage, order.lifted(new Warrant.Lifting("bob", "works again", stage.time.now())));
    }

    private static Order drain(String provider) {
        return new Order.Drain(provider, null, HOUR);
    }

    private static Order open(String provider) {
        return new Order.HoldBreaker(provider, Order.Hold.OPEN, HOUR);
    }

    @Test
    void aDrainedProviderIsPassedOverAndTold() {
        DeliveryStage stage = DeliveryStage.ab();
        give(stage, drain("a"));

        stage.deliver("r");

        assertThat(stage.story("r")).containsExactly("submitted b");
        assertThat(stage.lastEvent("r").skipped()).containsExactly(new Skip("a", SkipReason.DRAINED));
        assertThat(stage.counter("petrel.skips", "provider", "a", "reason", "drained"))
                .isEqualTo(1);
    }

    @Test
    void aDrainInOneCountryLeavesTheOthersAlone() {
        DeliveryStage stage = DeliveryStage.ab();
        give(stage, new Order.Drain("a", "US", HOUR));

        stage.deliver("us");
        stage.deliver(Requests.request("gb", Requests.GB, stage.time.now(), Duration.ofMinutes(5), null, null));

        assertThat(stage.story("us")).containsExactly("submitted b");
        assertThat(stage.story("gb")).containsExactly("submitted a");
    }

    @Test
    void aDrainEndsByItselfOrIsLifted() {
        DeliveryStage stage = DeliveryStage.ab();
        give(stage, drain("a"));
        lift(stage, drain("a"));
        stage.deliver("lifted");
        give(stage, drain("a"));
        stage.advance(Duration.ofHours(1));
        stage.deliver("ended");

        assertThat(stage.story("lifted")).containsExactly("submitted a");
        assertThat(stage.story("ended")).containsExactly("submitted a");
    }

    @Test
    void whatIsInFlightAtADrainedProviderIsTold() {
        DeliveryStage stage = DeliveryStage.ab();
        stage.provider("a").always(Results.accepted("m"), Duration.ofSeconds(1));
        stage.deliver("r");

        give(stage, drain("a"));
        stage.advance(Duration.ofSeconds(1));

        assertThat(stage.story("r")).containsExactly("submitted a");
    }

    @Test
    void whoQueuesForADrainedProviderGoesOnElsewhere() {
        DeliveryStage stage = DeliveryStage.with().maxInFlight(1).build();
        stage.provider("a").always(Results.accepted("m"), Duration.ofMillis(500));
        stage.deliver("first");
        stage.deliver("second");

        give(stage, drain("a"));
        stage.advance(Duration.ofMillis(500));

        assertThat(stage.story("first")).containsExactly("submitted a");
        assertThat(stage.story("second")).containsExactly("submitted b");
        assertThat(stage.lastEvent("second").skipped()).containsExactly(new Skip("a", SkipReason.DRAINED));
        assertThat(stage.provider("a").seen()).hasSize(1);
    }

    @Test
    void whoQueuesForABreakerThatIsHeldOpenGoesOnAtOnce() {
        DeliveryStage stage = DeliveryStage.with().maxInFlight(1).build();
        stage.provider("a").always(Results.accepted("m"), Duration.ofMillis(500));
        stage.deliver("first");
        stage.deliver("second");

        give(stage, open("a"));

        assertThat(stage.story("second")).containsExactly("submitted b");
    }

    @Test
    void whereEveryHopIsOutByOrderItEndsAtOnce() {
        DeliveryStage stage = DeliveryStage.ab();
        give(stage, drain("a"));
        give(stage, open("b"));

        Future<Outcome> outcome = stage.deliver("r");

        assertThat(outcome.result()).isEqualTo(Outcome.SETTLED);
        assertThat(stage.story("r")).containsExactly("failed no_provider");
        StatusEvent last = stage.lastEvent("r");
        assertThat(last.skipped())
                .containsExactly(new Skip("a", SkipReason.DRAINED), new Skip("b", SkipReason.HELD_OPEN));
        assertThat(last.possiblySent()).isFalse();
        assertThat(last.advice().next()).isEqualTo(Advice.Next.OTHER_FACTOR);
    }

    @Test
    void whoWaitsForItsNextRoundLearnsOfItAtOnce() {
        DeliveryStage stage = DeliveryStage.ab();
        stage.provider("a").always(Results.refused());
        stage.provider("b").always(Results.refused());
        stage.deliver("r");

        give(stage, drain("a"));
        give(stage, drain("b"));

        assertThat(stage.story("r"))
                .containsExactly("attempt_failed a unavailable", "attempt_failed b unavailable", "failed no_provider");
    }

    @Test
    void oneThatIsOutForTheRequestDoesNotKeepItWaiting() {
        DeliveryStage stage = DeliveryStage.ab();
        stage.provider("a").always(Results.rejected(ReasonClass.NO_ROUTE));
        give(stage, drain("b"));

        stage.deliver("r");

        assertThat(stage.story("r")).containsExactly("attempt_failed a no_route", "failed no_provider");
    }

    @Test
    void theRequestsOwnProvidersAreNoWayRound() {
        DeliveryStage stage = DeliveryStage.ab();
        give(stage, drain("a"));

        stage.deliver(Requests.request("r", Requests.US, stage.time.now(), Duration.ofMinutes(5), null, List.of("a")));

        assertThat(stage.story("r")).containsExactly("failed no_provider");
    }

    @Test
    void whoIsOutByOrderIsNeverTheLeastBad() {
        DeliveryStage stage = DeliveryStage.ab();
        stage.provider("b").always(Results.serverError());
        give(stage, drain("a"));
        for (int i = 0; i < 20; i++) {
            stage.deliver("open" + i);
        }
        int before = stage.provider("b").seen().size();

        stage.deliver("r");
        stage.advance(Duration.ofSeconds(5));

        assertThat(stage.provider("a").seen()).isEmpty();
        assertThat(stage.provider("b").seen()).hasSizeGreaterThan(before); // by the trickle
    }

    @Test
    void aBreakerHeldOpenIsNotTriedBeforeItIsLetGo() {
        DeliveryStage stage = DeliveryStage.ab();
        give(stage, open("a"));
        stage.deliver("held");
        stage.advance(Duration.ofMinutes(10)); // long after it would have been half open
        stage.deliver("still");
        lift(stage, open("a"));
        stage.deliver("free");

        assertThat(stage.lastEvent("held").skipped()).containsExactly(new Skip("a", SkipReason.HELD_OPEN));
        assertThat(stage.story("still")).containsExactly("submitted b");
        assertThat(stage.story("free")).containsExactly("submitted a");
    }

    @Test
    void aBreakerHeldOpenIsLetGoAtItsEnd() {
        DeliveryStage stage = DeliveryStage.ab();
        give(stage, open("a"));
        stage.advance(Duration.ofHours(1));
        stage.delivery.holdBreakers();

        stage.deliver("r");

        assertThat(stage.story("r")).containsExactly("submitted a");
        assertThat(stage.guarded.get("a").shut()).isNull();
    }

    @Test
    void aBreakerHeldClosedDoesNotOpenAndDoesAgainAfterwards() {
        DeliveryStage stage = DeliveryStage.ab();
        Order closed = new Order.HoldBreaker("a", Order.Hold.CLOSED, HOUR);
        give(stage, closed);
        stage.provider("a").always(Results.serverError());
        for (int i = 0; i < 100; i++) {
            stage.deliver("held" + i);
        }
        assertThat(stage.provider("a").seen()).hasSize(100);

        stage.provider("a").then(Results.rejected(ReasonClass.PROVIDER_FAULT));
        stage.deliver("fault");
        stage.deliver("afterwards");
        assertThat(stage.provider("a").seen()).hasSize(102);

        lift(stage, closed);
        for (int i = 0; i < 100; i++) {
            stage.deliver("free" + i);
        }
        assertThat(stage.provider("a").seen()).hasSize(122);
        assertThat(stage.guarded.get("a").shut()).isEqualTo(SkipReason.BREAKER_OPEN);
    }

    @Test
    void holdingClosedOpensTheWayToAProviderWhoseBreakerIsOpen() {
        DeliveryStage stage = DeliveryStage.ab();
        stage.provider("a").always(Results.serverError());
        for (int i = 0; i < 20; i++) {
            stage.deliver("open" + i);
        }
        stage.provider("a").always(Results.accepted("m"));
        stage.deliver("shut");

        give(stage, new Order.HoldBreaker("a", Order.Hold.CLOSED, HOUR));
        stage.deliver("r");

        assertThat(stage.story("shut")).containsExactly("submitted b");
        assertThat(stage.story("r")).containsExactly("submitted a");
    }

    @Test
    void aHoldIsTurnedRoundByTheNextOrder() {
        DeliveryStage stage = DeliveryStage.ab();
        Order closed = new Order.HoldBreaker("a", Order.Hold.CLOSED, HOUR);
        give(stage, open("a"));
        give(stage, closed);
        stage.deliver("closed");
        give(stage, open("a"));
        stage.deliver("open");

        assertThat(stage.story("closed")).containsExactly("submitted a");
        assertThat(stage.story("open")).containsExactly("submitted b");
    }

    @Test
    void theOnlyOneThatOrdersLeaveIsNotPassedOverForWhatItDoesNotDeliver() {
        DeliveryStage stage = DeliveryStage.with().reporting("a", "b").build();
        for (int i = 0; i < 50; i++) {
            stage.health.submitted("a" + i, "a", "US", true, true).undelivered(ReasonClass.UNAVAILABLE);
            stage.health.submitted("b" + i, "b", "US", true, true).delivered();
        }
        assertThat(stage.health.isOut("a", "US", true)).isTrue();
        give(stage, drain("b"));
        stage.provider("a").always(Results.accepted("m"), Duration.ofSeconds(1));

        for (int i = 0; i < 30; i++) {
            stage.deliver("r" + i);
        }

        assertThat(stage.provider("a").seen()).hasSize(30); // and not the few at a time of the trickle
    }

    @Test
    void theVerdictOfACallFromBeforeDoesNotEndAHold() {
        DeliveryStage stage = DeliveryStage.ab();
        stage.provider("a").always(Results.rejected(ReasonClass.PROVIDER_FAULT), Duration.ofSeconds(1));
        stage.deliver("r");
        give(stage, new Order.HoldBreaker("a", Order.Hold.CLOSED, HOUR));
        stage.advance(Duration.ofSeconds(1));

        assertThat(stage.guarded.get("a").shut()).isNull();
    }

    @Test
    void weightsShareOutWhatPrioritiesWouldNot() {
        DeliveryStage stage = DeliveryStage.with()
                .rules(new Rule(Set.of("US"), List.of(new Choice("a", 1, 1), new Choice("b", 2, 1))))
                .build();
        Order weights = new Order.Weights("US", Map.of("a", 30, "b", 70), HOUR);
        give(stage, weights);
        for (int i = 0; i < 1000; i++) {
            stage.deliver("r" + i);
        }
        assertThat(stage.provider("b").seen().size()).isBetween(650, 750);

        lift(stage, weights);
        int before = stage.provider("b").seen().size();
        stage.deliver("lifted");
        assertThat(stage.provider("b").seen()).hasSize(before);
    }

    @Test
    void aWeightOfZeroLeavesOutAndOtherRoutesStay() {
        DeliveryStage stage = DeliveryStage.with()
                .rules(
                        new Rule(Set.of("US"), List.of(new Choice("a", 1, 1), new Choice("b", 2, 1))),
                        new Rule(Set.of(), List.of(new Choice("a", 1, 1))))
                .build();
        give(stage, new Order.Weights("US", Map.of("a", 0), HOUR));

        stage.deliver("us");
        stage.deliver(Requests.request("gb", Requests.GB, stage.time.now(), Duration.ofMinutes(5), null, null));

        assertThat(stage.story("us")).containsExactly("submitted b");
        assertThat(stage.story("gb")).containsExactly("submitted a");
    }

    @Test
    void aStoppedCountryIsRejectedAtAdmission() {
        DeliveryStage stage = DeliveryStage.ab();
        give(stage, new Order.StopCountry("US", HOUR));

        stage.deliver("us");
        stage.deliver(Requests.request("gb", Requests.GB, stage.time.now(), Duration.ofMinutes(5), null, null));

        assertThat(stage.story("us")).containsExactly("rejected denied");
        assertThat(stage.lastEvent("us").possiblySent()).isFalse();
        assertThat(stage.story("gb")).containsExactly("submitted a");
    }

    @Test
    void aStoppedTenantIsRejectedAndOthersGoOn() {
        DeliveryStage stage = DeliveryStage.ab();
        give(stage, new Order.StopTenant("web", HOUR));

        stage.deliver("web");
        stage.deliver(Requests.ofTenant("app", stage.request("app", Duration.ofMinutes(5))));
        stage.deliver(Requests.ofTenant(null, stage.request("none", Duration.ofMinutes(5))));

        assertThat(stage.story("web")).containsExactly("rejected denied");
        assertThat(stage.story("app")).containsExactly("submitted a");
        assertThat(stage.story("none")).containsExactly("submitted a");
    }

    @Test
    void aStopEndsWhoIsBetweenTwoRoundsAtOnce() {
        DeliveryStage stage = DeliveryStage.ab();
        stage.provider("a").always(Results.refused());
        stage.provider("b").always(Results.refused());
        stage.deliver("r");

        give(stage, new Order.StopCountry("US", HOUR));

        assertThat(stage.story("r"))
                .containsExactly("attempt_failed a unavailable", "attempt_failed b unavailable", "rejected denied");
    }

    @Test
    void aStopComesBeforeTheNextAttempt() {
        DeliveryStage stage = DeliveryStage.ab();
        stage.provider("a").always(Results.refused(), Duration.ofSeconds(1));
        stage.deliver("r");
        give(stage, new Order.StopTenant("web", HOUR));
        stage.advance(Duration.ofSeconds(1));

        assertThat(stage.story("r")).containsExactly("attempt_failed a unavailable", "rejected denied");
        assertThat(stage.provider("b").seen()).isEmpty();
    }

    @Test
    void whatAProviderTookIsWaitedForInSpiteOfAStop() {
        DeliveryStage stage = DeliveryStage.with().reporting("a", "b").build();
        Standing standing = new Standing(false);
        stage.deliver(stage.request("r", Duration.ofMinutes(5)), standing);
        give(stage, new Order.StopCountry("US", HOUR));
        stage.advance(Duration.ofMinutes(1));

        assertThat(stage.story("r")).containsExactly("submitted a");
        assertThat(stage.provider("b").seen()).isEmpty();
        stage.advance(Duration.ofMinutes(10));
        assertThat(stage.story("r")).containsExactly("submitted a", "unconfirmed");
    }

    @Test
    void manyThatWaitAreToldAFewAtATime() {
        DeliveryStage stage = DeliveryStage.ab();
        stage.provider("a").always(Results.refused());
        stage.provider("b").always(Results.refused());
        for (int i = 0; i < 3; i++) {
            stage.deliver("warm" + i);
        }
        stage.provider("a").alwaysHang();
        stage.provider("b").alwaysHang();
        for (int i = 0; i < 1200; i++) {
            stage.deliver("r" + i);
        }
        give(stage, new Order.StopCountry("US", HOUR));
        stage.advance(Duration.ofSeconds(4));

        assertThat(stage.held.count()).isZero();
        assertThat(stage.lastEvent("r1199").status()).isEqualTo(Status.REJECTED);
    }
}
