package dev.petrel.client;

import java.time.Duration;

/**
 * What to do now.
 *
 * @param next {@code wait}, {@code retry}, {@code ask_number} or {@code other_factor}; take others for the last
 * @param after how long to wait before that
 * @param chargeUser whether this may count as one of the user's tries
 */
public record Advice(String next, Duration after, boolean chargeUser) {}
