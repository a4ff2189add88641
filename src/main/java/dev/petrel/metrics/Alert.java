package dev.petrel.metrics;

import dev.petrel.message.ReasonClass;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What an operator must look at. The names in lower case are the values of the tag {@code kind}. */
public enum Alert {
    /** Credentials, a suspended account, a sender that is not registered. */
    PROVIDER_FAULT,
    /** An account has no permission for a country. */
    GEO_BLOCKED,
    /** A provider found our request malformed: a bug of ours. */
    BAD_REQUEST,
    /** Every provider of a route is shut; one is tried with a trickle. */
    ALL_SHUT,
    /** Requests of a country without a working provider were ended to make room. */
    SATURATED,
    /** A dead letter can't be written; it holds its offset. */
    DEAD_LETTER_STUCK,
    /** A request partition has no status partition; it stays paused. */
    STATUS_PARTITION_MISSING,
    /** The group has not confirmed us for too long: nothing is decided until it does. */
    LEASE_LOST,
    /** No provider's receipts reach us, and not for the providers' fault: nobody fails over by silence. */
    RECEIPTS_SILENT,
    /** A callback that carries a token of ours was not its provider's word: the account's token or the public URL is wrong. */
    WEBHOOK_REFUSED,
    /** A receipt could not be written: its provider is to bring it again. */
    RECEIPT_UNWRITTEN,
    /** No broker could be reached at the start: it is tried again, and nothing is taken until then. */
    KAFKA_AWAY_AT_START,
    /** Our reading of the status topic lags: nothing is said of availability, and readers take SMS as down. */
    AVAILABILITY_SILENT,
    /** An exception where none may be: a bug of ours. */
    STRAY_EXCEPTION;

    /** What a provider's answer means to the operator, where it does. */
    public static @Nullable Alert of(ReasonClass why) {
        return switch (why) {
            case PROVIDER_FAULT -> PROVIDER_FAULT;
            case GEO_BLOCKED -> GEO_BLOCKED;
            case BAD_REQUEST -> BAD_REQUEST;
            default -> null;
        };
    }

    public String tag() {
        return name().toLowerCase(Locale.ROOT);
    }
}
