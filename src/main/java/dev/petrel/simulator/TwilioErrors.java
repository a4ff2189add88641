package dev.petrel.simulator;

import java.util.Map;

/** What Twilio says with its error codes (twilio.com/docs/api/errors). */
final class TwilioErrors {
    private static final Map<String, String> MESSAGES = Map.ofEntries(
            Map.entry("20003", "Authenticate"),
            Map.entry("20005", "Account not active"),
            Map.entry("20404", "The requested resource was not found"),
            Map.entry("20429", "Too Many Requests"),
            Map.entry("20500", "Internal server error"),
            Map.entry("20503", "Service unavailable"),
            Map.entry("21211", "Invalid 'To' Phone Number"),
            Map.entry("21212", "Invalid 'From' Phone Number"),
            Map.entry("21214", "'To' phone number cannot be reached"),
            Map.entry(
                    "21408",
                    "Permission to send an SMS has not been enabled for the region indicated by the 'To' number"),
            Map.entry("21602", "Message body is required."),
            Map.entry("21603", "A 'From' phone number is required."),
            Map.entry("21604", "A 'To' phone number is required."),
            Map.entry("21606", "The 'From' phone number provided is not a valid message-capable Twilio phone number"),
            Map.entry("21608", "The number is unverified. Trial accounts cannot send messages to unverified numbers"),
            Map.entry("21610", "Attempt to send to unsubscribed recipient"),
            Map.entry("21611", "This 'From' number has exceeded the maximum number of queued messages"),
            Map.entry("21612", "The 'To' phone number is not currently reachable via SMS or MMS"),
            Map.entry("21614", "'To' number is not a valid mobile number"),
            Map.entry("21617", "The concatenated message body exceeds the 1600 character limit"),
            Map.entry("30450", "Message delivery blocked: suspected SMS pumping"),
            Map.entry("60410", "Verification delivery attempt blocked: suspected fraud"));

    private static final Map<String, Integer> STATUSES =
            Map.of("20003", 401, "20005", 403, "20404", 404, "20429", 429, "20500", 500, "20503", 503, "21611", 429);

    private TwilioErrors() {}

    static String message(String code) {
        return MESSAGES.getOrDefault(code, "Simulated error " + code);
    }

    static int status(String code) {
        return STATUSES.getOrDefault(code, 400);
    }
}
