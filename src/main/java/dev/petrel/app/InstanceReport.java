package dev.petrel.app;

import dev.petrel.attempt.GuardedProvider;
import dev.petrel.console.InstanceLine;
import dev.petrel.delivery.Delivery;
import dev.petrel.delivery.Held;
import dev.petrel.delivery.InFlight;
import dev.petrel.delivery.Providers;
import dev.petrel.kafka.RequestIntake;
import dev.petrel.message.SkipReason;
import java.time.Duration;
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
    private final Delivery delivery;
    /** Since when each breaker has been other than closed. */
    private final Map<String, Instant> notClosed = new HashMap<>();

    InstanceReport(
            String instance,
            BooleanSupplier ready,
            RequestIntake requests,
            Held held,
            InFlight inFlight,
            Providers providers,
            Delivery delivery) {
        this.instance = instance;
        this.ready = ready;
        this.requests = requests;
        this.held = held;
        this.inFlight = inFlight;
        this.providers = providers;
        this.delivery = delivery;
    }

    InstanceLine line() {
        Instant now = Instant.now();
        Map<String, InstanceLine.Provider> looks = new HashMap<>();
        for (GuardedProvider provider : providers.all()) {
            looks.put(provider.id(), look(provider, now));
        }
        return new InstanceLine(
                instance,
                now,
                ready.getAsBoolean(),
                requests.partitions(),
                requests.leaseAge(),
                inFlight.count(),
                held.count(),
                delivery.waiting(),
                requests.lag(),
                looks);
    }

    private InstanceLine.Provider look(GuardedProvider provider, Instant now) {
        String breaker = provider.breakerState();
        if (breaker.equals("closed")) {
            notClosed.remove(provider.id());
        } else {
            notClosed.putIfAbsent(provider.id(), now);
        }
        SkipReason shut = provider.shut();
        Duration rest = provider.rest();
        return new InstanceLine.Provider(
                breaker,
                notClosed.get(provider.id()),
                Math.round(provider.failureRate()),
                shut == null ? null : shut.wire(),
                rest.isZero() ? null : now.plus(rest),
                provider.inFlight());
    }
}
