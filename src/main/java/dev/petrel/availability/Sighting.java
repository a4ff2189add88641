package dev.petrel.availability;

import dev.petrel.message.ReasonClass;
import dev.petrel.message.ReceiptState;
import dev.petrel.message.Status;
import org.jspecify.annotations.Nullable;

/**
 * One event of the status topic, as far as it matters here.
 *
 * @param request a hash of the request's id
 * @param country of the recipient
 * @param last whether it is a final
 * @param receipt where it is a receipt: its state
 * @param provider of the attempt or the receipt; null where it is about none
 * @param requestedAtMillis when the request's record was written, in milliseconds since the epoch
 * @param atMillis when the event was written
 */
public record Sighting(
        long request,
        String country,
        Status status,
        boolean last,
        @Nullable ReceiptState receipt,
        @Nullable ReasonClass reason,
        @Nullable String provider,
        long requestedAtMillis,
        long atMillis) {}
