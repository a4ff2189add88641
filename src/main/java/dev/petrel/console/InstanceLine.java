package dev.petrel.console;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
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
 * @param waiting requests that wait for a receipt and for nothing else
 * @param lag requests on its partitions that nobody has begun
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
        int waiting,
        long lag,
        Map<String, Provider> providers) {

    /**
     * How a provider looks from there.
     *
     * @param breaker its state
     * @param since when it was last closed; null: it is
     * @param failureRate percent of the latest calls
     * @param shut why it is passed over now; null: it is not
     * @param restingUntil it asked to be left alone until then; null: it did not
     * @param inFlight submissions without an answer
     */
    public record Provider(
            String breaker,
            @Nullable Instant since,
            int failureRate,
            @Nullable String shut,
            @Nullable Instant restingUntil,
            int inFlight) {
        /** Whether it gets nothing there, or next to nothing, by its own fault. */
        boolean isOpen() {
            return breaker.equals("open") || breaker.equals("half_open");
        }

        private Provider later(Duration by) {
            return new Provider(
                    breaker,
                    since == null ? null : since.plus(by),
                    failureRate,
                    shut,
                    restingUntil == null ? null : restingUntil.plus(by),
                    inFlight);
        }
    }

    /** The same by another clock, by which it was written then: the instance's own may be wrong. */
    public InstanceLine by(Instant written) {
        Duration behind = Duration.between(at, written);
        Map<String, Provider> shifted = new HashMap<>();
        providers.forEach((id, provider) -> shifted.put(id, provider.later(behind)));
        return new InstanceLine(instance, written, ready, partitions, leaseAge, inFlight, held, waiting, lag, shifted);
    }

    public InstanceLine {
        partitions = List.copyOf(partitions);
        providers = Map.copyOf(providers);
    }
}
