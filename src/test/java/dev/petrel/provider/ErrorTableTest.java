package dev.petrel.provider;

import static dev.petrel.message.ReasonClass.AMBIGUOUS;
import static dev.petrel.message.ReasonClass.FILTERED;
import static dev.petrel.message.ReasonClass.FRAUD_BLOCKED;
import static dev.petrel.message.ReasonClass.GEO_BLOCKED;
import static dev.petrel.message.ReasonClass.NO_PROVIDER;
import static dev.petrel.message.ReasonClass.OPTED_OUT;
import static dev.petrel.message.ReasonClass.PROVIDER_FAULT;
import static dev.petrel.message.ReasonClass.SENDER_REFUSED;
import static dev.petrel.message.ReasonClass.SERVER_ERROR;
import static dev.petrel.message.ReasonClass.THROTTLED;
import static dev.petrel.message.ReasonClass.UNAVAILABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.petrel.config.Check;
import dev.petrel.config.InvalidSettings;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.SubmitResult;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorTableTest {
    private final ErrorTable table = new ErrorTable(
            Map.of(
                    THROTTLED, Set.of("slow"),
                    FRAUD_BLOCKED, Set.of("fraud"),
                    GEO_BLOCKED, Set.of("geo"),
                    AMBIGUOUS, Set.of("perhaps"),
                    OPTED_OUT, Set.of("stop", "both")),
            Map.of("both", FILTERED));

    @ParameterizedTest
    @CsvSource({
        ", 100, SERVER_ERROR",
        ", 302, SERVER_ERROR",
        ", 399, SERVER_ERROR",
        ", 400, BAD_REQUEST",
        ", 401, PROVIDER_FAULT",
        ", 402, BAD_REQUEST",
        ", 403, PROVIDER_FAULT",
        ", 404, BAD_REQUEST",
        ", 429, THROTTLED",
        ", 499, BAD_REQUEST",
        ", 500, SERVER_ERROR",
        ", 599, SERVER_ERROR",
        "new, 400, BAD_REQUEST",
        "new, 429, THROTTLED",
        "new, 503, SERVER_ERROR",
        "stop, 400, OPTED_OUT",
        "stop, 429, OPTED_OUT",
        "both, 400, FILTERED"
    })
    void asksTheTableFirstAndTheStatusThen(@Nullable String code, int status, ReasonClass expected) {
        assertThat(table.classOf(code, status)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "stop, SERVER_ERROR",
        "slow, THROTTLED",
        "fraud, FRAUD_BLOCKED",
        "geo, GEO_BLOCKED",
        "perhaps, AMBIGUOUS"
    })
    void hearsBesideA5xxOnlyWhatAsksForMoreCare(String code, ReasonClass expected) {
        assertThat(table.classOf(code, 500)).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource
    void givesEachClassItsResult(ReasonClass reasonClass) {
        SubmitResult result = ErrorTable.refusal(reasonClass, "c", 400, Duration.ofSeconds(3), true);
        SubmitResult.Kind expected = switch (reasonClass) {
            case THROTTLED -> SubmitResult.Kind.THROTTLED;
            case SERVER_ERROR -> SubmitResult.Kind.UNAVAILABLE;
            case AMBIGUOUS -> SubmitResult.Kind.AMBIGUOUS;
            default -> SubmitResult.Kind.REJECTED;
        };
        assertThat(result.kind()).isEqualTo(expected);
        assertThat(result.sent()).isTrue();
        assertThat(result.reason()).isNotNull();
        if (result instanceof SubmitResult.Throttled throttled) {
            assertThat(throttled.retryAfter()).isEqualTo(Duration.ofSeconds(3));
        }
    }

    @Test
    void blamesTheProviderForASenderThatTheRequestDidNotName() {
        assertThat(ErrorTable.refusal(SENDER_REFUSED, "c", 400, null, true))
                .isInstanceOfSatisfying(
                        SubmitResult.Rejected.class,
                        named -> assertThat(named.reason().reasonClass()).isEqualTo(SENDER_REFUSED));
        assertThat(ErrorTable.refusal(SENDER_REFUSED, "c", 400, null, false))
                .isInstanceOfSatisfying(
                        SubmitResult.Rejected.class,
                        own -> assertThat(own.reason().reasonClass()).isEqualTo(PROVIDER_FAULT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "with space", "+14155550132", "14155550132", "e-4155550132", "ünlaut", "a\nb"})
    void tellsTheStatusInPlaceOfACodeThatIsNone(String code) {
        SubmitResult.Rejected rejected = (SubmitResult.Rejected) ErrorTable.refusal(OPTED_OUT, code, 400, null, false);
        assertThat(rejected.reason().code()).isEqualTo("400");
    }

    @Test
    void takesAdditionsThatAnAnswerCanMean() {
        ErrorTable.checkAdditions(Check.of("p"), Map.of("30999", FILTERED, "E.x", SERVER_ERROR))
                .done();
    }

    @Test
    void refusesAdditionsThatNoAnswerCanMean() {
        assertThatThrownBy(() -> ErrorTable.checkAdditions(Check.of("p"), Map.of("1", NO_PROVIDER))
                        .done())
                .isInstanceOf(InvalidSettings.class)
                .hasMessageStartingWith("p.error-codes.1: is no_provider, must be one of recipient_invalid, ");
        assertThatThrownBy(() -> ErrorTable.checkAdditions(Check.of("p"), Map.of("1", UNAVAILABLE))
                        .done())
                .isInstanceOf(InvalidSettings.class);
        assertThatThrownBy(() -> ErrorTable.checkAdditions(Check.of("p"), Map.of("not one", FILTERED))
                        .done())
                .isInstanceOf(InvalidSettings.class);
    }
}
