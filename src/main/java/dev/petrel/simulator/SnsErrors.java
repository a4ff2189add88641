package dev.petrel.simulator;

import java.util.Map;

/** What SNS says with its error codes (docs.aws.amazon.com/sns/latest/api/API_Publish.html, Common Errors). */
final class SnsErrors {
    private static final Map<String, String> MESSAGES = Map.ofEntries(
            Map.entry("AuthorizationError", "The principal is not authorized to perform: SNS:Publish"),
            Map.entry("InternalError", "Internal server error"),
            Map.entry("InternalFailure", "The request processing has failed because of an unknown error"),
            Map.entry("InvalidClientTokenId", "The security token included in the request is invalid."),
            Map.entry("InvalidParameter", "Invalid parameter: PhoneNumber Reason: is not valid to publish to"),
            Map.entry("KMSAccessDenied", "The ciphertext references a key that doesn't exist or that you can't access"),
            Map.entry("OptedOut", "Phone number is opted out"),
            Map.entry("ServiceUnavailable", "Service is unavailable"),
            Map.entry("Throttled", "Rate exceeded"),
            Map.entry("Throttling", "Rate exceeded"));

    private static final Map<String, Integer> STATUSES = Map.ofEntries(
            Map.entry("AuthorizationError", 403),
            Map.entry("InvalidClientTokenId", 403),
            Map.entry("InvalidSecurity", 403),
            Map.entry("SignatureDoesNotMatch", 403),
            Map.entry("NotFound", 404),
            Map.entry("Throttled", 429),
            Map.entry("InternalError", 500),
            Map.entry("InternalFailure", 500),
            Map.entry("ServiceUnavailable", 503));

    private SnsErrors() {}

    static String message(String code) {
        return MESSAGES.getOrDefault(code, "Simulated error " + code);
    }

    static int status(String code) {
        return STATUSES.getOrDefault(code, 400);
    }
}
