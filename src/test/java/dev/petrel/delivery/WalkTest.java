package dev.petrel.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.delivery.DeliveryConfig.OnAmbiguous;
import dev.petrel.journal.Standing;
import dev.petrel.message.Reason;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.SendRequest;
import dev.petrel.message.Skip;
import dev.petrel.message.SkipReason;
import dev.petrel.message.Status;
import dev.petrel.message.StatusEvent;
import dev.petrel.route.RouteConfig.Choice;
import dev.petrel.route.RouteConfig.Rule;
import dev.petrel.testing.DeliveryStage;
import dev.petrel.testing.Requests;
import dev.petrel.testing.Results;
import dev.petrel.testing.ScriptedProvider;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WalkTest {
    private static final Duration FIVE_MINUTES = Duration.ofMinutes(5);

    @Test
    void roundsAreSpacedByOneSecondDoublingToEightLessUpToAHalf() {
        DeliveryStage stage = DeliveryStage.with().providers("a").build();
        stage.provider("a").always(Results.throttled(Duration.ofMillis(1)));

        stage.deliver("r");
        stage.advance(Duration.ofMinutes(1));

        List<ScriptedProvider.Seen> seen = stage.provider("a").seen();
        long[] longest = {1000, 2000, 4000, 8000, 8000, 8000};
        for (int i = 0; i < longest.length; i++) {
            long gap = Duration.between(seen.get(i).at(), seen.get(i + 1).at()).toMillis();
            assertThat(gap).as("gap %d", i).isBetween(longest[i] / 2, longest[i]);
        }
    }

    @Test
    void attemptsAndRoundsAreNumberedFromOne() {
        DeliveryStage stage = DeliveryStage.ab();
        stage.provider("a").then(Results.refused()).then(Results.refused());
        stage.provider("b").then(Results.refused());

        stage.deliver("r");
        stage.advance(Duration.ofSeconds(2));

        assertThat(stage.sink.eventsOf("r"))
                .extracting(event -> event.attempt().number() + "/"
                        + event.attempt().round() + "/" + event.attempt().provider())
                .containsExactly("1/1/a", "2/1/b", "3/2/a", "4/2/b");
    }

    @Test
    void expiresWhenTheLifeEndsAndNothingIsSentWithLessThanTheMinimumLeft() {
        DeliveryStage stage = DeliveryStage.ab();
        stage.provider("a").always(Results.refused());
        stage.provider("b").always(Results.refused());
        SendRequest request = stage.request("r", Duration.ofSeconds(30));

        Future<Outcome> outcome = stage.deliver(request);
        stage.advance(FIVE_MINUTES);

        assertThat(outcome.result()).isEqualTo(Outcome.SETTLED);
        StatusEvent last = stage.lastEvent("r");
        assertThat(last.status()).isEqualTo(Status.EXPIRED);
        assertThat(last.possiblySent()).isFalse();
        assertThat(last.at()).isBefore(request.expiresAt());
        Instant lastStart = request.expiresAt().minusSeconds(5);
        assertThat(stage.provider("a").seen())
                .allSatisfy(seen -> assertThat(seen.at()).isBeforeOrEqualTo(lastStart));
        // and the last moment that is left is used
        assertThat(stage.provider("a").seen())
                .anySatisfy(seen -> assertThat(seen.at()).isAfter(lastStart.minusSeconds(1)));
    }

    @Test
    void aBlipNeverBurnsACodeThatHasMinutesToLive() {
        DeliveryStage stage = DeliveryStage.ab();
        stage.provider("a").always(Results.refused());
        stage.provider("b").always(Results.refused());

        stage.deliver("r");
        stage.advance(Duration.ofSeconds(100));
        stage.provider("a").always(Results.accepted("late"));
        stage.advance(Duration.ofSeconds(30));

        assertThat(stage.lastEvent("r").status()).isEqualTo(Status.SUBMITTED);
    }

    @Test
    void aCodeThatIsDeadOnArrivalExpires() {
        DeliveryStage stage = DeliveryStage.ab();
        SendRequest request = stage.request("r", Duration.ofSeconds(10));
        stage.advance(Duration.ofSeconds(10));

        stage.deliver(request);

        assertThat(stage.story("r")).containsExactly("expired expired");
        assertThat(stage.provider("a").seen()).isEmpty();
    }

    @Test
    void aCodeWithLessThanTheMinimumLeftExpiresAtOnce() {
        DeliveryStage stage = DeliveryStage.ab();

        stage.deliver(stage.request("short", Duration.ofMillis(4999)));
        stage.deliver(stage.request("enough", Duration.ofMillis(5000)));

        assertThat(stage.story("short")).containsExactly("expired expired");
        assertThat(stage.story("enough")).containsExactly("submitted a");
    }

    @Test
    void noAnswerIsWaitedForPastTheExpiry() {
        DeliveryStage stage = DeliveryStage.with().providers("a").build();
        stage.provider("a").then(Results.refused()).alwaysHang();
        SendRequest request = stage.request("r", Duration.ofMillis(5500));

        stage.deliver(request);
        stage.advance(FIVE_MINUTES);

        for (ScriptedProvider.Seen seen : stage.provider("a").seen()) {
            assertThat(seen.at().plus(seen.submission().timeout())).isBeforeOrEqualTo(request.expiresAt());
        }
    }

    @Test
    void theCopiesOfOneRequestAreLimited() {
        DeliveryStage stage = DeliveryStage.with().maxCopies(3).build();
        stage.provider("a").always(Results.ambiguous());
        stage.provider("b").always(Results.ambiguous());

        stage.deliver("r");
        stage.advance(FIVE_MINUTES);

        assertThat(stage.story("r"))
                .containsExactly(
                        "attempt_failed a ambiguous",
                        "attempt_failed b ambiguous",
                        "attempt_failed a ambiguous",
                        "failed ambiguous");
        assertThat(stage.lastEvent("r").possiblySent()).isTrue();
    }

    @Test
    void onAmbiguousStopMeansNoSecondCopy() {
        DeliveryStage stage = DeliveryStage.with().onAmbiguous(OnAmbiguous.STOP).build();
        stage.provider("a").then(Results.refused());
        stage.provider("b").then(Results.ambiguous());

        stage.deliver("r");

        assertThat(stage.story("r"))
                .containsExactly("attempt_failed a unavailable", "attempt_failed b ambiguous", "failed ambiguous");
    }

    @Test
    void theRequestsOwnProvidersReplaceTheRouteAndUnknownOnesAreSkipped() {
        DeliveryStage stage = DeliveryStage.ab();

        stage.deliver(named(stage, "r", "nobody", "b"));
        stage.deliver(named(stage, "none", "nobody"));

        assertThat(stage.story("r")).containsExactly("submitted b");
        assertThat(stage.story("none")).containsExactly("rejected invalid");
        assertThat(stage.lastEvent("none").reason().detail()).startsWith("providers:");
    }

    private static SendRequest named(DeliveryStage stage, String id, String... providers) {
        return Requests.request(id, Requests.US, stage.time.now(), FIVE_MINUTES, null, List.of(providers));
    }

    @Test
    void aCountryWithoutARouteFailsAtOnce() {
        DeliveryStage stage = DeliveryStage.with()
                .rules(new Rule(Set.of("GB"), List.of(new Choice("a", 1, 1))))
                .build();

        stage.deliver("r");

        assertThat(stage.story("r")).containsExactly("failed no_provider");
    }

    @Test
    void aDeniedCountryIsRejected() {
        DeliveryStage stage = DeliveryStage.with().denied("US").build();

        stage.deliver("r");

        assertThat(stage.story("r")).containsExactly("rejected denied");
        assertThat(stage.provider("a").seen()).isEmpty();
    }

    @Test
    void aRestingProviderIsSkippedUntilItsRetryAfterIsOver() {
        DeliveryStage stage = DeliveryStage.ab();
        stage.provider("a").then(Results.throttled(Duration.ofSeconds(7)));

        stage.deliver("first");
        stage.advance(Duration.ofMillis(6999));
        stage.deliver("resting");
        stage.advance(Duration.ofMillis(1));
        stage.deliver("rested");

        assertThat(stage.story("first")).containsExactly("attempt_failed a throttled", "submitted b");
        assertThat(stage.story("resting")).containsExactly("submitted b");
        assertThat(stage.lastEvent("resting").skipped()).containsExactly(new Skip("a", SkipReason.RESTING));
        assertThat(stage.story("rested")).containsExactly("submitted a");
    }

    @Test
    void aHangingProviderIsLeftWithinItsTimeoutAndThenNotAsked() {
        DeliveryStage stage = DeliveryStage.ab();
        stage.provider("a").alwaysHang();
        for (int i = 0; i < 20; i++) {
            stage.deliver("r" + i);
        }
        stage.advance(Duration.ofSeconds(3));

        stage.deliver("later");

        assertThat(stage.story("r0")).containsExactly("attempt_failed a ambiguous", "submitted b");
        assertThat(stage.lastEvent("r0").elapsed()).isEqualTo(Duration.ofSeconds(3));
        assertThat(stage.story("later")).containsExactly("submitted b");
        assertThat(stage.lastEvent("later").skipped()).containsExactly(new Skip("a", SkipReason.BREAKER_OPEN));
    }

    @Test
    void whenEveryHopIsShutTheLeastBadOneIsTriedByAFewAtATime() {
        DeliveryStage stage = DeliveryStage.ab();
        // a fails always; b for a bit more than half of its calls
        stage.provider("a").always(Results.refused());
        for (int i = 0; i < 20; i++) {
            stage.provider("b").then(i % 5 < 3 ? Results.serverError() : Results.rejected(ReasonClass.OPTED_OUT));
            stage.provider("b").then(i % 5 < 3 ? Results.serverError() : Results.accepted("m"));
        }
        int n = 0;
        while (stage.guarded.get("a").shut() == null || stage.guarded.get("b").shut() == null) {
            stage.deliver("warm" + n++);
        }
        assertThat(stage.guarded.get("b").failureRate())
                .isLessThan(stage.guarded.get("a").failureRate());
        int seenByA = stage.provider("a").seen().size();
        int seenByB = stage.provider("b").seen().size();
        stage.provider("b").always(Results.accepted("m"), Duration.ofSeconds(1));
        stage.provider("b").forgetScript();

        for (int i = 0; i < 15; i++) {
            stage.deliver("r" + i);
        }

        assertThat(stage.provider("b").seen()).hasSize(seenByB + 10);
        assertThat(stage.provider("a").seen()).hasSize(seenByA);
        stage.advance(Duration.ofMillis(1001));
        assertThat(stage.story("r0")).containsExactly("submitted b");
        assertThat(stage.lastEvent("r0").skipped())
                .contains(new Skip("a", SkipReason.BREAKER_OPEN), new Skip("b", SkipReason.BREAKER_OPEN));
        stage.advance(Duration.ofSeconds(20));
        assertThat(stage.story("r14")).containsExactly("submitted b");
    }

    @Test
    void nobodyIsTriedInSpiteOfARest() {
        DeliveryStage stage = DeliveryStage.with().providers("a").build();
        stage.provider("a").then(Results.throttled(Duration.ofSeconds(30)));

        stage.deliver("first");
        stage.deliver("second");
        stage.advance(Duration.ofSeconds(29));

        assertThat(stage.provider("a").seen()).hasSize(1);
    }

    @Test
    void waitingForTheInFlightLimitEndsInASkip() {
        DeliveryStage stage = DeliveryStage.with().maxInFlight(1).build();
        stage.provider("a").always(Results.accepted("m"), Duration.ofMillis(2900));

        stage.deliver("first");
        stage.deliver("second");
        stage.advance(Duration.ofMillis(1001));

        assertThat(stage.story("second")).containsExactly("submitted b");
        assertThat(stage.lastEvent("second").skipped()).containsExactly(new Skip("a", SkipReason.IN_FLIGHT_LIMIT));
    }

    @Test
    void noAttemptStartsWhileTheStatusesOfOthersAreUnacknowledgedUpToTheLimit() {
        DeliveryStage stage = DeliveryStage.with().inFlightMax(2).build();
        stage.sink.hold();

        stage.deliver("first");
        stage.deliver("second");
        stage.deliver("third");
        assertThat(stage.provider("a").seen()).hasSize(2);

        stage.sink.acknowledgeAll();
        assertThat(stage.provider("a").seen()).hasSize(3);
    }

    @Test
    void isSettledOnlyWhenItsFinalIsAcknowledged() {
        DeliveryStage stage = DeliveryStage.ab();
        stage.sink.hold();

        Future<Outcome> outcome = stage.deliver("r");
        assertThat(outcome.isComplete()).isFalse();
        assertThat(stage.held.count()).isEqualTo(1);

        stage.sink.acknowledgeAll();
        assertThat(outcome.result()).isEqualTo(Outcome.SETTLED);
        assertThat(stage.held.count()).isZero();
        assertThat(stage.inFlight.count()).isZero();
        assertThat(stage.term.outstanding()).isZero();
    }

    @Test
    void aDrainTellsWhatIsInFlightAndStartsNothing() {
        DeliveryStage stage = DeliveryStage.ab();
        stage.provider("a")
                .then(Results.refused(), Duration.ofMillis(500))
                .then(Results.accepted("m"), Duration.ofMillis(900));
        Future<Outcome> failing = stage.deliver("failing");
        Future<Outcome> succeeding = stage.deliver("succeeding");

        Future<Void> drained = stage.term.drain();
        Future<Outcome> late = stage.deliver("late");
        assertThat(drained.isComplete()).isFalse();
        stage.advance(Duration.ofSeconds(1));

        assertThat(drained.isComplete()).isTrue();
        assertThat(stage.story("failing")).containsExactly("attempt_failed a unavailable");
        assertThat(failing.result()).isEqualTo(Outcome.LEFT);
        assertThat(stage.story("succeeding")).containsExactly("submitted a");
        assertThat(succeeding.result()).isEqualTo(Outcome.SETTLED);
        assertThat(stage.story("late")).isEmpty();
        assertThat(late.result()).isEqualTo(Outcome.LEFT);
        assertThat(stage.provider("b").seen()).isEmpty();
    }

    @Test
    void whoWaitsForANextRoundLeavesWhenItsPartitionIsLost() {
        DeliveryStage stage = DeliveryStage.ab();
        stage.provider("a").always(Results.refused());
        stage.provider("b").always(Results.refused());
        Future<Outcome> outcome = stage.deliver("r");

        stage.term.lose();
        stage.advance(FIVE_MINUTES);

        assertThat(outcome.result()).isEqualTo(Outcome.LEFT);
        assertThat(stage.story("r")).hasSize(2).noneMatch(told -> told.startsWith("expired"));
        assertThat(stage.held.count()).isZero();
    }

    @Test
    void aLostPartitionsAttemptIsStillToldAndNothingFollows() {
        DeliveryStage stage = DeliveryStage.ab();
        stage.provider("a").then(Results.rejected(ReasonClass.RECIPIENT_INVALID), Duration.ofSeconds(1));
        Future<Outcome> outcome = stage.deliver("r");

        stage.term.lose();
        stage.advance(Duration.ofSeconds(1));

        assertThat(stage.story("r")).containsExactly("attempt_failed a recipient_invalid");
        assertThat(outcome.result()).isEqualTo(Outcome.LEFT);
    }

    @Test
    void goesOnFromWhereTheRequestStands() {
        DeliveryStage first = DeliveryStage.ab();
        first.provider("a").then(Results.refused());
        first.provider("b").then(Results.ambiguous());
        first.deliver("r");

        DeliveryStage second = DeliveryStage.ab();
        Standing standing = new Standing(false);
        first.sink.eventsOf("r").forEach(standing::apply);
        second.deliver(second.request("r", FIVE_MINUTES), standing);
        second.advance(Duration.ofSeconds(2));

        StatusEvent next = second.lastEvent("r");
        assertThat(next.attempt().number()).isEqualTo(3);
        assertThat(next.attempt().round()).isEqualTo(2);
        assertThat(next.attempt().provider()).isEqualTo("a");
    }

    @Test
    void aFraudBlockStaysOneForWhoeverGoesOn() {
        DeliveryStage first = DeliveryStage.ab();
        first.provider("a").then(Results.rejected(ReasonClass.FRAUD_BLOCKED));
        first.deliver("r");
        Standing standing = new Standing(false);
        standing.apply(first.sink.eventsOf("r").get(0));

        DeliveryStage second = DeliveryStage.ab();
        second.deliver(second.request("r", FIVE_MINUTES), standing);

        assertThat(second.story("r")).containsExactly("failed fraud_blocked");
        assertThat(second.provider("a").seen()).isEmpty();
        assertThat(second.provider("b").seen()).isEmpty();
    }

    @Test
    void aFullMemoryOfOneCountryMakesRoomForTheOthers() {
        DeliveryStage stage = DeliveryStage.with()
                .heldMax(10)
                .rules(
                        new Rule(Set.of("GB"), List.of(new Choice("a", 1, 1))),
                        new Rule(Set.of(), List.of(new Choice("b", 1, 1))))
                .build();
        stage.provider("a").always(Results.throttled(Duration.ofMinutes(1)));
        stage.deliver("healthy");
        List<Future<Outcome>> sick = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            sick.add(
                    stage.deliver(Requests.request("gb" + i, Requests.GB, stage.time.now(), FIVE_MINUTES, null, null)));
        }
        assertThat(stage.held.full()).isTrue();

        stage.advance(Duration.ofMillis(29_999));
        stage.held.relieve(stage.time.now());
        assertThat(stage.held.count()).isEqualTo(10);

        stage.advance(Duration.ofMillis(1));
        stage.held.relieve(stage.time.now());
        assertThat(stage.held.count()).isEqualTo(5);
        assertThat(stage.story("gb0")).last().isEqualTo("failed saturated");
        assertThat(sick.get(0).result()).isEqualTo(Outcome.SETTLED);
        assertThat(sick.get(9).isComplete()).isFalse();
    }

    @Test
    void aFullMemoryOfTheOnlyCountryBurnsNoCode() {
        DeliveryStage stage = DeliveryStage.with().providers("a").heldMax(10).build();
        stage.provider("a").always(Results.throttled(Duration.ofMinutes(1)));
        for (int i = 0; i < 10; i++) {
            stage.deliver("r" + i);
        }

        stage.advance(Duration.ofMinutes(2));
        stage.held.relieve(stage.time.now());

        assertThat(stage.held.count()).isEqualTo(10);
    }

    @Test
    void anAdapterThatThrowsIsPerhapsSentAndTheNextHopFollows() {
        DeliveryStage stage = DeliveryStage.ab();
        stage.provider("a").alwaysBy(submission -> {
            throw new IllegalStateException("quotes " + submission.text());
        });

        stage.deliver("r");

        assertThat(stage.story("r")).containsExactly("attempt_failed a ambiguous", "submitted b");
        assertThat(stage.sink.eventsOf("r").toString()).doesNotContain("000000");
        assertThat(stage.counter("petrel.alerts", "kind", "stray_exception")).isEqualTo(1);
    }

    @Test
    void anAdapterThatNeverAnswersGivesItsPermitBack() {
        DeliveryStage stage = DeliveryStage.ab();
        stage.provider("a").alwaysBy(submission -> Future.future(never -> {}));

        stage.deliver("r");
        stage.advance(Duration.ofMillis(4001));

        assertThat(stage.story("r")).containsExactly("attempt_failed a ambiguous", "submitted b");
    }

    @Test
    void aStallOfOurOwnIsNoVerdictOnTheProvider() {
        DeliveryStage stage = DeliveryStage.ab();
        stage.provider("a").always(Results.accepted("m"), Duration.ofMillis(50));
        for (int i = 0; i < 40; i++) {
            stage.deliver("r" + i);
        }

        stage.time.stall(Duration.ofSeconds(5));
        stage.advance(Duration.ofMillis(50));

        assertThat(stage.guarded.get("a").shut()).isNull();
        assertThat(stage.lastEvent("r0").attempt().duration()).isLessThan(Duration.ofMillis(100));
    }

    @Test
    void livingThroughARequestAndReadingItsEventsAgainGiveTheSame() {
        DeliveryStage stage = DeliveryStage.ab();
        stage.provider("a").then(Results.rejected(ReasonClass.NO_ROUTE));
        stage.provider("b").then(Results.ambiguous()).then(Results.refused());
        Standing live = new Standing(false);
        stage.deliver(stage.request("r", FIVE_MINUTES), live);
        stage.advance(Duration.ofMinutes(1));

        Standing replayed = new Standing(false);
        stage.sink.eventsOf("r").forEach(replayed::apply);

        assertThat(replayed).usingRecursiveComparison().isEqualTo(live);
        assertThat(replayed.ended()).isTrue();
        assertThat(replayed.lastReason()).extracting(Reason::reasonClass).isEqualTo(ReasonClass.UNAVAILABLE);
    }
}
