package dev.petrel.delivery;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.delivery.DeliveryConfig.OnAmbiguous;
import dev.petrel.journal.JournalEvent;
import dev.petrel.journal.Standing;
import dev.petrel.message.Advice;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.ReceiptState;
import dev.petrel.message.SendRequest;
import dev.petrel.message.StatusEvent;
import dev.petrel.message.SubmitResult.Kind;
import dev.petrel.testing.DeliveryStage;
import dev.petrel.testing.ManualTime;
import dev.petrel.testing.Results;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What follows when a provider took it, on virtual time: failover-after is 20 s, the window 10 min, a life 5 min. */
class ReceiptTimelinesTest {
    private DeliveryStage stage = both().build();
    private OpenRequest open;
    private SendRequest request;

    /** Two providers that give receipts. */
    private static DeliveryStage.Builder both() {
        return DeliveryStage.with().reporting("a", "b");
    }

    @Test
    void aReceiptEndsIt() {
        deliver();
        after(3).receipt("a", 0, ReceiptState.ENROUTE);
        after(1).receipt("a", 0, ReceiptState.DELIVERED);
        after(60);

        assertTold("0 submitted a", "4 delivered a");
        assertThat(stage.lastEvent("r").last()).isTrue();
        assertThat(stage.lastEvent("r").late()).isFalse();
        assertThat(stage.lastEvent("r").advice()).isNull();
        assertThat(open.outcome().result()).isEqualTo(Outcome.SETTLED);
        assertThat(stage.provider("a").seen().get(0).submission().callbackUrl()).isNotNull();
    }

    @Test
    void theFirstTakesAllAndDeliversNothingTheSecondGivesNoReceipts() {
        stage = DeliveryStage.with().reporting("a").build();
        deliver();
        after(19);
        assertTold("0 submitted a");
        after(1);

        assertTold("0 submitted a", "20 undelivered a ambiguous", "20 submitted b");
        assertThat(stage.lastEvent("r").last()).isTrue();
        assertThat(stage.provider("b").seen().get(0).submission().callbackUrl()).isNull();
    }

    @Test
    void aBadReceiptIsFollowedAtOnce() {
        deliver();
        after(2).receipt("a", 0, ReceiptState.UNDELIVERABLE, ReasonClass.UNAVAILABLE);

        assertTold("0 submitted a", "2 undelivered a unavailable", "2 submitted b");
    }

    @Test
    void aBadReceiptThatSaysThatNobodyCanEndsIt() {
        deliver();
        after(2).receipt("a", 0, ReceiptState.UNDELIVERABLE, ReasonClass.RECIPIENT_INVALID);

        assertTold("0 submitted a", "2 failed recipient_invalid");
    }

    @Test
    void aFraudBlockByReceiptIsNotPassedOn() {
        deliver();
        after(2).receipt("a", 0, ReceiptState.REJECTED, ReasonClass.FRAUD_BLOCKED);

        assertTold("0 submitted a", "2 failed fraud_blocked");
        assertThat(stage.provider("b").seen()).isEmpty();
    }

    @Test
    void aProviderThatCannotReachItIsOutForIt() {
        deliver();
        after(1).receipt("a", 0, ReceiptState.UNDELIVERABLE, ReasonClass.NO_ROUTE);
        after(1).receipt("b", 0, ReceiptState.UNDELIVERABLE, ReasonClass.NO_ROUTE);

        assertTold("0 submitted a", "1 undelivered a no_route", "1 submitted b", "2 failed no_route");
    }

    @Test
    void aLateDeliveredForTheFirstCopyEndsItWhileTheSecondIsOpen() {
        deliver();
        after(25).receipt("a", 0, ReceiptState.DELIVERED);
        after(60);

        assertTold("0 submitted a", "20 undelivered a ambiguous", "20 submitted b", "25 delivered a");
    }

    @Test
    void aYoungerCopyWithinItsTimeIsWaitedFor() {
        deliver();
        after(25).receipt("a", 0, ReceiptState.UNDELIVERABLE, ReasonClass.UNAVAILABLE);
        after(14);
        assertTold("0 submitted a", "20 undelivered a ambiguous", "20 submitted b");
        after(1);
        assertThat(told()).contains("40 undelivered b ambiguous");
    }

    @Test
    void aBadReceiptDuringAnAttemptIsAppliedBeforeTheNextStep() {
        stage.provider("b").then(Results.ambiguous(), Duration.ofSeconds(3));
        deliver();
        after(21).receipt("a", 0, ReceiptState.UNDELIVERABLE, ReasonClass.RECIPIENT_INVALID);
        assertTold("0 submitted a", "20 undelivered a ambiguous");
        after(2);
        // that of b is open for as long as it may yet be heard of
        assertTold("0 submitted a", "20 undelivered a ambiguous", "23 attempt_failed b ambiguous");
        after(20);
        assertThat(told()).endsWith("43 failed recipient_invalid");
    }

    @Test
    void deliveredDuringAnAttemptEndsItAtOnceAndTheAttemptIsTold() {
        stage.provider("b").then(Results.accepted("m"), Duration.ofSeconds(2));
        deliver();
        after(21).receipt("a", 0, ReceiptState.DELIVERED);
        assertTold("0 submitted a", "20 undelivered a ambiguous", "21 delivered a");
        after(60);

        assertTold("0 submitted a", "20 undelivered a ambiguous", "21 delivered a", "22 submitted b");
        assertThat(stage.lastEvent("r").last()).isFalse();
    }

    @Test
    void whatIsTakenAfterTheEndSaysNothingOfItsProvider() {
        stage.provider("b").always(Results.accepted("m"), Duration.ofSeconds(2));
        for (int i = 0; i < 12; i++) {
            deliver();
            after(21);
            String first = stage.provider("a").seen().get(i).submission().attemptId();
            apply(new JournalEvent.Receipt(first, 1, 1, "a", ReceiptState.DELIVERED), null);
            after(10);
        }
        after(30);

        assertThat(stage.provider("b").seen()).hasSizeGreaterThan(8);
        assertThat(stage.health.isOut("b", "US", true)).isFalse();
    }

    @Test
    void aReceiptBeforeTheAnswerCounts() {
        stage.provider("a").then(Results.accepted("m"), Duration.ofSeconds(2));
        deliver();
        after(1).receipt("a", 0, ReceiptState.DELIVERED);
        assertTold("1 delivered a");
        after(60);

        assertTold("1 delivered a", "2 submitted a");
        assertThat(stage.provider("b").seen()).isEmpty();
    }

    @Test
    void aReceiptTurnsPerhapsIntoTaken() {
        stage.provider("a").then(Results.ambiguous());
        stage.provider("b").then(Results.throttled(null));
        deliver();
        assertTold("0 attempt_failed a ambiguous", "0 attempt_failed b throttled");
        receipt("a", 0, ReceiptState.ENROUTE);
        after(60).receipt("a", 0, ReceiptState.DELIVERED);

        assertTold("0 attempt_failed a ambiguous", "0 attempt_failed b throttled", "60 delivered a");
    }

    @Test
    void aReceiptBetweenRoundsDoesNotShortenAWaitThatComesLater() {
        stage.provider("a").then(Results.ambiguous());
        stage.provider("b").then(Results.refused());
        deliver();
        receipt("a", 0, ReceiptState.ACCEPTED);
        after(20);
        assertTold("0 attempt_failed a ambiguous", "0 attempt_failed b unavailable", "20 undelivered a ambiguous");
        after(1);

        assertThat(told()).hasSize(4).last().asString().endsWith("submitted a");
    }

    @Test
    void sentStopsTheClockWhereHandsetsAreNotReported() {
        deliver();
        after(2).receipt("a", 0, ReceiptState.ENROUTE);
        after(597);
        assertTold("0 submitted a");
        assertThat(stage.held.count()).isZero();
        after(1);

        assertTold("0 submitted a", "600 unconfirmed");
        assertThat(stage.lastEvent("r").advice()).isEqualTo(Advice.toWait());
    }

    @Test
    void receiptsCountByRankNotByArrival() {
        deliver();
        after(1).receipt("a", 0, ReceiptState.UNDELIVERABLE, ReasonClass.UNAVAILABLE);
        after(1).receipt("a", 0, ReceiptState.ENROUTE);
        receipt("a", 0, ReceiptState.ENROUTE);
        assertTold("0 submitted a", "1 undelivered a unavailable", "1 submitted b");
        after(3).receipt("a", 0, ReceiptState.DELIVERED);

        assertThat(told()).endsWith("5 delivered a");
    }

    @Test
    void afterItsFinalNothingChanges() {
        deliver();
        receipt("a", 0, ReceiptState.DELIVERED);
        receipt("a", 0, ReceiptState.UNDELIVERABLE, ReasonClass.UNAVAILABLE);
        receipt("a", 0, ReceiptState.DELIVERED);
        after(700);

        assertTold("0 submitted a", "0 delivered a");
    }

    @Test
    void expiryForbidsNewAttemptsAndNothingElse() {
        deliver(Duration.ofSeconds(22));
        assertThat(stage.lastEvent("r").advice()).isEqualTo(Advice.toWait());
        after(30).receipt("a", 0, ReceiptState.DELIVERED);

        assertTold("0 submitted a", "30 delivered a");
        assertThat(stage.lastEvent("r").late()).isTrue();
    }

    @Test
    void aBadReceiptAfterTheExpiryEndsIt() {
        deliver(Duration.ofSeconds(22));
        after(30).receipt("a", 0, ReceiptState.EXPIRED, ReasonClass.UNAVAILABLE);

        assertTold("0 submitted a", "30 failed unavailable");
    }

    @Test
    void copiesAreLimitedAndTheLastIsWaitedFor() {
        stage = both().maxCopies(2).build();
        deliver();
        after(500);
        assertTold("0 submitted a", "20 undelivered a ambiguous", "20 submitted b");
        assertThat(stage.held.count()).isZero();
        after(120);

        assertThat(told()).endsWith("620 unconfirmed");
    }

    @Test
    void whoWantsNoSecondCopyGetsNoneBySilence() {
        stage = both().onAmbiguous(OnAmbiguous.STOP).build();
        deliver();
        after(100);
        assertTold("0 submitted a");
        assertThat(stage.provider("b").seen()).isEmpty();
    }

    @Test
    void whoWantsNoSecondCopyGetsOneAfterABadReceipt() {
        stage = both().onAmbiguous(OnAmbiguous.STOP).build();
        deliver();
        after(1).receipt("a", 0, ReceiptState.UNDELIVERABLE, ReasonClass.UNAVAILABLE);

        assertTold("0 submitted a", "1 undelivered a unavailable", "1 submitted b");
    }

    @Test
    void theAdviceComesBeforeMereWaiting() {
        stage.provider("a").then(Results.ambiguous());
        stage.provider("b").then(Results.rejected(ReasonClass.RECIPIENT_INVALID));
        deliver();

        assertTold("0 attempt_failed a ambiguous", "0 attempt_failed b recipient_invalid");
        assertThat(stage.sink.eventsOf("r").get(0).advice()).isNull();
        assertThat(stage.lastEvent("r").advice()).isEqualTo(Advice.when(ReasonClass.RECIPIENT_INVALID));
        after(20);
        assertThat(told()).endsWith("20 failed recipient_invalid");
    }

    @Test
    void perhapsSentIsWaitedForBeforeItExpires() {
        stage.provider("a").always(Results.ambiguous());
        stage.provider("b").always(Results.refused());
        deliver(Duration.ofSeconds(6));
        after(19);
        assertThat(told()).doesNotContain("19 expired expired");
        after(15);
        assertThat(told().get(told().size() - 1)).endsWith("expired expired");
    }

    @Test
    void theUserHasTypedIt() {
        deliver();
        after(10).apply(new JournalEvent.Verified(), null);

        assertTold("0 submitted a", "10 delivered verified");
    }

    @Test
    void aReceiptForAnAttemptThatWasNeverToldIsOne() {
        Standing standing = new Standing(true);
        standing.apply(event(new JournalEvent.Receipt("lost", 1, 1, "a", ReceiptState.ENROUTE), null));
        open = stage.deliver(request(Duration.ofMinutes(5)), standing);
        after(30);

        assertThat(stage.provider("a").seen()).isEmpty();
        after(1).apply(new JournalEvent.Receipt("lost", 1, 1, "a", ReceiptState.DELIVERED), null);
        assertThat(stage.lastEvent("r").status().wire()).isEqualTo("delivered");
    }

    @Test
    void aDeliveredThatWasReadBackIsTheFinal() {
        Standing standing = taken("a");
        standing.apply(event(new JournalEvent.Receipt("a1", 1, 1, "a", ReceiptState.DELIVERED), null));
        open = stage.deliver(request(Duration.ofMinutes(5)), standing);

        assertTold("0 delivered a");
    }

    @Test
    void afterADowntimeTheClockStartsAnew() {
        Standing standing = taken("a");
        after(280);
        open = stage.delivery.deliver(request, standing, stage.term, stage.siblings);
        after(19);
        assertTold();
        after(1);
        // its life is over by then
        assertTold();
        after(300);
        assertTold("600 unconfirmed");
    }

    @Test
    void afterADowntimeItFailsOverWhileTheCodeIsWorthSomething() {
        request = request(Duration.ofMinutes(10));
        Standing standing = taken("a");
        after(300);
        open = stage.delivery.deliver(request, standing, stage.term, stage.siblings);
        after(19);
        assertTold();
        after(1);
        assertTold("320 undelivered a ambiguous", "320 submitted b");
    }

    @Test
    void whatWasGivenUpIsNotGivenUpAgain() {
        Standing standing = taken("a");
        standing.apply(event(new JournalEvent.Undelivered("a1"), null));
        open = stage.deliver(request(Duration.ofMinutes(5)), standing);

        assertTold("0 submitted b");
    }

    @Test
    void sentStopsTheClockForTheNextOwnerToo() {
        Standing standing = taken("a");
        standing.apply(event(new JournalEvent.Receipt("a1", 1, 1, "a", ReceiptState.ENROUTE), null));
        open = stage.delivery.deliver(request, standing, stage.term, stage.siblings);
        after(250);

        assertTold();
        assertThat(stage.provider("b").seen()).isEmpty();
    }

    @Test
    void aBadReceiptLongAfterSentIsFollowedWhileThereIsRoomForTheText() {
        deliver();
        after(1).receipt("a", 0, ReceiptState.ENROUTE);
        after(100).receipt("a", 0, ReceiptState.UNDELIVERABLE, ReasonClass.UNAVAILABLE);

        assertTold("0 submitted a", "101 undelivered a unavailable", "101 submitted b");
    }

    @Test
    void theWindowClosesThoughTheCodeLivesOn() {
        deliver(Duration.ofMinutes(20));
        after(1).receipt("a", 0, ReceiptState.ENROUTE);
        after(600);

        assertTold("0 submitted a", "600 unconfirmed");
    }

    @Test
    void blocksByReceiptTakeNobodyOut() {
        for (int i = 0; i < 15; i++) {
            deliver();
            after(1).receipt("a", i, ReceiptState.REJECTED, ReasonClass.FRAUD_BLOCKED);
        }

        assertThat(stage.provider("b").seen()).isEmpty();
        assertThat(stage.health.isOut("a", "US", true)).isFalse();
    }

    @Test
    void aBlockStandsWhateverIsToldOfOthersAfterwards() {
        stage.provider("b").then(Results.refused(), Duration.ofSeconds(3));
        deliver();
        after(21).receipt("a", 0, ReceiptState.REJECTED, ReasonClass.FRAUD_BLOCKED);
        after(40);

        assertThat(told()).endsWith("23 failed fraud_blocked");
        assertThat(stage.lastEvent("r").advice()).isEqualTo(Advice.when(ReasonClass.FRAUD_BLOCKED));
    }

    @Test
    void aProviderThatIsGoneAndSaidNoIsFollowed() {
        Standing standing = taken("gone");
        standing.apply(event(
                new JournalEvent.Receipt("a1", 1, 1, "gone", ReceiptState.UNDELIVERABLE), ReasonClass.UNAVAILABLE));
        open = stage.delivery.deliver(request, standing, stage.term, stage.siblings);

        assertTold("0 undelivered gone unavailable", "0 submitted a");
    }

    @Test
    void oldReceiptsOfWhatWasTakenOverAfterItsExpirySayNothing() {
        List<OpenRequest> all = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            Standing standing = new Standing(true);
            standing.apply(event(new JournalEvent.Attempt("a" + i, 1, 1, "a", Kind.ACCEPTED), null));
            all.add(stage.deliver(stage.request("e" + i, Duration.ofMillis(-1)), standing));
        }
        after(1);
        for (int i = 0; i < 12; i++) {
            all.get(i)
                    .apply(event(
                            new JournalEvent.Receipt("a" + i, 1, 1, "a", ReceiptState.UNDELIVERABLE),
                            ReasonClass.UNAVAILABLE));
        }

        assertThat(stage.health.isOut("a", "US", true)).isFalse();
    }

    @Test
    void copiesThatAreTakenAndDoNotArriveAreLimitedToo() {
        deliver();
        for (int i = 0; i < 100; i++) {
            int inA = stage.provider("a").seen().size();
            int inB = stage.provider("b").seen().size();
            after(1);
            for (String provider : List.of("a", "b")) {
                for (int n = 0; n < stage.provider(provider).seen().size(); n++) {
                    receipt(provider, n, ReceiptState.UNDELIVERABLE, ReasonClass.UNAVAILABLE);
                }
            }
            assertThat(inA + inB).isLessThanOrEqualTo(8);
        }

        assertThat(stage.lastEvent("r").status().wire()).isEqualTo("failed");
    }

    @Test
    void deliveredIsTheFinalThoughAnotherTakesItWithoutReceipts() {
        stage = DeliveryStage.with().reporting("a").build();
        stage.provider("b").then(Results.accepted("m"), Duration.ofMillis(2000));
        deliver();
        after(21);
        stage.lease = false;
        receipt("a", 0, ReceiptState.DELIVERED);
        stage.advance(Duration.ofMillis(990));
        stage.lease = true;
        stage.advance(Duration.ofMillis(500));

        assertThat(stage.sink.eventsOf("r").stream()
                        .filter(StatusEvent::last)
                        .map(event -> event.status().wire()))
                .containsExactly("delivered");
    }

    @Test
    void withoutTheLeaseNothingIsDecided() {
        deliver();
        stage.lease = false;
        after(40);
        assertTold("0 submitted a");
        stage.lease = true;
        after(1);

        assertThat(told()).hasSize(3).contains("40 undelivered a ambiguous");
    }

    @Test
    void whatWaitsIsLeftWithItsPartition() {
        deliver();
        stage.term.lose();
        open.leave();

        assertThat(open.outcome().result()).isEqualTo(Outcome.LEFT);
        assertThat(stage.held.count()).isZero();
        after(700);
        assertTold("0 submitted a");
    }

    @Test
    void beyondTheLimitTheOldestThatRestEndUnconfirmed() {
        stage = both().maxOpen(1).heldMax(1).build();
        deliver();
        receipt("a", 0, ReceiptState.ENROUTE);
        OpenRequest second = stage.deliver(stage.request("s", Duration.ofMinutes(5)), new Standing(false));
        second.apply(event(new JournalEvent.Receipt(attemptId("a", 1), 1, 1, "a", ReceiptState.ENROUTE), null));
        after(20);

        assertTold("0 submitted a", "20 unconfirmed");
        assertThat(stage.story("s")).containsExactly("submitted a");
    }

    @Test
    void theOnlyProviderOfTheCountryIsNotThrottledForWhatItLoses() {
        stage = DeliveryStage.with().providers("a").reporting("a").build();
        loses("a");

        assertThat(takesAtOnce(40, "a", null)).isEqualTo(40);
    }

    @Test
    void theOnlyProviderOfARequestIsNotThrottledThoughOthersWork() {
        loses("a", "b");

        assertThat(takesAtOnce(40, "a", List.of("a"))).isEqualTo(40);
        assertThat(takesAtOnce(40, "a", null)).as("the trickle").isLessThanOrEqualTo(1);
    }

    @Test
    void whereAllOthersAreShutTheLeastBadIsNotThrottled() {
        loses("a", "b");
        stage.provider("b").then(Results.throttled(Duration.ofSeconds(30)));
        stage.deliver("r");

        assertThat(takesAtOnce(40, "a", List.of("a", "b"))).isEqualTo(40);
    }

    /** All of what it takes, until it is known; the others deliver. */
    private void loses(String provider, String... others) {
        for (int i = 0; i < 10; i++) {
            deliver();
            receipt(provider, i, ReceiptState.UNDELIVERABLE, ReasonClass.UNAVAILABLE);
            for (String other : others) {
                receipt(other, i, ReceiptState.DELIVERED);
            }
        }
        assertThat(stage.health.undelivered(provider, "US")).isEqualTo(100);
    }

    private int takesAtOnce(int count, String provider, List<String> providers) {
        stage.provider(provider).always(Results.accepted("m"), Duration.ofSeconds(1));
        int before = stage.provider(provider).seen().size();
        for (int i = 0; i < count; i++) {
            stage.deliver(stage.request(provider + before + i, Duration.ofMinutes(5), providers));
        }
        return stage.provider(provider).seen().size() - before;
    }

    @Test
    void beyondTheLimitABlockStaysABlock() {
        stage = both().maxOpen(1).build();
        stage.provider("a").always(Results.ambiguous());
        stage.provider("b").then(Results.rejected(ReasonClass.FRAUD_BLOCKED));
        stage.provider("b").then(Results.rejected(ReasonClass.RECIPIENT_INVALID));
        deliver();
        assertTold("0 attempt_failed a ambiguous", "0 attempt_failed b fraud_blocked");
        stage.deliver("s");

        assertThat(told()).endsWith("0 failed fraud_blocked");
    }

    @Test
    void aFaultOfAnAccountThatAReceiptTellsIsAnAlert() {
        deliver();
        after(2).receipt("a", 0, ReceiptState.UNDELIVERABLE, ReasonClass.PROVIDER_FAULT);

        assertThat(stage.counter("petrel.alerts", "kind", "provider_fault")).isEqualTo(1);
        assertThat(stage.counter("petrel.receipt.failures", "class", "provider_fault"))
                .isEqualTo(1);
    }

    @Test
    void oneAMinuteAtNight() {
        for (int minute = 0; minute < 10; minute++) {
            stage.deliver("n" + minute);
            after(60);
        }

        for (int minute = 0; minute < 10; minute++) {
            assertThat(stage.story("n" + minute)).as("minute %s", minute).contains("submitted b");
        }
    }

    // ---- the words of the timelines

    private void deliver() {
        deliver(Duration.ofMinutes(5));
    }

    private void deliver(Duration life) {
        open = stage.deliver(request(life), new Standing(false));
    }

    private SendRequest request(Duration life) {
        request = stage.request("r", life);
        return request;
    }

    /** Where it stands after {@code a} took it, now. */
    private Standing taken(String provider) {
        if (request == null) {
            request(Duration.ofMinutes(5));
        }
        Standing standing = new Standing(true);
        standing.apply(event(new JournalEvent.Attempt("a1", 1, 1, provider, Kind.ACCEPTED), null));
        return standing;
    }

    private ReceiptTimelinesTest after(int seconds) {
        stage.advance(Duration.ofSeconds(seconds));
        return this;
    }

    private void receipt(String provider, int submission, ReceiptState state) {
        receipt(provider, submission, state, null);
    }

    private void receipt(String provider, int submission, ReceiptState state, ReasonClass why) {
        apply(new JournalEvent.Receipt(attemptId(provider, submission), submission + 1, 1, provider, state), why);
    }

    private void apply(JournalEvent.Word word, ReasonClass why) {
        open.apply(event(word, why));
    }

    private String attemptId(String provider, int submission) {
        return stage.provider(provider).seen().get(submission).submission().attemptId();
    }

    private JournalEvent event(JournalEvent.Word word, ReasonClass why) {
        long at = stage.time.now().toEpochMilli();
        return new JournalEvent("r".getBytes(US_ASCII), 0, at, false, word, why, null, null);
    }

    private void assertTold(String... timeline) {
        assertThat(told()).containsExactly(timeline);
    }

    /** Each event as {@code seconds status provider class}. */
    private List<String> told() {
        Instant start = ManualTime.START;
        List<String> told = new ArrayList<>();
        for (StatusEvent event : stage.sink.eventsOf("r")) {
            String words = Duration.between(start, event.at()).toSeconds() + " "
                    + event.status().wire();
            if (event.attempt() != null) {
                words += " " + event.attempt().provider();
            }
            if (event.about() != null) {
                words += " " + event.about().provider();
            }
            if (event.reason() != null) {
                words += " " + event.reason().reasonClass().wire();
            }
            told.add(words);
        }
        return told;
    }
}
