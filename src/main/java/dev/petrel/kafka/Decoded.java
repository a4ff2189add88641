package dev.petrel.kafka;

import dev.petrel.message.Reason;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.Recipient;
import dev.petrel.message.SendRequest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a record of the request topic turned out to be. */
sealed interface Decoded {

    /** It follows every rule. */
    record Request(SendRequest request) implements Decoded {}

    /**
     * It breaks a rule.
     *
     * @param requestId null where none could be read, it breaks its own rule, or it contains the number: there must be
     *     no status event then
     * @param to null where it breaks its rule
     * @param recordedAt the timestamp of the record, or the time of arrival if that lay in the future
     * @param tenant null where it is absent, or breaks its rule
     * @param purpose null where it is absent, or breaks its rule
     * @param field the name of the first field that breaks a rule, in the order of the contract; {@code value} for the
     *     record as a whole
     * @param rule what would have been right, in words without any value
     */
    record Malformed(
            @Nullable String requestId,
            @Nullable Recipient to,
            Instant recordedAt,
            @Nullable String tenant,
            @Nullable String purpose,
            String field,
            String rule)
            implements Decoded {

        /** For people: the field and the rule. */
        String complaint() {
            return field + ": " + rule;
        }

        Reason reason() {
            return Reason.of(ReasonClass.INVALID, complaint());
        }
    }
}
