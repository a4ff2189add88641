package dev.petrel.console;

import dev.petrel.availability.Sighting;
import dev.petrel.message.Skip;
import dev.petrel.message.SubmitResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One event of the status topic, with what decided about it.
 *
 * @param result where it tells of an attempt: what that came to
 * @param tookMillis where it tells of an attempt: how long the provider took
 * @param skipped the providers that were passed over since the request's last event
 */
public record Happening(Sighting seen, SubmitResult.@Nullable Kind result, long tookMillis, List<Skip> skipped) {}
