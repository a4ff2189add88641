package dev.petrel.app;

import dev.petrel.attempt.GuardedProvider;
import dev.petrel.delivery.Held;
import dev.petrel.delivery.InFlight;
import dev.petrel.delivery.Providers;
import dev.petrel.kafka.InstanceLine;
import dev.petrel.kafka.RequestIntake;
import dev.petrel.message.SkipReason;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Gathers what this instance says of itself. On the event loop of the delivery. */
final class InstanceReport {
    private final String instance;
    private final BooleanSupplier ready;
    private final RequestIntake requests;
    private final Held held;
    private final InFlight inFlight;
    private final Providers providers;

    InstanceReport(
            String instance,
            BooleanSupplier ready,
            RequestIntake requests,
            Held held,
            InFlight inFlight,
            Providers providers) {
        this.instance = instance;
        this.ready = ready;
        this.requests = requests;
        this.held = held;
        this.inFlight = inFlight;
        this.providers = providers;
    }

    InstanceLine line() {
        Map<String, InstanceLine.Provider> looks = new HashMap<>();
        for (GuardedProvider provider : providers.all()) {
            SkipReason shut = provider.shut();
            looks.put(
                    provider.id(),
                    new InstanceLine.Provider(
                            provider.breakerState(),
                            Math.round(provider.failureRate()),
                            shut == null ? null : shut.wire(),
                            provider.inFlight()));
        }
        return new InstanceLine(
                instance,
                Instant.now(),
                ready.getAsBoolean(),
                requests.partitions(),
                requests.leaseAge(),
                inFlight.count(),
                held.count(),
                looks);
    }
}
