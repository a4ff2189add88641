package dev.petrel.trace;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was found of one request.
 *
 * @param events in the order of each partition, one partition after the other
 * @param unreadable records of the request that are no status event
 */
public record Traced(List<TracedEvent> events, int unreadable, Searched searched) {

    /**
     * What was looked through.
     *
     * @param partitions how many
     * @param only the number of the one partition that was read, where a hint said so
     * @param since from when on; null: from the first that is left
     * @param records how many were looked at
     * @param brokenOff why it was not read to the end; null: it was
     */
    public record Searched(
            String topic,
            int partitions,
            @Nullable Integer only,
            @Nullable Instant since,
            long records,
            Duration took,
            @Nullable String brokenOff) {}
}
