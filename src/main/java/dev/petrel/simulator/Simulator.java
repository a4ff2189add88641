package dev.petrel.simulator;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Simulated providers, each on a port and an event loop of its own, and the control port, which stays reachable
 * whatever they do. Every method may be called on any thread and none blocks.
 */
public final class Simulator {
    private final Map<String, SimulatedProvider> providers;
    private final ControlApi control;
    private @Nullable Future<Void> closed;

    private Simulator(Map<String, SimulatedProvider> providers, ControlApi control) {
        this.providers = Collections.unmodifiableMap(providers);
        this.control = control;
    }

    /** Listens on every port when the future is done; on none when it fails. */
    public static Future<Simulator> start(Vertx vertx, SimulatorSettings settings) {
        Map<String, SimulatedProvider> providers = new LinkedHashMap<>();
        List<Future<?>> starting = new ArrayList<>();
        for (SimulatorSettings.Provider provider : settings.providers()) {
            SimulatedProvider simulated = new SimulatedProvider(vertx, settings, provider);
            providers.put(provider.name(), simulated);
            starting.add(simulated.start());
        }
        ControlApi control = new ControlApi(settings.host(), settings.controlPort(), providers);
        starting.add(control.deploy(vertx));
        Simulator simulator = new Simulator(providers, control);
        return Future.join(starting)
                .map(simulator)
                .recover(cause -> simulator.close().transform(any -> Future.failedFuture(cause)));
    }

    public Collection<SimulatedProvider> providers() {
        return providers.values();
    }

    /** @throws IllegalArgumentException if there is none of this name */
    public SimulatedProvider provider(String name) {
        SimulatedProvider provider = providers.get(name);
        if (provider == null) {
            throw new IllegalArgumentException("no provider " + name + ", only " + providers.keySet());
        }
        return provider;
    }

    public int controlPort() {
        return control.port();
    }

    public String controlUrl() {
        return control.url();
    }

    /** Closes every port and connection; requests that hang are dropped. May be called more than once. */
    public synchronized Future<Void> close() {
        if (closed == null) {
            List<Future<?>> closing = new ArrayList<>();
            closing.add(control.close());
            providers.values().forEach(provider -> closing.add(provider.close()));
            closed = Future.join(closing).mapEmpty();
        }
        return closed;
    }
}
