package dev.petrel.guarantees.storm;

import dev.petrel.simulator.Latency;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a storm is like.
 *
 * @param seed of the requests
 * @param length of the load
 * @param protocol of the group
 * @param instances but for the visitor
 * @param perSecond requests
 * @param lives of their codes, in seconds; each as often as the others
 * @param latency of providers that are well: always something is in flight
 * @param patience for the last final, once everything is well again
 * @param variables of the gateways' environment
 * @param patch classes that take the place of Petrel's; null: none do
 * @param logs where the gateways' streams stay; null: they don't
 */
record Weather(
        long seed,
        Duration length,
        List<Fault> faults,
        String protocol,
        int instances,
        int perSecond,
        List<Integer> lives,
        Latency latency,
        Duration patience,
        Map<String, String> variables,
        @Nullable Path patch,
        @Nullable Path logs) {

    /** Three instances that speak {@code classic}, and lives as they come. */
    static Weather of(long seed, Duration length, List<Fault> faults) {
        return new Weather(
                seed,
                length,
                faults,
                "classic",
                3,
                50,
                List.of(20, 30, 60, 120, 300),
                Latency.of(120, 900),
                Duration.ofSeconds(120),
                Map.of(),
                null,
                null);
    }

    Weather withProtocol(String other) {
        return new Weather(
                seed, length, faults, other, instances, perSecond, lives, latency, patience, variables, patch, logs);
    }

    Weather withInstances(int count) {
        return new Weather(
                seed, length, faults, protocol, count, perSecond, lives, latency, patience, variables, patch, logs);
    }

    Weather withRate(int rate) {
        return new Weather(
                seed, length, faults, protocol, instances, rate, lives, latency, patience, variables, patch, logs);
    }

    Weather withLives(Integer... seconds) {
        return new Weather(
                seed,
                length,
                faults,
                protocol,
                instances,
                perSecond,
                List.of(seconds),
                latency,
                patience,
                variables,
                patch,
                logs);
    }

    Weather withLatency(Latency usual) {
        return new Weather(
                seed, length, faults, protocol, instances, perSecond, lives, usual, patience, variables, patch, logs);
    }

    Weather withPatience(Duration limit) {
        return new Weather(
                seed, length, faults, protocol, instances, perSecond, lives, latency, limit, variables, patch, logs);
    }

    Weather withVariables(Map<String, String> environment) {
        return new Weather(
                seed,
                length,
                faults,
                protocol,
                instances,
                perSecond,
                lives,
                latency,
                patience,
                environment,
                patch,
                logs);
    }

    Weather withPatch(@Nullable Path classes) {
        return new Weather(
                seed, length, faults, protocol, instances, perSecond, lives, latency, patience, variables, classes,
                logs);
    }

    Weather withLogs(@Nullable Path directory) {
        return new Weather(
                seed, length, faults, protocol, instances, perSecond, lives, latency, patience, variables, patch,
                directory);
    }
}
