package dev.petrel.testing;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** What stands before several instances: each connection goes to the next one that takes it. */
public final class Balancer implements AutoCloseable {
    private final NetServer server;
    private final NetClient client;
    private final List<Integer> backends;
    private final AtomicInteger next = new AtomicInteger();

    private Balancer(Vertx vertx, List<Integer> backends) {
        this.server = vertx.createNetServer();
        this.client = vertx.createNetClient();
        this.backends = List.copyOf(backends);
    }

    /** @param backends ports on this machine */
    public static Balancer start(Vertx vertx, int port, List<Integer> backends) throws Exception {
        Balancer balancer = new Balancer(vertx, backends);
        balancer.server.connectHandler(balancer::accept);
        Platform.get(balancer.server.listen(port, "127.0.0.1"));
        return balancer;
    }

    private void accept(NetSocket incoming) {
        incoming.pause();
        connect(backends.size())
                .onComplete(
                        outgoing -> {
                            incoming.pipeTo(outgoing);
                            outgoing.pipeTo(incoming);
                        },
                        nobody -> incoming.close());
    }

    private Future<NetSocket> connect(int tries) {
        int port = backends.get(Math.floorMod(next.getAndIncrement(), backends.size()));
        Future<NetSocket> connecting = client.connect(port, "127.0.0.1");
        return tries > 1 ? connecting.recover(dead -> connect(tries - 1)) : connecting;
    }

    @Override
    public void close() throws Exception {
        Platform.get(server.close());
        Platform.get(client.close());
    }
}
