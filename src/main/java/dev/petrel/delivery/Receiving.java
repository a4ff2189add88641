package dev.petrel.delivery;

import dev.petrel.health.DeliveryHealth;
import dev.petrel.message.AttemptTicket;
import java.net.URI;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * How receipts come back, and what is made of them.
 *
 * @param callbackUrl where the provider shall send the receipts of an attempt; asked only where receipts are on
 */
public record Receiving(
        Supplier<ReceiptConfig> config, DeliveryHealth health, Function<AttemptTicket, URI> callbackUrl) {}
