package dev.petrel.trace;

import dev.petrel.message.Advice;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.ReceiptState;
import dev.petrel.message.SkipReason;
import dev.petrel.message.SubmitResult;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The words of the status topic in plain English: one table for whoever shows them. What stands on the topic may come
 * from a newer Petrel, so that words may be there which this one does not know.
 */
public final class Words {
    private static final String UNKNOWN = "this version of Petrel does not know the word";
    private static final Map<String, ReasonClass> REASONS = byWire(ReasonClass.values(), ReasonClass::wire);
    private static final Map<String, SkipReason> SKIPS = byWire(SkipReason.values(), SkipReason::wire);
    private static final Map<String, ReceiptState> RECEIPTS = byWire(ReceiptState.values(), ReceiptState::wire);
    private static final Map<String, Advice.Next> ADVICE = byWire(Advice.Next.values(), Advice.Next::wire);
    private static final Map<String, SubmitResult.Kind> RESULTS =
            byWire(SubmitResult.Kind.values(), SubmitResult.Kind::wire);

    private Words() {}

    /** Of {@code reason.class}. */
    public static String reason(String wire) {
        ReasonClass known = REASONS.get(wire);
        return known == null ? UNKNOWN : of(known);
    }

    /** Of {@code skipped.reason}. */
    public static String skip(String wire) {
        SkipReason known = SKIPS.get(wire);
        return known == null ? UNKNOWN : of(known);
    }

    /** Of {@code receipt}. */
    public static String receipt(String wire) {
        ReceiptState known = RECEIPTS.get(wire);
        return known == null ? UNKNOWN : of(known);
    }

    /** Of {@code advice.next}. */
    public static String advice(String wire) {
        Advice.Next known = ADVICE.get(wire);
        return known == null ? UNKNOWN : of(known);
    }

    /** Of {@code attempt.result}. */
    public static String result(String wire) {
        SubmitResult.Kind known = RESULTS.get(wire);
        return known == null ? wire : of(known);
    }

    public static String of(ReasonClass reasonClass) {
        return switch (reasonClass) {
            case RECIPIENT_INVALID -> "there is no such number, or it is no mobile";
            case RECIPIENT_UNREACHABLE -> "no provider reaches the handset now";
            case OPTED_OUT -> "the recipient has told the sender to send no SMS";
            case FRAUD_BLOCKED -> "a provider takes it for fraud and blocks it; no other is asked";
            case GEO_BLOCKED -> "a provider may not send to this country; no other is asked";
            case FILTERED -> "a carrier or provider filters the message out";
            case NO_ROUTE -> "the provider has no way to this network";
            case CONTENT -> "the provider will not carry this text";
            case SENDER_REFUSED -> "the sender id may not be used there";
            case BAD_REQUEST -> "the provider says that our request was wrong";
            case PROVIDER_FAULT -> "our account there does not work: credentials, funds or suspension";
            case THROTTLED -> "the provider takes no more for now: over its rate";
            case UNAVAILABLE -> "the provider could not be reached, or could not deliver";
            case SERVER_ERROR -> "the provider failed inside";
            case AMBIGUOUS -> "nobody knows: no clear answer, or no receipt, came in time";
            case NO_PROVIDER -> "no provider is there for this country, or none is left";
            case DENIED -> "our own settings forbid this destination";
            case LIMIT -> "its tenant sent more in that second than the settings allow";
            case INVALID -> "the request breaks a rule of the contract";
            case SATURATED -> "it waited too long, and its memory was needed for other countries";
            case EXPIRED -> "the code's life was over before any provider took it";
            case VERIFIED -> "the user has typed the code";
        };
    }

    public static String of(SkipReason reason) {
        return switch (reason) {
            case BREAKER_OPEN -> "its breaker is open after too many failures";
            case NOT_DELIVERING -> "what it takes for this country does not arrive";
            case RESTING -> "it asked to be left alone for a while";
            case RATE_LIMIT -> "our pace for it was used up";
            case IN_FLIGHT_LIMIT -> "too many submissions wait for its answer already";
            case DRAINED -> "an operator has it drained";
            case HELD_OPEN -> "an operator holds its breaker open";
        };
    }

    public static String of(ReceiptState state) {
        return switch (state) {
            case UNKNOWN -> "it can't say";
            case ACCEPTED -> "it has the message";
            case ENROUTE -> "the message is on its way to the handset";
            case EXPIRED -> "its validity period ended before it arrived";
            case DELETED -> "it was withdrawn";
            case UNDELIVERABLE -> "the network could not deliver it";
            case REJECTED -> "the provider or the network would not deliver it";
            case DELIVERED -> "it reached the handset";
        };
    }

    public static String of(Advice.Next next) {
        return switch (next) {
            case WAIT -> "wait";
            case ASK_NUMBER -> "ask the user for another number";
            case OTHER_FACTOR -> "offer another factor";
            case RETRY -> "let the user try again";
        };
    }

    public static String of(SubmitResult.Kind result) {
        return switch (result) {
            case ACCEPTED -> "taken";
            case REJECTED -> "refused";
            case THROTTLED -> "throttled";
            case UNAVAILABLE -> "not taken";
            case AMBIGUOUS -> "perhaps sent";
        };
    }

    private static <T> Map<String, T> byWire(T[] values, Function<T, String> wire) {
        return Arrays.stream(values).collect(Collectors.toMap(wire, Function.identity()));
    }
}
