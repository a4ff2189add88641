package dev.petrel.provider.sns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.message.ReasonClass;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SnsErrorsTest {
    private final SnsErrors errors = new SnsErrors(Map.of());

    @ParameterizedTest
    @CsvSource({
        "OptedOut, OPTED_OUT",
        "InvalidParameter, BAD_REQUEST",
        "InvalidParameterValue, BAD_REQUEST",
        "ParameterValueInvalid, BAD_REQUEST",
        "ValidationException, BAD_REQUEST",
        "UserError, BAD_REQUEST",
        "AuthorizationError, PROVIDER_FAULT",
        "AccessDenied, PROVIDER_FAULT",
        "AccessDeniedException, PROVIDER_FAULT",
        "InvalidClientTokenId, PROVIDER_FAULT",
        "UnrecognizedClientException, PROVIDER_FAULT",
        "SignatureDoesNotMatch, PROVIDER_FAULT",
        "IncompleteSignature, PROVIDER_FAULT",
        "MissingAuthenticationToken, PROVIDER_FAULT",
        "ExpiredToken, PROVIDER_FAULT",
        "ExpiredTokenException, PROVIDER_FAULT",
        "RequestExpired, PROVIDER_FAULT",
        "OptInRequired, PROVIDER_FAULT",
        "InvalidSecurity, PROVIDER_FAULT",
        "KMSAccessDenied, PROVIDER_FAULT",
        "KMSDisabled, PROVIDER_FAULT",
        "KMSInvalidState, PROVIDER_FAULT",
        "KMSNotFound, PROVIDER_FAULT",
        "KMSOptInRequired, PROVIDER_FAULT",
        "Throttled, THROTTLED",
        "Throttling, THROTTLED",
        "ThrottledException, THROTTLED",
        "ThrottlingException, THROTTLED",
        "RequestLimitExceeded, THROTTLED",
        "KMSThrottling, THROTTLED",
        "InternalError, SERVER_ERROR",
        "InternalFailure, SERVER_ERROR",
        "ServiceUnavailable, SERVER_ERROR"
    })
    void knowsTheCode(String code, ReasonClass expected) {
        // 404 alone would be a bad request: what is seen here comes from the table.
        assertThat(errors.classOf(code, "…", expected == ReasonClass.BAD_REQUEST ? 403 : 404))
                .isEqualTo(expected);
    }

    @Test
    void givesEachCodeOneMeaning() {
        List<String> codes =
                SnsErrors.ALL.values().stream().flatMap(Set::stream).toList();
        assertThat(codes).doesNotHaveDuplicates().hasSize(33);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "Invalid parameter: PhoneNumber Reason: +14155550132 is not valid to publish to, RECIPIENT_INVALID",
                "Invalid parameter: Phone number is not valid, RECIPIENT_INVALID",
                "Invalid parameter: SenderID Reason: not registered for this phone number, SENDER_REFUSED",
                "Invalid parameter: PhoneNumber Reason: no SenderID may be used with it, RECIPIENT_INVALID",
                "Invalid parameter: AWS.SNS.SMS.SenderID, SENDER_REFUSED",
                "The country is blocked by the Protect Configuration of this account, GEO_BLOCKED",
                "Invalid parameter: Message too long, BAD_REQUEST",
                "-, BAD_REQUEST"
            })
    void asksWhichParameterIsMeant(@Nullable String message, ReasonClass expected) {
        assertThat(errors.classOf("InvalidParameter", message, 400)).isEqualTo(expected);
    }

    @Test
    void seesABlockedCountryBehindACodeOfAnotherMeaning() {
        String message = "Blocked by protect configuration";
        assertThat(errors.classOf("AuthorizationError", message, 403)).isEqualTo(ReasonClass.GEO_BLOCKED);
        assertThat(errors.classOf("SomethingNew", message, 400)).isEqualTo(ReasonClass.GEO_BLOCKED);
        assertThat(errors.classOf("OptedOut", message, 400)).isEqualTo(ReasonClass.OPTED_OUT);
    }

    @Test
    void letsTheSettingsAddAndOverrule() {
        SnsErrors extended =
                new SnsErrors(Map.of("SomethingNew", ReasonClass.NO_ROUTE, "UserError", ReasonClass.FILTERED));
        assertThat(extended.classOf("SomethingNew", null, 400)).isEqualTo(ReasonClass.NO_ROUTE);
        assertThat(extended.classOf("UserError", null, 400)).isEqualTo(ReasonClass.FILTERED);
    }
}
