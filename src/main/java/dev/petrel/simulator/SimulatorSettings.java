package dev.petrel.simulator;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a simulator is started with. {@link #onFreePorts()} is where tests begin.
 *
 * @param host the address that every port is bound to
 * @param controlPort 0: any free one
 * @param latency of every provider that is told nothing else
 * @param maxCalls kept for each provider, about 400 bytes each; the oldest give way. 0: none, only counts
 * @param seed of the latencies that are drawn
 */
public record SimulatorSettings(
        String host, int controlPort, List<Provider> providers, Latency latency, int maxCalls, long seed) {
    public static final int DEFAULT_MAX_CALLS = 200_000;

    public SimulatorSettings {
        providers = List.copyOf(providers);
        Set<String> names = new HashSet<>();
        for (Provider provider : providers) {
            if (!names.add(provider.name())) {
                throw new IllegalArgumentException("provider: " + provider.name() + " is there twice");
            }
        }
        checkPort("control port", controlPort);
        if (maxCalls < 0) {
            throw new IllegalArgumentException("max calls: is " + maxCalls + ", must be 0 or more");
        }
    }

    /** On loopback, with no provider yet, answering at once. */
    public static SimulatorSettings onFreePorts() {
        return new SimulatorSettings("127.0.0.1", 0, List.of(), Latency.NONE, DEFAULT_MAX_CALLS, 1);
    }

    public SimulatorSettings withProvider(String name, Vendor vendor) {
        return withProvider(new Provider(name, vendor, 0, null));
    }

    public SimulatorSettings withProvider(Provider provider) {
        List<Provider> more = new ArrayList<>(providers);
        more.add(provider);
        return new SimulatorSettings(host, controlPort, more, latency, maxCalls, seed);
    }

    public SimulatorSettings withControlPort(int newPort) {
        return new SimulatorSettings(host, newPort, providers, latency, maxCalls, seed);
    }

    public SimulatorSettings withLatency(Latency newLatency) {
        return new SimulatorSettings(host, controlPort, providers, newLatency, maxCalls, seed);
    }

    public SimulatorSettings withMaxCalls(int newMaxCalls) {
        return new SimulatorSettings(host, controlPort, providers, latency, newMaxCalls, seed);
    }

    /**
     * @param name as in the paths of the control port
     * @param port 0: any free one
     * @param credential what a client must show: Twilio's auth token, or the access key id of AWS; null: nothing
     */
    public record Provider(
            String name, Vendor vendor, int port, @Nullable String credential) {
        public Provider {
            if (!name.matches("[A-Za-z0-9._-]{1,64}")) {
                throw new IllegalArgumentException(
                        "provider: is " + name + ", must be 1 to 64 letters, digits, dots, dashes");
            }
            checkPort("port of " + name, port);
        }

        @Override
        public String toString() {
            return "Provider[" + name + ", " + vendor.wire() + ", port " + port + "]";
        }
    }

    private static void checkPort(String what, int port) {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException(what + ": is " + port + ", must be 0 to 65535");
        }
    }
}
