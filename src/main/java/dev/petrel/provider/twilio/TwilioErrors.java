package dev.petrel.provider.twilio;

import dev.petrel.message.ReasonClass;
import dev.petrel.provider.ErrorTable;
import java.util.Map;
import java.util.Set;

/**
 * What Twilio's answers to a submission and its receipts mean, after its <a href="https://www.twilio.com/docs/api/errors">error and
 * warning dictionary</a>. Twilio says there that codes may change: {@code error-codes} in the settings adds to this.
 */
final class TwilioErrors {
    static final Set<String> RECIPIENT_INVALID = Set.of(
            "21211", // invalid 'To' phone number
            "21217", // phone number does not appear to be valid
            "21614", // 'To' is not a mobile number
            "60205"); // SMS is not supported by landline phone numbers

    static final Set<String> RECIPIENT_UNREACHABLE = Set.of("21214"); // 'To' phone number can't be reached

    static final Set<String> OPTED_OUT = Set.of("21610"); // the recipient has replied STOP

    static final Set<String> CONTENT = Set.of(
            "21602", // message body is required
            "21617"); // message body exceeds 1600 characters

    static final Set<String> BAD_REQUEST = Set.of(
            "21609", // invalid 'StatusCallback' URL
            "20001", // unknown parameters
            "60200", // invalid parameter
            "30012"); // validity period too short

    static final Set<String> NO_ROUTE = Set.of("21612"); // no route for this 'To' and 'From'

    static final Set<String> FRAUD_BLOCKED = Set.of(
            "30450", // blocked by SMS Pumping Protection
            "30453", // the same, traffic to the number is suspicious
            "60410"); // destination blocked by Fraud Guard

    static final Set<String> GEO_BLOCKED = Set.of(
            "21408", // no permission to send to the region of 'To'
            "60605", // the same for verifications
            "60220"); // the country allows no such use of SMS

    static final Set<String> SENDER_REFUSED = Set.of(
            "21212", // invalid 'From' number
            "21603", // a 'From' number is required
            "21606"); // 'From' is not a number of the account that can send SMS there

    static final Set<String> PROVIDER_FAULT = Set.of(
            "21608", // a trial account may send to verified numbers only
            "20003", // authentication failed
            "10001", // account is not active
            "20005", // account is not active, or suspended
            "20008", // not with test credentials
            "20404", // no such account or resource
            "21703", // the messaging service has no number left for this message
            "21704", // the messaging service has no numbers
            "21705"); // the messaging service is not valid

    static final Set<String> THROTTLED = Set.of(
            "20429", // too many requests
            "21611"); // the queue of this 'From' number is full

    static final Set<String> AMBIGUOUS = Set.of("30410"); // Twilio's own supplier did not answer in time

    static final Map<ReasonClass, Set<String>> ALL = Map.ofEntries(
            Map.entry(ReasonClass.RECIPIENT_INVALID, RECIPIENT_INVALID),
            Map.entry(ReasonClass.RECIPIENT_UNREACHABLE, RECIPIENT_UNREACHABLE),
            Map.entry(ReasonClass.OPTED_OUT, OPTED_OUT),
            Map.entry(ReasonClass.CONTENT, CONTENT),
            Map.entry(ReasonClass.BAD_REQUEST, BAD_REQUEST),
            Map.entry(ReasonClass.NO_ROUTE, NO_ROUTE),
            Map.entry(ReasonClass.FRAUD_BLOCKED, FRAUD_BLOCKED),
            Map.entry(ReasonClass.GEO_BLOCKED, GEO_BLOCKED),
            Map.entry(ReasonClass.SENDER_REFUSED, SENDER_REFUSED),
            Map.entry(ReasonClass.PROVIDER_FAULT, PROVIDER_FAULT),
            Map.entry(ReasonClass.THROTTLED, THROTTLED),
            Map.entry(ReasonClass.AMBIGUOUS, AMBIGUOUS));

    /** What the ErrorCode of a receipt means: of a message that was taken and then not delivered. */
    static final Map<ReasonClass, Set<String>> RECEIPTS = Map.of(
            ReasonClass.RECIPIENT_INVALID,
            Set.of("30005"), // unknown destination handset
            ReasonClass.RECIPIENT_UNREACHABLE,
            Set.of("30003"), // unreachable destination handset
            ReasonClass.NO_ROUTE,
            Set.of("30006"), // landline or unreachable carrier
            ReasonClass.FILTERED,
            Set.of(
                    "30004", // message blocked
                    "30007"), // message filtered
            ReasonClass.PROVIDER_FAULT,
            Set.of(
                    "30002", // account suspended
                    "30018", // the country wants its sender id registered
                    "30024", // sender id not allowed there
                    "30032", // toll-free number not verified
                    "30034"), // number not registered for A2P 10DLC
            ReasonClass.THROTTLED,
            Set.of(
                    "30001", // queue overflow
                    "30022", // over the rate of the registered campaign
                    "30023", // over the day's cap
                    "30027"), // over T-Mobile's day's cap
            ReasonClass.UNAVAILABLE,
            Set.of(
                    "30008", // unknown error
                    "30017"), // carrier network congestion
            ReasonClass.FRAUD_BLOCKED,
            FRAUD_BLOCKED,
            ReasonClass.GEO_BLOCKED,
            GEO_BLOCKED,
            ReasonClass.OPTED_OUT,
            OPTED_OUT);

    /** The validity period ended before it was delivered: a state of its own rather than a reason. */
    static final String EXPIRED = "30036";

    private TwilioErrors() {}

    static ErrorTable table(Map<String, ReasonClass> additions) {
        return new ErrorTable(ALL, additions);
    }

    static ErrorTable receipts(Map<String, ReasonClass> additions) {
        return new ErrorTable(RECEIPTS, additions);
    }
}
