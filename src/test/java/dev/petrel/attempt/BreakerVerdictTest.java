package dev.petrel.attempt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.petrel.message.ReasonClass;
import dev.petrel.message.SubmitResult;
import dev.petrel.testing.Results;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class BreakerVerdictTest {
    static List<Arguments> table() {
        return List.of(
                arguments(Results.accepted("m"), BreakerVerdict.SUCCESS),
                arguments(Results.throttled(Duration.ofSeconds(1)), BreakerVerdict.NOT_COUNTED),
                arguments(Results.refused(), BreakerVerdict.FAILURE),
                arguments(Results.serverError(), BreakerVerdict.FAILURE),
                arguments(Results.ambiguous(), BreakerVerdict.FAILURE),
                arguments(Results.rejected(ReasonClass.PROVIDER_FAULT), BreakerVerdict.OPEN));
    }

    @ParameterizedTest
    @MethodSource("table")
    void hears(SubmitResult result, BreakerVerdict verdict) {
        assertThat(BreakerVerdict.of(result)).isEqualTo(verdict);
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "RECIPIENT_INVALID",
                "OPTED_OUT",
                "CONTENT",
                "FRAUD_BLOCKED",
                "GEO_BLOCKED",
                "RECIPIENT_UNREACHABLE",
                "NO_ROUTE",
                "FILTERED",
                "BAD_REQUEST",
                "SENDER_REFUSED"
            })
    void doesNotCountWhatSaysNothingOfTheProvidersHealth(ReasonClass reasonClass) {
        assertThat(BreakerVerdict.of(Results.rejected(reasonClass))).isEqualTo(BreakerVerdict.NOT_COUNTED);
    }
}
