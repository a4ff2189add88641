package dev.petrel.provider;

import static dev.petrel.message.ReasonClass.AMBIGUOUS;
import static dev.petrel.message.ReasonClass.BAD_REQUEST;
import static dev.petrel.message.ReasonClass.CONTENT;
import static dev.petrel.message.ReasonClass.FILTERED;
import static dev.petrel.message.ReasonClass.FRAUD_BLOCKED;
import static dev.petrel.message.ReasonClass.GEO_BLOCKED;
import static dev.petrel.message.ReasonClass.NO_ROUTE;
import static dev.petrel.message.ReasonClass.OPTED_OUT;
import static dev.petrel.message.ReasonClass.PROVIDER_FAULT;
import static dev.petrel.message.ReasonClass.RECIPIENT_INVALID;
import static dev.petrel.message.ReasonClass.RECIPIENT_UNREACHABLE;
import static dev.petrel.message.ReasonClass.SENDER_REFUSED;
import static dev.petrel.message.ReasonClass.SERVER_ERROR;
import static dev.petrel.message.ReasonClass.THROTTLED;
import static dev.petrel.message.ReasonClass.UNAVAILABLE;

import dev.petrel.config.Check;
import dev.petrel.message.Reason;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.SubmitResult;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A vendor's error codes in our words, the operator's additions to them, and what follows for a code that neither knows:
 * vendors change their codes, and the HTTP status still says whose fault it was.
 */
public final class ErrorTable {
    private static final Pattern CODE = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    /** As short as a number with its country code can be: a code that could hold one is not passed on (P6). */
    private static final Pattern NUMBER_LIKE = Pattern.compile("[0-9]{7}");

    /** What an answer can mean. The rest of the list is Petrel's own, or says that there was no answer. */
    private static final Set<ReasonClass> ANSWERS = Set.of(
            RECIPIENT_INVALID,
            RECIPIENT_UNREACHABLE,
            OPTED_OUT,
            FRAUD_BLOCKED,
            GEO_BLOCKED,
            FILTERED,
            NO_ROUTE,
            CONTENT,
            SENDER_REFUSED,
            BAD_REQUEST,
            PROVIDER_FAULT,
            THROTTLED,
            SERVER_ERROR,
            AMBIGUOUS);

    /**
     * What is heard even beside an answered 5xx, which otherwise says "most likely not taken, try the next": each of
     * these asks for more care than that.
     */
    private static final Set<ReasonClass> HEARD_BESIDE_5XX = Set.of(THROTTLED, AMBIGUOUS, FRAUD_BLOCKED, GEO_BLOCKED);

    private final Map<String, ReasonClass> classes;

    /**
     * @param known each meaning with the vendor's codes for it
     * @param additions from the settings; they win
     */
    public ErrorTable(Map<ReasonClass, Set<String>> known, Map<String, ReasonClass> additions) {
        Map<String, ReasonClass> all = new HashMap<>();
        known.forEach((reasonClass, codes) -> codes.forEach(code -> all.put(code, reasonClass)));
        all.putAll(additions);
        this.classes = Map.copyOf(all);
    }

    /** Checks the setting {@code error-codes} of one provider. */
    public static Check checkAdditions(Check check, Map<String, ReasonClass> additions) {
        Check so = check;
        for (Map.Entry<String, ReasonClass> addition : additions.entrySet()) {
            String key = "error-codes." + addition.getKey();
            so = so.that(isCode(addition.getKey()), key, "no code", "a vendor's error code: letters, digits, . _ -")
                    .that(
                            ANSWERS.contains(addition.getValue()),
                            key,
                            addition.getValue().wire(),
                            "one of " + answers());
        }
        return so;
    }

    /** The class of a code that was told with this status; a null or unknown code goes by the status. */
    public ReasonClass classOf(@Nullable String code, int status) {
        ReasonClass told = code == null ? null : classes.get(code);
        if (status >= 500) {
            return told != null && HEARD_BESIDE_5XX.contains(told) ? told : SERVER_ERROR;
        }
        return told != null ? told : classOf(status);
    }

    /**
     * Why a message that was taken was not delivered. A null or unknown code says no more than that. Anything that does
     * not look like a code is left out.
     */
    public Reason undelivered(@Nullable String code) {
        ReasonClass told = code == null ? null : classes.get(code);
        ReasonClass reasonClass = told == null ? UNAVAILABLE : told;
        return new Reason(reasonClass, code != null && isCode(code) ? code : null, detail(reasonClass));
    }

    private static ReasonClass classOf(int status) {
        if (status == 429) {
            return THROTTLED;
        }
        if (status == 401 || status == 403) {
            return PROVIDER_FAULT;
        }
        if (status >= 400) {
            return BAD_REQUEST;
        }
        // A redirect or the like does not come from the vendor's API but from something in front of it.
        return SERVER_ERROR;
    }

    /**
     * What a refusal comes to.
     *
     * @param code the vendor's; anything that does not look like one is replaced by the status
     * @param senderNamed whether the request named the sender: if not, a refused sender is the provider's own
     */
    public static SubmitResult refusal(
            ReasonClass reasonClass,
            @Nullable String code,
            int status,
            @Nullable Duration retryAfter,
            boolean senderNamed) {
        ReasonClass told = reasonClass == SENDER_REFUSED && !senderNamed ? PROVIDER_FAULT : reasonClass;
        Reason reason = new Reason(told, code != null && isCode(code) ? code : Integer.toString(status), detail(told));
        return switch (told) {
            case THROTTLED -> new SubmitResult.Throttled(retryAfter, reason);
            case SERVER_ERROR -> new SubmitResult.Unavailable(true, reason);
            case AMBIGUOUS -> new SubmitResult.Ambiguous(reason);
            default -> new SubmitResult.Rejected(reason, true);
        };
    }

    /** A success that can't be read: perhaps it was one. */
    public static SubmitResult unreadable(int status) {
        return new SubmitResult.Ambiguous(
                new Reason(AMBIGUOUS, Integer.toString(status), "a success without a readable message id"));
    }

    /** The adapter could not make a request of it; our own mistake. */
    public static SubmitResult unmakeable() {
        return new SubmitResult.Rejected(Reason.of(BAD_REQUEST, "no request could be made of it"), false);
    }

    private static boolean isCode(String code) {
        return CODE.matcher(code).matches() && !NUMBER_LIKE.matcher(code).find();
    }

    /** The words that the setting may use. */
    public static String answers() {
        return Arrays.stream(ReasonClass.values())
                .filter(ANSWERS::contains)
                .map(ReasonClass::wire)
                .collect(Collectors.joining(", "));
    }

    private static String detail(ReasonClass told) {
        return switch (told) {
            case RECIPIENT_INVALID -> "the number can't receive SMS";
            case RECIPIENT_UNREACHABLE -> "the number can't be reached now";
            case OPTED_OUT -> "the recipient has opted out";
            case FRAUD_BLOCKED -> "blocked as suspected fraud";
            case GEO_BLOCKED -> "the account may not send to this country";
            case FILTERED -> "filtered";
            case NO_ROUTE -> "no route to this number";
            case CONTENT -> "the text was refused";
            case SENDER_REFUSED -> "the sender id of the request was refused";
            case BAD_REQUEST -> "the provider could not use our request";
            case PROVIDER_FAULT -> "the account, its credentials or its sender are not in order";
            case THROTTLED -> "over the provider's rate";
            case AMBIGUOUS -> "the provider does not know whether it was sent";
            case UNAVAILABLE -> "the provider could not deliver it";
            default -> "the provider answered with an error of its own";
        };
    }
}
