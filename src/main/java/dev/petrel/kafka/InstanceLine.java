package dev.petrel.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an instance says of itself every two seconds, for whoever looks at the cluster. Nothing that Petrel decides depends
 * on it.
 *
 * @param partitions of the request topic that it owns
 * @param leaseAge since the group last confirmed it; zero where it owns nothing
 * @param inFlight attempts in flight and statuses not yet acknowledged
 * @param held texts
 * @param providers by id
 */
public record InstanceLine(
        String instance,
        Instant at,
        boolean ready,
        List<Integer> partitions,
        Duration leaseAge,
        int inFlight,
        int held,
        Map<String, Provider> providers) {

    /**
     * How a provider looks from there.
     *
     * @param breaker its state
     * @param failureRate percent of the latest calls
     * @param shut why it is passed over now; null: it is not
     * @param inFlight submissions without an answer
     */
    public record Provider(
            String breaker, int failureRate, @Nullable String shut, int inFlight) {}

    public InstanceLine {
        partitions = List.copyOf(partitions);
        providers = Map.copyOf(providers);
    }
}
