/**
 * Where a provider is to send the receipts of one attempt: a URL whose last part is a signed token with all that must be
 * known of the attempt, so that any instance can take any receipt and nothing is looked up. Open {@link
 * dev.petrel.receipt.CallbackTokens} first. How a vendor's receipt is read is in {@code provider}, the port that takes
 * them in {@code web}.
 */
package dev.petrel.receipt;
