package dev.petrel.simulator;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The listening socket of one provider, on an event loop of its own, which can be closed and opened again at the same
 * port.
 *
 * <p>While it is closed the port stays ours: a socket is bound to it that does not listen. The kernel refuses whoever
 * connects, and gives the port to nobody else; without it a client that keeps knocking at a free port of the ephemeral
 * range is sooner or later connected to itself.
 */
final class VendorPort extends VerticleBase {
    private static final long CLOSING_MILLIS = 5000;

    private final String host;
    private final Handler<HttpServerRequest> handler;

    private volatile int port;
    private @Nullable HttpServer server;
    private @Nullable SocketChannel reservation;
    private boolean stopped;
    /** One after the other, however quickly the orders come. */
    private Future<Void> last = Future.succeededFuture();

    /** @param port 0: any free one, and then always this one */
    VendorPort(String host, int port, Handler<HttpServerRequest> handler) {
        this.host = host;
        this.port = port;
        this.handler = handler;
    }

    @Override
    public Future<?> start() {
        return listen();
    }

    /** Undeploying closes the server, and with it every connection. */
    @Override
    public Future<?> stop() {
        stopped = true;
        release();
        return Future.succeededFuture();
    }

    /** Also right when it never listened. */
    Future<Void> close() {
        return context == null
                ? Future.succeededFuture()
                : vertx.undeploy(context.deploymentID()).otherwiseEmpty();
    }

    int port() {
        return port;
    }

    /** May be called on any thread. When it is done, whoever connects is served. */
    Future<Void> open() {
        return next(() -> server != null ? Future.succeededFuture() : listen());
    }

    /** May be called on any thread. When it is done, every connection is closed and whoever connects is refused. */
    Future<Void> shut() {
        return next(() -> {
            HttpServer open = server;
            if (open == null) {
                return Future.succeededFuture();
            }
            server = null;
            return open.shutdown(0, TimeUnit.SECONDS).compose(closed -> reserve(System.nanoTime()));
        });
    }

    private Future<Void> next(Supplier<Future<Void>> step) {
        Promise<Void> done = Promise.promise();
        Context own = context;
        own.runOnContext(now -> {
            last = last.otherwiseEmpty()
                    .compose(before -> stopped ? Future.failedFuture(new ClosedChannelException()) : step.get());
            last.onComplete(done);
        });
        return done.future();
    }

    private Future<Void> listen() {
        release();
        HttpServer fresh = vertx.createHttpServer(new HttpServerOptions()
                        .setHost(host)
                        .setPort(port)
                        .setHttp2ClearTextEnabled(false)
                        .setAcceptBacklog(4096))
                .requestHandler(handler);
        return fresh.listen().map(listening -> {
            server = fresh;
            port = fresh.actualPort();
            return null;
        });
    }

    /** Succeeds only when the listening socket is really gone, which may be a moment after its close was told. */
    private Future<Void> reserve(long since) {
        try {
            SocketChannel bound = SocketChannel.open();
            try {
                bound.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                bound.bind(new InetSocketAddress(host, port));
                reservation = bound;
                return Future.succeededFuture();
            } catch (IOException e) {
                bound.close();
                throw e;
            }
        } catch (BindException inUse) {
            if (TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since) > CLOSING_MILLIS) {
                return Future.failedFuture(inUse);
            }
            return vertx.timer(1).compose(again -> reserve(since));
        } catch (IOException e) {
            return Future.failedFuture(e);
        }
    }

    private void release() {
        SocketChannel bound = reservation;
        reservation = null;
        if (bound != null) {
            try {
                bound.close();
            } catch (IOException ignored) {
                // nothing was ever sent over it
            }
        }
    }
}
