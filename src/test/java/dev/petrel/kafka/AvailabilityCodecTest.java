package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.availability.CountryState;
import dev.petrel.availability.CountryState.State;
import dev.petrel.testing.WireSamples;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AvailabilityCodecTest {
    private static final Instant SINCE = Instant.parse("2026-11-24T04:05:01.183Z");
    private static final Instant AT = Instant.parse("2026-11-24T04:07:31Z");

    @ParameterizedTest
    @EnumSource
    void writesByTheSchemaWhatItReads(State state) {
        CountryState known = new CountryState(
                "US", state, SINCE, 2.1, 9.4, 0.81, 412, state.advice(), AT, List.of("sns-eu", "twilio-main"));
        CountryState unknown = new CountryState("*", state, SINCE, null, null, null, 0, state.advice(), AT, List.of());

        for (CountryState each : new CountryState[] {known, unknown}) {
            byte[] value = AvailabilityCodec.encode(each);
            assertThat(WireSamples.faultsOfAvailability(new String(value, UTF_8)))
                    .isEmpty();
            assertThat(AvailabilityCodec.decode(value)).isEqualTo(each);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[]", "no JSON", "{\"country\":\"US\",\"state\":\"purple\"}"})
    void passesOverWhatItDoesNotKnow(String value) {
        assertThat(AvailabilityCodec.decode(value.getBytes(UTF_8))).isNull();
    }

    @Test
    void readsWhatSaysNothingOfHandsets() {
        CountryState state =
                new CountryState("US", State.OK, SINCE, 2.1, 9.4, 0.81, 412, State.OK.advice(), AT, List.of());
        String value = new String(AvailabilityCodec.encode(state), UTF_8).replace("\"handsetsReport\":[],", "");

        assertThat(AvailabilityCodec.decode(value.getBytes(UTF_8))).isEqualTo(state);
        assertThat(WireSamples.faultsOfAvailability(value)).isEmpty();
    }

    @Test
    void passesOverWhatHasNoValue() {
        assertThat(AvailabilityCodec.decode(null)).isNull();
    }

    @Test
    void theSchemaRefusesWhatNobodyWrites() {
        String good = new String(
                AvailabilityCodec.encode(new CountryState(
                        "US", State.OK, SINCE, 2.1, 9.4, 0.81, 412, State.OK.advice(), AT, List.of("sns-eu"))),
                UTF_8);

        assertThat(WireSamples.faultsOfAvailability(good.replace("\"ok\"", "\"fine\"")))
                .isNotEmpty();
        assertThat(WireSamples.faultsOfAvailability(good.replace("0.81", "81"))).isNotEmpty();
        assertThat(WireSamples.faultsOfAvailability(good.replace("\"at\"", "\"when\"")))
                .isNotEmpty();
        assertThat(WireSamples.faultsOfAvailability(good.replace("\"sns-eu\"", "1")))
                .isNotEmpty();
    }
}
