package dev.petrel.guarantees;

import java.time.Instant;

/** A request as it stands on the request topic. Each has a text of its own, by which a provider's calls are matched. */
public record Asked(
        String requestId, String to, String text, Instant recordedAt, Instant expiresAt, int partition, long offset) {}
