package dev.petrel.message;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What one submission came to. A provider adapter answers with one of these and never fails its future. */
public sealed interface SubmitResult {

    Kind kind();

    /** False only where surely nothing reached the provider. */
    default boolean sent() {
        return true;
    }

    /** Whether a handset may yet see this one: accepted, or perhaps. */
    default boolean copy() {
        return false;
    }

    /** Null for {@link Accepted} alone. */
    @Nullable
    Reason reason();

    /** The provider took the message; whether it reaches the handset is another matter. */
    record Accepted(String providerMessageId) implements SubmitResult {
        @Override
        public Kind kind() {
            return Kind.ACCEPTED;
        }

        @Override
        public boolean copy() {
            return true;
        }

        @Override
        public @Nullable Reason reason() {
            return null;
        }
    }

    /** The provider will never take it, for this reason. Not {@code sent} where it could not even be asked. */
    record Rejected(Reason reason, boolean sent) implements SubmitResult {
        @Override
        public Kind kind() {
            return Kind.REJECTED;
        }
    }

    /**
     * Over the provider's rate: it saw the request and took no message.
     *
     * @param retryAfter what the provider asked for; null if it did not say
     */
    record Throttled(@Nullable Duration retryAfter, Reason reason) implements SubmitResult {
        @Override
        public Kind kind() {
            return Kind.THROTTLED;
        }
    }

    /** Not taken: connection refused ({@code sent} false), or an answered 5xx ({@code sent}, and most likely not taken). */
    record Unavailable(boolean sent, Reason reason) implements SubmitResult {
        @Override
        public Kind kind() {
            return Kind.UNAVAILABLE;
        }
    }

    /** Perhaps sent: the answer was lost, came too late, or can't be read. */
    record Ambiguous(Reason reason) implements SubmitResult {
        @Override
        public Kind kind() {
            return Kind.AMBIGUOUS;
        }

        @Override
        public boolean copy() {
            return true;
        }
    }

    /** The names in lower case are the words of statuses and metrics. */
    enum Kind {
        ACCEPTED,
        REJECTED,
        THROTTLED,
        UNAVAILABLE,
        AMBIGUOUS;

        private final String wire = name().toLowerCase(Locale.ROOT);

        public String wire() {
            return wire;
        }
    }
}
