package dev.petrel.route;

import dev.petrel.message.SkipReason;
import org.jspecify.annotations.Nullable;

/**
 * A provider as the planner sees it: with its state, and the reason for it.
 *
 * @param shut why it may not be tried now; null where it may
 * @param failureRate percent of its latest calls that failed; the lower, the less bad
 */
public record Candidate(String provider, @Nullable SkipReason shut, float failureRate) {}
