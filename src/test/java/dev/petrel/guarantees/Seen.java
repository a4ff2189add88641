package dev.petrel.guarantees;

import java.time.Instant;

/**
 * A request for a message as a provider saw it.
 *
 * @param accepted whether the provider took it
 * @param messageId what the provider calls it, if it took it
 * @param sender that was asked for; where each gateway has its own, it tells who sent this
 */
public record Seen(
        String provider, String to, String text, Instant at, boolean accepted, String messageId, String sender) {}
