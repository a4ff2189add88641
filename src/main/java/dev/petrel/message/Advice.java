package dev.petrel.message;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the auth service should do now.
 *
 * @param after how long to wait before that; null: at once
 * @param chargeUser whether this may count as one of the user's tries: what providers do must not cost him one
 */
public record Advice(Next next, @Nullable Duration after, boolean chargeUser) {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(30);

    /** The names in lower case are the words on the wire. */
    public enum Next {
        WAIT,
        ASK_NUMBER,
        OTHER_FACTOR,
        RETRY;

        public String wire() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The advice that stands on a final without a reason: a provider took it, or a newer code is on its way. */
    public static Advice toWait() {
        return new Advice(Next.WAIT, null, false);
    }

    /** The advice that stands on a final with a reason of this class. */
    public static Advice when(ReasonClass reasonClass) {
        return switch (reasonClass) {
            case RECIPIENT_INVALID -> new Advice(Next.ASK_NUMBER, null, true);
            case RECIPIENT_UNREACHABLE -> new Advice(Next.ASK_NUMBER, null, false);
            case OPTED_OUT,
                    FRAUD_BLOCKED,
                    GEO_BLOCKED,
                    FILTERED,
                    NO_ROUTE,
                    CONTENT,
                    NO_PROVIDER,
                    DENIED,
                    LIMIT,
                    INVALID,
                    VERIFIED -> new Advice(Next.OTHER_FACTOR, null, false);
            case THROTTLED,
                    UNAVAILABLE,
                    SERVER_ERROR,
                    AMBIGUOUS,
                    SATURATED,
                    EXPIRED,
                    PROVIDER_FAULT,
                    SENDER_REFUSED,
                    BAD_REQUEST -> new Advice(Next.RETRY, RETRY_AFTER, false);
        };
    }

    /**
     * As {@link #when(ReasonClass)}, but nobody is told to try again where that would come to nothing.
     *
     * @param countryOk whether SMS can be relied on in the recipient's country now
     */
    public static Advice when(ReasonClass reasonClass, boolean countryOk) {
        Advice advice = when(reasonClass);
        return advice.next == Next.RETRY && !countryOk
                ? new Advice(Next.OTHER_FACTOR, null, advice.chargeUser)
                : advice;
    }
}
