package dev.petrel.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.message.Advice.Next;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AdviceTest {
    @Test
    void onlyAnInvalidNumberIsTheUsersOwnFault() {
        for (ReasonClass reasonClass : ReasonClass.values()) {
            assertThat(Advice.when(reasonClass).chargeUser()).isEqualTo(reasonClass == ReasonClass.RECIPIENT_INVALID);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"RECIPIENT_INVALID", "RECIPIENT_UNREACHABLE"})
    void asksForAnotherNumber(ReasonClass reasonClass) {
        assertThat(Advice.when(reasonClass).next()).isEqualTo(Next.ASK_NUMBER);
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "OPTED_OUT",
                "FRAUD_BLOCKED",
                "GEO_BLOCKED",
                "FILTERED",
                "NO_ROUTE",
                "CONTENT",
                "NO_PROVIDER",
                "DENIED",
                "LIMIT",
                "INVALID"
            })
    void offersAnotherFactor(ReasonClass reasonClass) {
        assertThat(Advice.when(reasonClass)).isEqualTo(new Advice(Next.OTHER_FACTOR, null, false));
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "THROTTLED",
                "UNAVAILABLE",
                "SERVER_ERROR",
                "AMBIGUOUS",
                "SATURATED",
                "EXPIRED",
                "PROVIDER_FAULT",
                "SENDER_REFUSED",
                "BAD_REQUEST"
            })
    void triesAgainInHalfAMinute(ReasonClass reasonClass) {
        assertThat(Advice.when(reasonClass)).isEqualTo(new Advice(Next.RETRY, Duration.ofSeconds(30), false));
    }

    @ParameterizedTest
    @EnumSource
    void nobodyIsToldToTryAgainWhereTheCountryIsNotOk(ReasonClass reasonClass) {
        Advice usual = Advice.when(reasonClass);

        assertThat(Advice.when(reasonClass, true)).isEqualTo(usual);
        assertThat(Advice.when(reasonClass, false))
                .isEqualTo(usual.next() == Next.RETRY ? new Advice(Next.OTHER_FACTOR, null, false) : usual);
    }
}
