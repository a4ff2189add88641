package dev.petrel.provider.sns;

import dev.petrel.message.ReasonClass;
import dev.petrel.provider.ErrorTable;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the error codes of SNS's <a href="https://docs.aws.amazon.com/sns/latest/api/API_Publish.html">Publish</a> and
 * those <a href="https://docs.aws.amazon.com/sns/latest/api/CommonErrors.html">common to AWS</a> mean. Codes, not the
 * SDK's exception classes: several only ever surface as the general one. {@code error-codes} in the settings adds to
 * this.
 */
final class SnsErrors {
    static final Set<String> OPTED_OUT = Set.of("OptedOut"); // the recipient has replied STOP

    static final Set<String> BAD_REQUEST = Set.of(
            "InvalidParameter", // unless its message names the number or the sender: see classOf
            "InvalidParameterValue", // the same, where the value and not the shape is wrong
            "ParameterValueInvalid", // a value out of its range
            "ValidationException", // a parameter does not fit the API's description
            "UserError"); // the request can't be done as asked

    static final Set<String> PROVIDER_FAULT = Set.of(
            "AuthorizationError", // the credentials may not publish
            "AccessDenied", // the same, from AWS's front door
            "AccessDeniedException", // the same
            "InvalidClientTokenId", // no such access key
            "UnrecognizedClientException", // the same
            "SignatureDoesNotMatch", // a wrong secret key
            "IncompleteSignature", // a malformed one
            "MissingAuthenticationToken", // not signed at all
            "ExpiredToken", // a session that is over
            "ExpiredTokenException", // the same
            "RequestExpired", // the clock is wrong, or the request was on its way too long
            "OptInRequired", // the account has not signed up for the service
            "InvalidSecurity", // the security of the request is not acceptable
            "KMSAccessDenied", // the credentials may not use the key
            "KMSDisabled", // the key is disabled
            "KMSInvalidState", // the key can't be used in its state
            "KMSNotFound", // there is no such key
            "KMSOptInRequired"); // the account has not signed up for KMS

    static final Set<String> THROTTLED = Set.of(
            "Throttled", // over the account's rate
            "Throttling", // the same
            "ThrottledException", // the same
            "ThrottlingException", // the same
            "RequestLimitExceeded", // the same
            "KMSThrottling"); // over the rate of KMS

    static final Set<String> SERVER_ERROR = Set.of(
            "InternalError", // SNS failed
            "InternalFailure", // the same
            "ServiceUnavailable"); // SNS is overloaded or down

    static final Map<ReasonClass, Set<String>> ALL = Map.of(
            ReasonClass.OPTED_OUT, OPTED_OUT,
            ReasonClass.BAD_REQUEST, BAD_REQUEST,
            ReasonClass.PROVIDER_FAULT, PROVIDER_FAULT,
            ReasonClass.THROTTLED, THROTTLED,
            ReasonClass.SERVER_ERROR, SERVER_ERROR);

    private final ErrorTable table;

    SnsErrors(Map<String, ReasonClass> additions) {
        this.table = new ErrorTable(ALL, additions);
    }

    /**
     * The class of an error. Its message is only looked at where the code alone does not tell whom it is about, and goes
     * nowhere.
     */
    ReasonClass classOf(@Nullable String code, @Nullable String message, int status) {
        ReasonClass byCode = table.classOf(code, status);
        if (byCode == ReasonClass.BAD_REQUEST && code != null && code.startsWith("InvalidParameter")) {
            return named(message);
        }
        boolean unsure = byCode == ReasonClass.BAD_REQUEST || byCode == ReasonClass.PROVIDER_FAULT;
        return unsure && speaksOfProtection(message) ? ReasonClass.GEO_BLOCKED : byCode;
    }

    /** The parameter that comes first is the one that is meant: what follows is SNS's reason, and may quote the rest. */
    private static ReasonClass named(@Nullable String message) {
        if (speaksOfProtection(message)) {
            return ReasonClass.GEO_BLOCKED;
        }
        String squeezed = squeeze(message);
        int number = squeezed.indexOf("phonenumber");
        int sender = squeezed.indexOf("senderid");
        if (sender >= 0 && (number < 0 || sender < number)) {
            return ReasonClass.SENDER_REFUSED;
        }
        return number >= 0 ? ReasonClass.RECIPIENT_INVALID : ReasonClass.BAD_REQUEST;
    }

    /** A protect configuration is where an AWS account says to which countries it may send. */
    private static boolean speaksOfProtection(@Nullable String message) {
        return squeeze(message).contains("protectconfiguration");
    }

    private static String squeeze(@Nullable String message) {
        return message == null ? "" : message.toLowerCase(Locale.ROOT).replaceAll("[ _-]", "");
    }
}
