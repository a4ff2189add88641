package dev.petrel.delivery;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.journal.JournalEvent;
import dev.petrel.journal.Standing;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.ReceiptState;
import dev.petrel.message.SendRequest;
import dev.petrel.message.SubmitResult.Kind;
import dev.petrel.testing.DeliveryStage;
import dev.petrel.testing.Requests;
import dev.petrel.testing.Results;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who keeps the two objectives, on virtual time: 10 s until taken, 30 s until in hand, a life of 5 min. */
class ObjectivesTest {
    private DeliveryStage stage = DeliveryStage.ab();
    private OpenRequest open;

    @Test
    void takenInTimeByAProviderWithoutReceiptsKeepsBoth() {
        deliver();
        after(1);

        assertCounted("answered good", "prompt good");
    }

    @Test
    void keepsNoneThatAreDecidedUntilItsNextLook() {
        for (int i = 0; i < 100; i++) {
            stage.deliver(stage.request("r" + i, Duration.ofMinutes(5)), new Standing(false));
            assertThat(stage.delivery.objectives.waiting()).isEqualTo(1);
        }
        both();
        for (int i = 0; i < 100; i++) {
            deliver();
            receipt(ReceiptState.DELIVERED, null);
            assertThat(stage.delivery.objectives.waiting()).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void takenAfterTenSecondsIsLateAndAnsweredAllTheSame() {
        stage.provider("a").always(Results.refused());
        stage.provider("b").always(Results.refused());
        deliver();
        after(9);
        assertCounted();
        after(3);
        assertCounted("prompt bad");

        stage.provider("a").always(Results.accepted("m"));
        stage.provider("b").always(Results.accepted("m"));
        after(30);
        assertCounted("answered good", "prompt bad");
    }

    @Test
    void aFinalWithAdviceBeforeTheExpiryIsAnAnswer() {
        stage.provider("a").always(Results.rejected(ReasonClass.FRAUD_BLOCKED));
        deliver();
        after(1);

        assertCounted("answered good", "prompt bad");
    }

    @Test
    void whatHasExpiredBeforeItCameIsNoAnswer() {
        open = stage.deliver(stage.request("r", Duration.ofSeconds(-1)), new Standing(false));
        after(1);

        assertCounted("answered bad", "prompt bad");
    }

    @ParameterizedTest
    @EnumSource(
            value = ReasonClass.class,
            names = {"RECIPIENT_INVALID", "RECIPIENT_UNREACHABLE", "OPTED_OUT", "CONTENT"})
    void theUsersOwnFaultsAreLeftOut(ReasonClass fault) {
        stage.provider("a").always(Results.rejected(fault));
        stage.provider("b").always(Results.rejected(fault));
        deliver();
        after(60);

        assertCounted();
    }

    @Test
    void aForbiddenCountryIsLeftOut() {
        stage = DeliveryStage.with().denied("US").build();
        deliver();
        after(60);

        assertCounted();
    }

    @Test
    void inHandWithinThirtySecondsIsPrompt() {
        both();
        deliver();
        after(1);
        assertCounted("answered good");
        after(18);
        receipt(ReceiptState.DELIVERED, null);

        assertCounted("answered good", "prompt good");
    }

    @Test
    void noReceiptWithinThirtySecondsIsNot() {
        both();
        deliver();
        after(29);
        assertCounted("answered good");
        after(3);
        assertCounted("answered good", "prompt bad");

        receipt(ReceiptState.DELIVERED, null);
        after(60);
        assertCounted("answered good", "prompt bad");
    }

    @Test
    void onItsWayIsInHandWhereCarriersReportNoHandsets() {
        both();
        deliver();
        after(2);
        receipt(ReceiptState.ENROUTE, null);
        after(30);

        assertCounted("answered good", "prompt good");
    }

    @Test
    void aReceiptThatBlamesTheUserLeavesItOutOfPrompt() {
        both();
        deliver();
        after(2);
        receipt(ReceiptState.UNDELIVERABLE, ReasonClass.RECIPIENT_INVALID);
        after(60);

        assertCounted("answered good");
    }

    @Test
    void whileWeAreDeafNobodyIsBlamed() {
        both();
        stage.reachable = false;
        for (int i = 0; i < 20; i++) {
            stage.deliver("r" + i);
        }
        after(60);

        assertThat(stage.registry.get("petrel.receipts.silent").gauge().value()).isEqualTo(1);
        assertThat(count("answered", "good")).isEqualTo(20);
        assertThat(count("prompt", "good") + count("prompt", "bad")).isZero();
    }

    @Test
    void whatWasSupersededInTimeIsLeftOutOfPrompt() {
        stage.provider("a").always(Results.refused());
        stage.provider("b").always(Results.refused());
        deliver();
        after(3);
        open.supersede();
        after(60);

        assertCounted("answered good");
    }

    @Test
    void theNextOwnerCountsWhatTheLastCouldNot() {
        both();
        Standing standing = new Standing(false);
        standing.apply(event(new JournalEvent.Attempt("a1", 1, 1, "a", Kind.ACCEPTED), null));
        after(8);
        open = stage.deliver(requestOf(8), standing);
        after(40);

        assertCounted("prompt bad");
    }

    @Test
    void theNextOwnerCountsNothingTwice() {
        both();
        Standing standing = new Standing(false);
        standing.apply(event(new JournalEvent.Attempt("a1", 1, 1, "a", Kind.ACCEPTED), null));
        after(31);
        open = stage.deliver(requestOf(31), standing);
        after(100);

        assertCounted();
    }

    @Test
    void whoIsLeftToTheNextOwnerIsHisToCount() {
        both();
        deliver();
        after(1);
        stage.term.lose();
        open.leave();
        after(60);

        assertCounted("answered good");
    }

    @Test
    void aCountryBeginsWithZero() {
        deliver();

        assertThat(stage.registry.find("petrel.slo.requests").counters()).hasSize(4);
    }

    private void both() {
        stage = DeliveryStage.with().reporting("a", "b").build();
    }

    private void deliver() {
        open = stage.deliver(stage.request("r", Duration.ofMinutes(5)), new Standing(false));
    }

    /** One that came so many seconds ago. */
    private SendRequest requestOf(int secondsAgo) {
        return Requests.request("r", stage.time.now().minusSeconds(secondsAgo), Duration.ofMinutes(5));
    }

    private void after(int seconds) {
        stage.advance(Duration.ofSeconds(seconds));
    }

    private void receipt(ReceiptState state, ReasonClass why) {
        String attempt = stage.provider("a").seen().get(0).submission().attemptId();
        open.apply(event(new JournalEvent.Receipt(attempt, 1, 1, "a", state), why));
    }

    private JournalEvent event(JournalEvent.Word word, ReasonClass why) {
        return new JournalEvent(
                "r".getBytes(US_ASCII), 0, stage.time.now().toEpochMilli(), false, word, why, null, null);
    }

    private void assertCounted(String... expected) {
        List<String> counted = stage.registry.find("petrel.slo.requests").counters().stream()
                .filter(counter -> counter.count() > 0)
                .peek(counter -> assertThat(counter.count()).isEqualTo(1))
                .map(counter -> counter.getId().getTag("objective") + " "
                        + counter.getId().getTag("result"))
                .toList();
        assertThat(counted).containsExactlyInAnyOrder(expected);
    }

    private double count(String objective, String result) {
        return stage.counter("petrel.slo.requests", "objective", objective, "result", result);
    }
}
