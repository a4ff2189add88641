package dev.petrel.message;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A receipt as it is told on the status topic, by whichever instance heard it.
 *
 * @param providerMessageId the vendor's; null where it did not say
 * @param at when we heard it
 */
public record ReceiptEvent(
        AttemptTicket attempt,
        DeliveryReceipt receipt,
        @Nullable String providerMessageId,
        Instant at) {}
