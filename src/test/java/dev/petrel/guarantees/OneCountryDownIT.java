package dev.petrel.guarantees;

import static dev.petrel.guarantees.Trial.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.petrel.simulator.Mode;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The only provider of one country is down, beside a country whose provider is well, and memory fills up. */
class OneCountryDownIT {
    private static final String SETTINGS = """
              routes:
                - { countries: [ GB ], providers: [ sns-eu ] }
                - { providers: [ twilio-main ] }
              held: { max: 100, patience: 1s }
            """;

    private final AtomicInteger britons = new AtomicInteger();

    @Test
    void slowsTheOtherForNoLongerThanItsPatience() throws Exception {
        try (Trial trial = Trial.begin();
                RequestStream british = trial.platform().requests("gb-")) {
            trial.platform().gateway(SETTINGS, Trial.QUICK);
            trial.behave("sns-eu", Mode.refuse());
            trial.requests().start(20);
            british.start(40, this::toBritain);
            await().atMost(LONG).until(() -> told(trial, "saturated").size() > 100);
            british.pause();
            await().atMost(LONG).until(() -> trial.requests().asked().size() > 150);
            trial.requests().pause();
            trial.behave("sns-eu", Mode.healthy());
            Balance balance = trial.promisesHold(trial.requests(), british);

            assertThat(told(trial, "saturated")).allSatisfy(told -> {
                assertThat(told.status()).isEqualTo("failed");
                // the latter once it is said that SMS can't be relied on there
                assertThat(told.advice()).isIn("retry after 30", "other_factor");
                assertThat(told.event().path("recipient").path("country").asText())
                        .isEqualTo("GB");
                assertThat(told.possiblySent()).isFalse();
                assertThat(told.event().path("elapsedMs").asLong()).isGreaterThanOrEqualTo(1000);
            });
            List<Told> american = trial.statuses().told().stream()
                    .filter(told -> told.requestId().startsWith("r-"))
                    .toList();
            assertThat(american).extracting(Told::status).containsOnly("submitted");
            assertThat(american).extracting(Told::number).containsOnly(1);
            // the patience of 1 s, the second until the next look, and room for a machine with other work
            assertThat(american)
                    .allSatisfy(told ->
                            assertThat(told.event().path("elapsedMs").asLong()).isLessThan(6000));
            assertThat(balance.doubles()).isZero();
        }
    }

    private static List<Told> told(Trial trial, String reasonClass) {
        return trial.statuses().told().stream()
                .filter(told -> told.reasonClass().equals(reasonClass))
                .toList();
    }

    /** Numbers that Ofcom keeps for drama. */
    private ObjectNode toBritain(ObjectNode fields) {
        int number = britons.getAndIncrement();
        return fields.put("to", "+447700900" + String.format("%03d", number % 1000))
                .put("text", String.format("%06d is your British test code.", number));
    }
}
