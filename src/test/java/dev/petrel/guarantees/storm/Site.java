package dev.petrel.guarantees.storm;

import dev.petrel.testing.BrokerProcess;
import dev.petrel.testing.EmbeddedBroker.Place;
import dev.petrel.testing.FreePorts;

/** A broker in a process of its own, and a proxy before it. Several storms may use it, one after the other. */
final class Site implements AutoCloseable {
    private final BrokerProcess broker;
    private final TcpProxy proxy;

    Site() throws Exception {
        int proxyPort = FreePorts.next();
        int detour = FreePorts.next();
        proxy = new TcpProxy(proxyPort, detour);
        broker = BrokerProcess.start(Place.fresh().withDetour(detour, proxyPort));
    }

    BrokerProcess broker() {
        return broker;
    }

    TcpProxy proxy() {
        return proxy;
    }

    /** Where the broker is reached by way of the proxy. */
    String detour() {
        return "127.0.0.1:" + proxy.port();
    }

    @Override
    public void close() throws Exception {
        broker.close();
        proxy.close();
    }
}
