package dev.petrel.guarantees;

import static dev.petrel.guarantees.Trial.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.petrel.app.Gateway;
import dev.petrel.simulator.Mode;
import dev.petrel.testing.Platform;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What comes of requests while {@code twilio-main}, {@code sns-eu} or both misbehave. The first is the first hop. */
class ProvidersInTroubleIT {
    private static final String RETRY = "retry after 30";

    @Test
    void takesEverythingToTheFirstProviderInCalmWeather() throws Exception {
        try (Trial trial = Trial.begin()) {
            trial.platform().gateway();
            trial.ask(200);
            Balance balance = trial.promisesHold();
            assertThat(balance.finals()).containsOnlyKeys("submitted").containsEntry("submitted", 200L);
            assertThat(trial.seenBy("twilio-main")).isEqualTo(200);
            assertThat(trial.seenBy("sns-eu")).isZero();
            assertThat(trial.statuses().told()).hasSize(200).allSatisfy(told -> {
                assertThat(told.advice()).isEqualTo("wait");
                assertThat(told.possiblySent()).isTrue();
                assertThat(told.skipped()).isEmpty();
                assertThat(told.number()).isEqualTo(1);
            });
        }
    }

    private record Refusal(String code, String reasonClass, String advice) {}

    @Test
    void asksNobodyElseAfterARefusalThatConcernsTheRecipient() throws Exception {
        try (Trial trial = Trial.begin()) {
            trial.platform().gateway();
            for (Refusal refusal : List.of(
                    new Refusal("21211", "recipient_invalid", "ask_number charge"),
                    new Refusal("21610", "opted_out", "other_factor"),
                    new Refusal("30450", "fraud_blocked", "other_factor"),
                    new Refusal("21408", "geo_blocked", "other_factor"))) {
                trial.behave("twilio-main", Mode.error(refusal.code()));
                List<Told> story = trial.story();
                assertThat(story).extracting(Told::status).containsExactly("attempt_failed", "failed");
                assertThat(story).extracting(Told::reasonClass).containsOnly(refusal.reasonClass());
                assertThat(story).extracting(Told::reasonCode).containsOnly(refusal.code());
                assertThat(story).extracting(Told::possiblySent).containsOnly(false);
                assertThat(story.get(0).sent()).isTrue();
                assertThat(story.get(0).result()).isEqualTo("rejected");
                assertThat(story.get(0).advice()).isEmpty();
                assertThat(story.get(1).advice()).isEqualTo(refusal.advice());
            }
            trial.promisesHold();
            assertThat(trial.seenBy("sns-eu")).isZero();
        }
    }

    private record Trouble(Mode mode, String result, String reasonClass, boolean possiblySent) {}

    @Test
    void goesOnAtOnceWithTheNextAfterWhatTheNextMayCureAndSaysWhetherItMayBeSent() throws Exception {
        try (Trial trial = Trial.begin()) {
            trial.platform().gateway();
            for (Trouble trouble : List.of(
                    new Trouble(Mode.rubbish2xx(), "ambiguous", "ambiguous", true),
                    new Trouble(Mode.html502(), "unavailable", "server_error", true),
                    new Trouble(Mode.empty503(), "unavailable", "server_error", true),
                    new Trouble(Mode.status(500), "unavailable", "server_error", true),
                    new Trouble(Mode.resetAfterReading(), "ambiguous", "ambiguous", true),
                    new Trouble(Mode.error("21612"), "rejected", "no_route", false),
                    new Trouble(Mode.throttle(), "throttled", "throttled", false))) {
                trial.behave("twilio-main", trouble.mode());
                List<Told> story = trial.story();
                assertThat(story)
                        .as("%s", trouble)
                        .extracting(Told::status, Told::provider)
                        .containsExactly(tuple("attempt_failed", "twilio-main"), tuple("submitted", "sns-eu"));
                assertThat(story.get(0).result()).isEqualTo(trouble.result());
                assertThat(story.get(0).reasonClass()).isEqualTo(trouble.reasonClass());
                assertThat(story.get(0).sent()).isTrue();
                assertThat(story.get(0).possiblySent()).isEqualTo(trouble.possiblySent());
                assertThat(story.get(0).advice()).isEmpty();
                assertThat(story.get(1).number()).isEqualTo(2);
                assertThat(story.get(1).round()).isEqualTo(1);
                assertThat(story.get(1).advice()).isEqualTo("wait");
            }
            Balance balance = trial.promisesHold();
            assertThat(balance.doubles()).isZero();
            assertThat(trial.seenBy("twilio-main")).isEqualTo(trial.seenBy("sns-eu"));
        }
    }

    @Test
    void leavesAProviderAloneForAsLongAsItAsksFor() throws Exception {
        try (Trial trial = Trial.begin()) {
            trial.platform().gateway();
            trial.behave("twilio-main", Mode.throttle(Duration.ofSeconds(2)));
            List<Told> first = trial.story();
            assertThat(first).extracting(Told::reasonClass).containsExactly("throttled", "");
            assertThat(first.get(0).reasonCode()).isEqualTo("20429");
            assertThat(first.get(0).possiblySent()).isFalse();
            trial.behave("twilio-main", Mode.healthy());
            List<Told> second = trial.story();
            assertThat(second).extracting(Told::provider).containsExactly("sns-eu");
            assertThat(second.get(0).skipped()).containsExactly("twilio-main resting");
            assertThat(second.get(0).number()).isEqualTo(1);
            await().atMost(LONG).until(() -> trial.story().get(0).provider().equals("twilio-main"));
            trial.promisesHold();
            Instant throttled = first.get(0).at();
            assertThat(trial.platform().seen())
                    .filteredOn(call -> call.provider().equals("twilio-main") && call.accepted())
                    .allSatisfy(call -> assertThat(call.at()).isAfter(throttled.plusMillis(1_900)));
        }
    }

    @Test
    void opensTheBreakerAtOnceWhenItsOwnCredentialsAreRefused() throws Exception {
        try (Trial trial = Trial.begin()) {
            Gateway gateway = trial.platform().gateway();
            trial.behave("twilio-main", Mode.error("20003"));
            List<Told> first = trial.story();
            assertThat(first).extracting(Told::status).containsExactly("attempt_failed", "submitted");
            assertThat(first.get(0).result()).isEqualTo("rejected");
            assertThat(first.get(0).reasonClass()).isEqualTo("provider_fault");
            assertThat(first.get(0).reasonCode()).isEqualTo("20003");
            assertThat(first.get(0).possiblySent()).isFalse();
            trial.ask(20);
            trial.settle();
            assertThat(trial.statuses().told())
                    .filteredOn(told -> !told.requestId().equals(first.get(0).requestId()))
                    .hasSize(20)
                    .allSatisfy(told -> {
                        assertThat(told.provider()).isEqualTo("sns-eu");
                        assertThat(told.skipped()).containsExactly("twilio-main breaker_open");
                    });
            assertThat(Platform.metrics(gateway))
                    .contains("petrel_alerts_total{kind=\"provider_fault\"} 1.0")
                    .contains("resilience4j_circuitbreaker_state{name=\"twilio-main\",state=\"open\"} 1.0");
            trial.promisesHold();
            assertThat(trial.seenBy("twilio-main")).isEqualTo(1);
        }
    }

    @Test
    void submitsWhileTheFirstProviderHangs() throws Exception {
        try (Trial trial = Trial.begin()) {
            trial.platform().gateway();
            trial.requests().start(20);
            await().atMost(LONG).until(() -> trial.statuses().finals() > 10);
            trial.behave("twilio-main", Mode.blackHole());
            await().atMost(LONG)
                    .until(() -> trial.statuses().told().stream()
                                    .filter(told -> told.skipped().contains("twilio-main breaker_open"))
                                    .count()
                            > 40);
            trial.requests().pause();
            Balance balance = trial.promisesHold();
            assertThat(balance.finals()).containsOnlyKeys("submitted");
            assertThat(balance.doubles()).isZero();
            // one timeout of 3 s, then the second; all that fits is left out of the bound but for the trickle's turn
            assertThat(balance.secondsToSubmitted(1)).isLessThan(8);
        }
    }

    @Test
    void tellsOfAProviderThatRefusesConnectionsThatNothingReachedIt() throws Exception {
        try (Trial trial = Trial.begin()) {
            trial.platform().gateway();
            trial.behave("twilio-main", Mode.refuse());
            List<Told> story = trial.story();
            assertThat(story).extracting(Told::status).containsExactly("attempt_failed", "submitted");
            assertThat(story.get(0).result()).isEqualTo("unavailable");
            assertThat(story.get(0).reasonClass()).isEqualTo("unavailable");
            assertThat(story.get(0).sent()).isFalse();
            assertThat(story.get(0).possiblySent()).isFalse();
            assertThat(story.get(1).possiblySent()).isTrue();
            trial.promisesHold();
            assertThat(trial.seenBy("twilio-main")).isZero();
        }
    }

    @Test
    void burnsNoCodeWhenBothRefuseConnectionsForEightSeconds() throws Exception {
        try (Trial trial = Trial.begin()) {
            trial.platform().gateway("", Trial.QUICK_BREAKERS);
            trial.behave("twilio-main", Mode.refuse());
            trial.behave("sns-eu", Mode.refuse());
            Instant down = Instant.now();
            trial.requests().start(20);
            await().atMost(LONG).until(() -> Instant.now().isAfter(down.plusSeconds(8)));
            assertThat(trial.statuses().finals()).isZero();
            trial.behave("twilio-main", Mode.healthy());
            trial.behave("sns-eu", Mode.healthy());
            await().atMost(LONG).until(() -> trial.statuses().finals() > 100);
            trial.requests().pause();
            Balance balance = trial.promisesHold();
            assertThat(balance.finals()).containsOnlyKeys("submitted");
            assertThat(balance.doubles()).isZero();
            assertThat(trial.statuses().told())
                    .filteredOn(told -> told.status().equals("attempt_failed"))
                    .isNotEmpty()
                    .allSatisfy(told -> {
                        assertThat(told.sent()).isFalse();
                        assertThat(told.possiblySent()).isFalse();
                    });
        }
    }

    @Test
    void expiresWhatNobodyTookInTimeAndSendsNothingAfterwards() throws Exception {
        try (Trial trial = Trial.begin()) {
            trial.platform().gateway();
            trial.behave(
                    "twilio-main",
                    Mode.empty503().forCountry("+44"),
                    Mode.throttle().forEverything());
            trial.behave(
                    "sns-eu", Mode.empty503().forCountry("+44"), Mode.throttle().forEverything());
            String surelyNot = trial.requests().ask(12, fields -> fields);
            String perhaps = trial.requests().ask(12, fields -> fields.put("to", "+447700900123"));
            for (String id : List.of(surelyNot, perhaps)) {
                List<Told> story = trial.story(id);
                Told last = story.get(story.size() - 1);
                assertThat(last.status()).isEqualTo("expired");
                assertThat(last.reasonClass()).isEqualTo("expired");
                assertThat(last.advice()).isEqualTo(RETRY);
                assertThat(last.possiblySent()).isEqualTo(id.equals(perhaps));
                Instant expiresAt = Instant.parse(last.event().path("expiresAt").asText());
                assertThat(last.at()).isBetween(expiresAt.minusSeconds(6), expiresAt);
                assertThat(story).extracting(Told::round).anyMatch(round -> round > 1);
            }
            trial.promisesHold();
        }
    }
}
