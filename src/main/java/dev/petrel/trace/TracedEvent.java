package dev.petrel.trace;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A status event as it was read back. Words stay as they stand on the topic: it may have been written by a newer Petrel.
 *
 * @param partition of the event, and of its request
 * @param last whether it is a final
 * @param attempt whose result it is, or that it is about; null where it is about none
 * @param receipt what the provider said, in a receipt only
 * @param masked what may be shown of the recipient's number
 * @param source the request's place, as {@code topic partition:offset}
 * @param json the whole event, on one line; holds nothing that P6 forbids
 */
public record TracedEvent(
        int partition,
        String status,
        boolean last,
        Instant at,
        @Nullable Attempt attempt,
        @Nullable String receipt,
        @Nullable Cause cause,
        List<Passed> skipped,
        @Nullable Advised advice,
        @Nullable Instant expiresAt,
        @Nullable String masked,
        @Nullable String country,
        long elapsedMillis,
        boolean late,
        @Nullable String tenant,
        @Nullable String purpose,
        @Nullable String source,
        String json) {

    /**
     * One try at one provider.
     *
     * @param result null where the event only names the attempt
     * @param sent false only where surely nothing reached the provider
     */
    public record Attempt(
            int number,
            int round,
            String provider,
            @Nullable String result,
            boolean sent,
            long durationMillis) {}

    /** Why it went as it did. */
    public record Cause(
            String reasonClass,
            @Nullable String code,
            @Nullable String detail) {}

    /** A provider that was passed over. */
    public record Passed(String provider, String reason) {}

    /** @param afterSeconds null: at once */
    public record Advised(String next, @Nullable Long afterSeconds, boolean chargeUser) {}

    /** When the request's record was written. */
    Instant requestedAt() {
        return at.minusMillis(elapsedMillis);
    }
}
