package dev.petrel.message;

import org.jspecify.annotations.Nullable;

/**
 * A provider's later word on one submission.
 *
 * @param reason why it is bad; null where it is not
 */
public record DeliveryReceipt(ReceiptState state, @Nullable Reason reason) {}
