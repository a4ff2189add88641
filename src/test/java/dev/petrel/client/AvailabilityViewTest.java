package dev.petrel.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.petrel.client.Availability.State;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AvailabilityViewTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant START = Instant.parse("2026-11-24T04:05:00Z");

    private final SetClock clock = new SetClock(START);
    private final AvailabilityView view = new AvailabilityView(clock);

    @Test
    void whoHasJustBegunToListenWaitsHalfAMinute() {
        assertThat(state("US")).isEqualTo(State.OK);
        clock.advance(Duration.ofSeconds(30));
        assertThat(state("US")).isEqualTo(State.OK);
        clock.advance(Duration.ofMillis(1));
        assertThat(state("US")).isEqualTo(State.DOWN);
    }

    @Test
    void silenceIsDownAndAnyHeartbeatEndsIt() {
        view.take(said("US", "ok", START), false);
        clock.advance(Duration.ofSeconds(31));
        assertThat(state("US")).isEqualTo(State.DOWN);

        view.take(said("*", "degraded", START.plusSeconds(31)), false);
        assertThat(state("US")).isEqualTo(State.OK);
    }

    @Test
    void aCountryThatIsNotToldIsAsAllAre() {
        view.take(said("*", "degraded", START), false);
        view.take(said("US", "ok", START), false);

        assertThat(state("DE")).isEqualTo(State.DEGRADED);
        assertThat(state("US")).isEqualTo(State.OK);
    }

    @Test
    void anOlderStateIsDroppedAndIsNoHeartbeat() {
        view.take(said("US", "down", START), false);
        clock.advance(Duration.ofSeconds(29));
        view.take(said("US", "ok", START.minusMillis(1)), false);
        assertThat(state("US")).isEqualTo(State.DOWN);

        clock.advance(Duration.ofSeconds(2));
        view.take(said("US", "degraded", START.plusSeconds(30)), false);
        assertThat(state("US")).isEqualTo(State.DEGRADED);
    }

    @Test
    void whatStoodThereBeforeIsAsOldAsItSays() {
        view.take(said("US", "ok", START.minusSeconds(31)), true);
        assertThat(state("US")).isEqualTo(State.DOWN);

        view.take(said("US", "ok", START.minusSeconds(30)), true);
        assertThat(state("US")).isEqualTo(State.OK);
    }

    @Test
    void whatItDoesNotKnowIsNoHeartbeat() {
        clock.advance(Duration.ofSeconds(31));
        view.take(said("US", "purple", START.plusSeconds(31)), false);
        view.take(JSON.createObjectNode(), false);

        assertThat(state("US")).isEqualTo(State.DOWN);
    }

    private State state(String country) {
        return view.of(country).state();
    }

    private static ObjectNode said(String country, String state, Instant at) {
        return JSON.createObjectNode()
                .put("country", country)
                .put("state", state)
                .put("since", at.toString())
                .put("medianSeconds", 1.5)
                .put("at", at.toString());
    }
}
