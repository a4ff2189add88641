package dev.petrel.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.message.ReasonClass;
import dev.petrel.message.Status;
import dev.petrel.message.StatusEvent;
import dev.petrel.testing.DeliveryStage;
import dev.petrel.testing.Results;
import io.vertx.core.Future;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Without the lease nothing is decided: not an attempt, not a final. What had begun is told. */
class LeaseTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final DeliveryStage stage = DeliveryStage.ab();

    @Test
    void noAttemptStartsWithoutItAndItGoesOnWhenTheLeaseIsBack() {
        stage.lease = false;
        Future<Outcome> outcome = stage.deliver("r");
        stage.advance(MINUTE);
        assertThat(stage.provider("a").seen()).isEmpty();
        assertThat(stage.story("r")).isEmpty();
        assertThat(stage.inFlight.count()).isZero();

        stage.lease = true;
        stage.advance(SECOND);

        assertThat(stage.story("r")).containsExactly("submitted a");
        assertThat(outcome.result()).isEqualTo(Outcome.SETTLED);
    }

    @Test
    void noFinalIsWrittenWithoutItNorAfterThePartitionIsLost() {
        stage.provider("a").always(Results.refused());
        stage.provider("b").always(Results.refused());
        Future<Outcome> outcome = stage.deliver(stage.request("r", Duration.ofSeconds(20)));
        stage.lease = false;
        stage.advance(MINUTE);
        assertThat(stage.story("r")).containsExactly("attempt_failed a unavailable", "attempt_failed b unavailable");

        stage.term.lose();
        stage.advance(MINUTE);

        assertThat(stage.story("r")).hasSize(2);
        assertThat(outcome.result()).isEqualTo(Outcome.LEFT);
        assertThat(stage.held.count()).isZero();
    }

    @Test
    void anOverdueFinalIsWrittenOnceTheLeaseIsBack() {
        stage.provider("a").always(Results.refused());
        stage.provider("b").always(Results.refused());
        stage.deliver(stage.request("r", Duration.ofSeconds(20)));
        stage.lease = false;
        stage.advance(MINUTE);

        stage.lease = true;
        stage.advance(SECOND);

        assertThat(stage.lastEvent("r").status()).isEqualTo(Status.EXPIRED);
    }

    @Test
    void aRefusalWaitsForItToo() {
        stage.lease = false;
        stage.deliver(stage.request("r", Duration.ofMillis(-1)));
        stage.advance(SECOND);
        assertThat(stage.story("r")).isEmpty();

        stage.lease = true;
        stage.advance(SECOND);

        assertThat(stage.story("r")).containsExactly("expired expired");
    }

    @Test
    void whatAProviderTookMeanwhileIsToldButNotAsTheFinal() {
        stage.provider("a").then(Results.accepted("m-1"), SECOND);
        Future<Outcome> outcome = stage.deliver("r");
        stage.lease = false;
        stage.advance(MINUTE);

        StatusEvent told = stage.lastEvent("r");
        assertThat(told.status()).isEqualTo(Status.SUBMITTED);
        assertThat(told.last()).isFalse();
        assertThat(told.advice()).isNull();
        assertThat(told.attempt().providerMessageId()).isEqualTo("m-1");
        assertThat(outcome.isComplete()).isFalse();

        stage.lease = true;
        stage.advance(SECOND);

        assertThat(stage.story("r")).containsExactly("submitted a", "unconfirmed");
        assertThat(stage.lastEvent("r").last()).isTrue();
        assertThat(stage.lastEvent("r").possiblySent()).isTrue();
        assertThat(stage.lastEvent("r").advice().next()).hasToString("WAIT");
        assertThat(outcome.result()).isEqualTo(Outcome.SETTLED);
        assertThat(stage.provider("b").seen()).isEmpty();
    }

    @Test
    void noFinalIsWrittenOnceTheDrainIsOver() {
        stage.provider("a").always(Results.rejected(ReasonClass.NO_ROUTE));
        stage.provider("b").always(Results.throttled(Duration.ofMillis(1)));
        Future<Outcome> outcome = stage.deliver(stage.request("r", Duration.ofSeconds(20)));
        assertThat(stage.term.drain().isComplete()).isTrue();
        stage.advance(MINUTE);

        assertThat(stage.story("r")).containsExactly("attempt_failed a no_route", "attempt_failed b throttled");
        assertThat(outcome.result()).isEqualTo(Outcome.LEFT);
    }

    @Test
    void afterTheLossOfThePartitionToo() {
        stage.provider("a").then(Results.accepted("m-1"), SECOND);
        Future<Outcome> outcome = stage.deliver("r");
        stage.term.lose();
        stage.advance(MINUTE);

        assertThat(stage.sink.eventsOf("r")).singleElement().matches(told -> !told.last());
        assertThat(outcome.result()).isEqualTo(Outcome.LEFT);
    }

    @Test
    void aFailureThatIsToldWithoutItIsNotFollowedByTheNextHop() {
        stage.provider("a").then(Results.rejected(ReasonClass.NO_ROUTE), SECOND);
        stage.deliver("r");
        stage.lease = false;
        stage.advance(MINUTE);
        assertThat(stage.story("r")).containsExactly("attempt_failed a no_route");
        assertThat(stage.provider("b").seen()).isEmpty();

        stage.lease = true;
        stage.advance(SECOND);

        assertThat(stage.story("r")).containsExactly("attempt_failed a no_route", "submitted b");
    }

    @Test
    void permitsAndRoomComeBackWhileItIsAway() {
        DeliveryStage narrow =
                DeliveryStage.with().maxInFlight(1).inFlightMax(1).build();
        narrow.lease = false;
        for (int i = 0; i < 20; i++) {
            narrow.deliver("r" + i);
        }
        narrow.advance(MINUTE);

        narrow.lease = true;
        narrow.advance(SECOND);

        for (int i = 0; i < 20; i++) {
            assertThat(narrow.story("r" + i)).containsExactly("submitted a");
        }
    }
}
