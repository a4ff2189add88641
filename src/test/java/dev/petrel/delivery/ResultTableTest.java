package dev.petrel.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.message.Advice;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.StatusEvent;
import dev.petrel.message.SubmitResult;
import dev.petrel.testing.DeliveryStage;
import dev.petrel.testing.Requests;
import dev.petrel.testing.Results;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of results, row by row: what is told, and what follows. */
class ResultTableTest {
    private final DeliveryStage stage = DeliveryStage.ab();

    @Test
    void acceptedIsSubmittedAndFinal() {
        stage.deliver("r");

        assertThat(stage.story("r")).containsExactly("submitted a");
        StatusEvent event = stage.lastEvent("r");
        assertThat(event.last()).isTrue();
        assertThat(event.possiblySent()).isTrue();
        assertThat(event.advice()).isEqualTo(new Advice(Advice.Next.WAIT, null, false));
        assertThat(event.attempt().providerMessageId()).isEqualTo("message-of-a");
        assertThat(stage.provider("b").seen()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"RECIPIENT_INVALID", "OPTED_OUT", "CONTENT", "FRAUD_BLOCKED", "GEO_BLOCKED"})
    void theseStopARequest(ReasonClass reasonClass) {
        stage.provider("a").then(Results.rejected(reasonClass));

        stage.deliver("r");

        assertThat(stage.story("r"))
                .containsExactly("attempt_failed a " + reasonClass.wire(), "failed " + reasonClass.wire());
        assertThat(stage.provider("b").seen()).isEmpty();
        assertThat(stage.lastEvent("r").advice()).isEqualTo(Advice.when(reasonClass));
        assertThat(stage.lastEvent("r").possiblySent()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"RECIPIENT_UNREACHABLE", "NO_ROUTE", "FILTERED", "BAD_REQUEST"})
    void thesePutTheProviderOutForTheRequest(ReasonClass reasonClass) {
        stage.provider("a").always(Results.rejected(reasonClass));
        stage.provider("b").then(Results.refused()).then(Results.refused());

        stage.deliver("r");
        stage.advance(Duration.ofMinutes(1));

        assertThat(stage.story("r"))
                .containsExactly(
                        "attempt_failed a " + reasonClass.wire(),
                        "attempt_failed b unavailable",
                        "attempt_failed b unavailable",
                        "submitted b");
    }

    @ParameterizedTest
    @EnumSource(names = {"RECIPIENT_UNREACHABLE", "NO_ROUTE", "FILTERED", "BAD_REQUEST"})
    void aRequestWithoutAProviderLeftFailsWithTheLastClass(ReasonClass reasonClass) {
        stage.provider("a").always(Results.rejected(ReasonClass.NO_ROUTE));
        stage.provider("b").always(Results.rejected(reasonClass));

        stage.deliver("r");

        assertThat(stage.story("r"))
                .containsExactly(
                        "attempt_failed a no_route",
                        "attempt_failed b " + reasonClass.wire(),
                        "failed " + reasonClass.wire());
    }

    static List<SubmitResult> goingOn() {
        return List.of(
                Results.rejected(ReasonClass.PROVIDER_FAULT),
                Results.throttled(Duration.ofMillis(10)),
                Results.refused(),
                Results.serverError(),
                Results.ambiguous());
    }

    @ParameterizedTest
    @MethodSource("goingOn")
    void afterTheseTheNextHopFollowsAtOnceAndTheProviderIsTriedAgainInALaterRound(SubmitResult result) {
        stage.provider("a").then(result);
        stage.provider("b").then(Results.refused());

        stage.deliver("r");
        String first = "attempt_failed a " + result.reason().reasonClass().wire();
        assertThat(stage.story("r")).containsExactly(first, "attempt_failed b unavailable");

        stage.advance(Duration.ofSeconds(30));
        if (result.reason().reasonClass() == ReasonClass.PROVIDER_FAULT) {
            // the breaker opened at once and has not let a trial call through yet
            assertThat(stage.story("r")).containsExactly(first, "attempt_failed b unavailable", "submitted b");
        } else {
            assertThat(stage.story("r")).containsExactly(first, "attempt_failed b unavailable", "submitted a");
        }
    }

    @Test
    void aRefusedSenderMakesTheRequestGoWithTheProvidersOwn() {
        stage.provider("a").then(Results.rejected(ReasonClass.SENDER_REFUSED));
        stage.provider("b").then(Results.refused());

        stage.deliver(Requests.request("r", Requests.US, stage.time.now(), Duration.ofMinutes(5), "Acme", null));
        stage.advance(Duration.ofSeconds(5));

        assertThat(stage.story("r"))
                .containsExactly("attempt_failed a sender_refused", "attempt_failed b unavailable", "submitted a");
        assertThat(stage.provider("a").seen().get(0).submission().sender()).isEqualTo("Acme");
        assertThat(stage.provider("b").seen().get(0).submission().sender()).isNull();
        assertThat(stage.provider("a").seen().get(1).submission().sender()).isNull();
    }

    @Test
    void sentIsFalseOnlyWhereSurelyNothingReachedTheProvider() {
        stage.provider("a").then(Results.refused());
        stage.provider("b").then(Results.serverError());

        stage.deliver("r");

        List<StatusEvent> events = stage.sink.eventsOf("r");
        assertThat(events.get(0).attempt().sent()).isFalse();
        assertThat(events.get(0).possiblySent()).isFalse();
        assertThat(events.get(1).attempt().sent()).isTrue();
        assertThat(events.get(1).possiblySent()).isTrue();
    }

    @Test
    void whatWasPossiblySentOnceStaysSo() {
        stage.provider("a").then(Results.ambiguous());
        stage.provider("b").then(Results.rejected(ReasonClass.RECIPIENT_INVALID));

        stage.deliver("r");

        assertThat(stage.lastEvent("r").status()).isEqualTo(dev.petrel.message.Status.FAILED);
        assertThat(stage.lastEvent("r").possiblySent()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"PROVIDER_FAULT", "GEO_BLOCKED", "BAD_REQUEST"})
    void theseAlertAnOperator(ReasonClass reasonClass) {
        stage.provider("a").then(Results.rejected(reasonClass));

        stage.deliver("r");

        assertThat(stage.counter("petrel.alerts", "kind", reasonClass.wire())).isEqualTo(1);
    }
}
