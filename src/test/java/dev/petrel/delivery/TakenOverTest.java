package dev.petrel.delivery;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.journal.JournalEvent;
import dev.petrel.journal.Standing;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.SendRequest;
import dev.petrel.message.SubmitResult.Kind;
import dev.petrel.testing.DeliveryStage;
import dev.petrel.testing.Results;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What others have told of a request: before we took it over, and while it is ours. */
class TakenOverTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final DeliveryStage stage = DeliveryStage.ab();

    @Test
    void whatSomebodyTookEndsUnconfirmedAndIsNotSentAgain() {
        OpenRequest open = deliver(attempt("a", Kind.ACCEPTED, null));

        assertThat(stage.story("r")).containsExactly("unconfirmed");
        assertThat(stage.lastEvent("r").possiblySent()).isTrue();
        assertThat(open.outcome().result()).isEqualTo(Outcome.SETTLED);
        assertThat(stage.provider("a").seen()).isEmpty();
        assertThat(stage.provider("b").seen()).isEmpty();
    }

    @Test
    void aFraudBlockStaysOneThoughTheLifeIsOver() {
        Standing standing = standing(attempt("a", Kind.REJECTED, ReasonClass.FRAUD_BLOCKED));
        stage.deliver(stage.request("r", Duration.ofMillis(-1)), standing);

        assertThat(stage.story("r")).containsExactly("failed fraud_blocked");
    }

    @Test
    void aFraudBlockStaysOneThoughNoRouteIsLeft() {
        DeliveryStage without = DeliveryStage.with().providers("c").build();
        without.deliver(
                without.request("r", Duration.ofMinutes(5)),
                standing(attempt("a", Kind.REJECTED, ReasonClass.FRAUD_BLOCKED)));

        assertThat(without.story("r")).containsExactly("failed fraud_blocked");
    }

    @Test
    void aServerErrorOfAnEarlierOwnerMayHaveBeenSent() {
        stage.provider("b").then(Results.rejected(ReasonClass.OPTED_OUT));
        deliver(attempt("a", Kind.UNAVAILABLE, ReasonClass.SERVER_ERROR));

        assertThat(stage.story("r")).containsExactly("attempt_failed b opted_out", "failed opted_out");
        assertThat(stage.lastEvent("r").possiblySent()).isTrue();
    }

    @Test
    void aForeignFinalCancelsWhatWaits() {
        stage.provider("a").always(Results.refused());
        stage.provider("b").always(Results.refused());
        OpenRequest open = deliver();
        open.apply(event(true, null, null));
        stage.advance(Duration.ofMinutes(10));

        assertThat(stage.story("r")).containsExactly("attempt_failed a unavailable", "attempt_failed b unavailable");
        assertThat(open.outcome().result()).isEqualTo(Outcome.SETTLED);
        assertThat(stage.held.count()).isZero();
    }

    @Test
    void aForeignSubmittedCancelsWhatWaitsAndIsGivenItsFinal() {
        stage.provider("a").always(Results.refused());
        stage.provider("b").always(Results.refused());
        OpenRequest open = deliver();
        open.apply(attempt("a", Kind.ACCEPTED, null));
        stage.advance(Duration.ofMinutes(10));

        assertThat(stage.story("r"))
                .containsExactly("attempt_failed a unavailable", "attempt_failed b unavailable", "unconfirmed");
        assertThat(open.outcome().result()).isEqualTo(Outcome.SETTLED);
    }

    @Test
    void aForeignBlockStopsItToo() {
        stage.provider("a").always(Results.refused());
        stage.provider("b").always(Results.refused());
        OpenRequest open = deliver();
        open.apply(attempt("b", Kind.REJECTED, ReasonClass.FRAUD_BLOCKED));
        stage.advance(Duration.ofMinutes(10));

        assertThat(stage.story("r")).last().isEqualTo("failed fraud_blocked");
        assertThat(stage.story("r")).hasSize(3);
    }

    @Test
    void whatQueuesForAProviderIsCancelledAndItsPermitsComeBack() {
        DeliveryStage narrow =
                DeliveryStage.with().providers("a").maxInFlight(1).build();
        narrow.provider("a").always(Results.accepted("m"), Duration.ofMillis(500));
        narrow.deliver("first");
        OpenRequest open = narrow.deliver(narrow.request("r", Duration.ofMinutes(5)), new Standing(false));
        open.apply(event(true, null, null));
        narrow.deliver("last");
        narrow.advance(SECOND);

        assertThat(narrow.story("r")).isEmpty();
        assertThat(open.outcome().result()).isEqualTo(Outcome.SETTLED);
        assertThat(narrow.story("last")).containsExactly("submitted a");
        assertThat(narrow.inFlight.count()).isZero();
    }

    @Test
    void anAttemptInFlightIsToldAfterAForeignFinalAndIsNoSecondFinal() {
        stage.provider("a").then(Results.accepted("m"), SECOND);
        OpenRequest open = deliver();
        open.apply(event(true, null, null));
        stage.advance(SECOND);

        assertThat(stage.story("r")).containsExactly("submitted a");
        assertThat(stage.lastEvent("r").last()).isFalse();
        assertThat(open.outcome().result()).isEqualTo(Outcome.SETTLED);
    }

    @Test
    void anAttemptInFlightThatFailsAfterAForeignFinalIsNotFollowedByAnother() {
        stage.provider("a").then(Results.refused(), SECOND);
        OpenRequest open = deliver();
        open.apply(event(true, null, null));
        stage.advance(Duration.ofMinutes(10));

        assertThat(stage.story("r")).containsExactly("attempt_failed a unavailable");
        assertThat(open.outcome().result()).isEqualTo(Outcome.SETTLED);
    }

    /** A rolling update moves backlogs: what lay there is not more than the tenant may send. */
    @Test
    void whatLayOnThePartitionDoesNotCountAgainstItsTenant() {
        DeliveryStage paced = DeliveryStage.with().tenantPerSecond(1).build();
        Term taken = new Term(0, 2, () -> true);
        taken.activate(Long.MAX_VALUE);
        for (int i = 0; i < 50; i++) {
            SendRequest backlog = paced.request("old-" + i, Duration.ofMinutes(5));
            paced.delivery.deliver(backlog, new Standing(true), taken, Siblings.NONE);
            assertThat(paced.story("old-" + i)).containsExactly("submitted a");
        }

        paced.deliver("new");
        assertThat(paced.story("new")).as("is counted, and is the first").containsExactly("submitted a");
        for (int i = 0; i < 50; i++) {
            paced.deliver("more-" + i);
        }
        assertThat(paced.story("more-49")).containsExactly("rejected limit");
    }

    private OpenRequest deliver(JournalEvent... told) {
        return stage.deliver(stage.request("r", Duration.ofMinutes(5)), standing(told));
    }

    private static Standing standing(JournalEvent... told) {
        Standing standing = new Standing(false);
        for (JournalEvent event : told) {
            standing.apply(event);
        }
        return standing;
    }

    private static JournalEvent attempt(String provider, Kind result, ReasonClass reason) {
        return event(false, new JournalEvent.Attempt("a1", 1, 1, provider, result), reason);
    }

    private static JournalEvent event(boolean last, JournalEvent.Attempt attempt, ReasonClass reason) {
        return new JournalEvent("r".getBytes(US_ASCII), 0, 0, last, attempt, reason, null, null);
    }
}
