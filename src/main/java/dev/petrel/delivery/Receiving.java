package dev.petrel.delivery;

import dev.petrel.health.DeliveryHealth;
import dev.petrel.message.AttemptTicket;
import dev.petrel.message.SendRequest;
import java.net.URI;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * How receipts come back, and what is made of them.
 *
 * @param callbackUrl where the provider shall send the receipts of an attempt; asked only where receipts are on
 */
public record Receiving(
        Supplier<ReceiptConfig> config, DeliveryHealth health, Function<AttemptTicket, URI> callbackUrl) {
    URI callbackUrl(SendRequest request, String provider, String attemptId, int number, int round) {
        return callbackUrl.apply(new AttemptTicket(
                request.requestId(),
                request.source().partition(),
                request.source().offset(),
                attemptId,
                number,
                round,
                provider,
                request.to().country(),
                request.to().masked(),
                request.recordedAt(),
                request.expiresAt()));
    }
}
