package dev.petrel.console;

import dev.petrel.console.Minute.Counts;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.SkipReason;
import org.jspecify.annotations.Nullable;

/** Why, in as few words as a table has room for. The long ones are in {@code trace.Words}. */
final class Reasons {
    static final String SILENCE = "silence";
    /** One of so many is not worth a word. */
    private static final int FEW = 10;

    private Reasons() {}

    static String of(ReasonClass reason) {
        return switch (reason) {
            case RECIPIENT_INVALID -> "no such number";
            case RECIPIENT_UNREACHABLE -> "handset not reached";
            case OPTED_OUT -> "recipient opted out";
            case FRAUD_BLOCKED -> "blocked as fraud";
            case GEO_BLOCKED -> "country blocked there";
            case FILTERED -> "filtered out";
            case NO_ROUTE -> "no way to the network";
            case CONTENT -> "text refused";
            case SENDER_REFUSED -> "sender refused";
            case BAD_REQUEST -> "our request was wrong";
            case PROVIDER_FAULT -> "our account there is refused";
            case THROTTLED -> "over its rate";
            case UNAVAILABLE -> "not reached";
            case SERVER_ERROR -> "its own error (5xx)";
            case AMBIGUOUS -> "no answer in time";
            case NO_PROVIDER -> "no provider left";
            case DENIED -> "forbidden";
            case LIMIT -> "tenant over its rate";
            case INVALID -> "no valid request";
            case SATURATED -> "waited too long";
            case EXPIRED -> "code too old";
            case VERIFIED -> "typed";
        };
    }

    static String of(SkipReason reason) {
        return switch (reason) {
            case BREAKER_OPEN -> "breaker open";
            case NOT_DELIVERING -> "not delivering";
            case RESTING -> "asked for a rest";
            case RATE_LIMIT -> "our pace is used up";
            case IN_FLIGHT_LIMIT -> "too many unanswered";
            case DRAINED -> "drained by an operator";
            case HELD_OPEN -> "held open by an operator";
        };
    }

    /** Whether such an attempt speaks against the provider, or our account there, and not against the recipient or the text. */
    static boolean against(ReasonClass reason) {
        return switch (reason) {
            case UNAVAILABLE,
                    SERVER_ERROR,
                    AMBIGUOUS,
                    PROVIDER_FAULT,
                    THROTTLED,
                    NO_ROUTE,
                    FILTERED,
                    GEO_BLOCKED,
                    BAD_REQUEST -> true;
            default -> false; // the sender, for one, was the request's own
        };
    }

    /** Whether a receipt that says no for this reason speaks against the provider; null: it names none. */
    static boolean againstDelivery(@Nullable ReasonClass reason) {
        return reason == null
                || against(reason) && reason != ReasonClass.GEO_BLOCKED && reason != ReasonClass.BAD_REQUEST;
    }

    /** "27 of 50: no answer in time"; empty where none failed. */
    static String failures(Counts counts) {
        ReasonClass mostly = counts.mostly();
        return mostly == null ? "" : counts.failed() + " of " + counts.attempts + ": " + of(mostly);
    }

    /** "45 of 100 not taken, mostly: no such number"; empty where nearly all were. */
    static String refusals(Counts counts) {
        int refused = counts.attempts - counts.taken;
        ReasonClass mostly = counts.mostlyRefused();
        return mostly == null || refused * FEW < counts.attempts
                ? ""
                : refused + " of " + counts.attempts + " not taken, mostly: " + of(mostly);
    }

    /** "31 of 50 not delivered"; empty where all were. */
    static String losses(Counts counts) {
        int gone = counts.lost + counts.silent;
        return gone == 0 ? "" : gone + " of " + (gone + counts.delivered) + " not delivered";
    }
}
