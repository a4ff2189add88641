package dev.petrel.web;

import dev.petrel.metrics.Meters;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import java.net.BindException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port that the world reaches, on an event loop of its own: whoever floods it slows no delivery. It keeps count of
 * connections and of time: who sends slowly, or not at all, is cut, and who only holds connections makes room.
 */
public final class WebServer {
    private static final Logger log = LoggerFactory.getLogger(WebServer.class);
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(5);

    private final Vertx vertx;
    private final WebConfig config;
    private final List<Part> parts;
    private final Meters meters;
    private final WebhookLimits limits;
    private @Nullable Future<String> deployment;
    private volatile int port;

    /** Something that is served here, all of it on this server's event loop but for {@link #close}. */
    public interface Part {
        /** @param uri as it was sent */
        boolean isOf(String uri);

        /** Makes what reads and answers this call. */
        WebCall call(HttpServerRequest request, Visit visit);

        /** How many connections it may have at a time; more are turned away at once, those first that were never trusted. */
        int connections();

        /** Ends what would go on for long. From any thread. */
        default void close() {}
    }

    /** @param parts the first whose call it is gets it; the last where it is nobody's */
    public WebServer(Vertx vertx, WebConfig config, List<Part> parts, Meters meters) {
        this(vertx, config, parts, meters, WebhookLimits.USUAL);
    }

    WebServer(Vertx vertx, WebConfig config, List<Part> parts, Meters meters, WebhookLimits limits) {
        this.vertx = vertx;
        this.config = config;
        this.parts = List.copyOf(parts);
        this.meters = meters;
        this.limits = limits;
        for (WebhookAnswer answer : WebhookAnswer.values()) {
            meters.webhookMayAnswer(answer.tag());
        }
    }

    /** Fails if the port is taken. Call it once. */
    public Future<Void> start() {
        deployment = vertx.deployVerticle(new Server());
        return deployment
                .recover(e -> Future.failedFuture(new IllegalStateException("can't listen on " + config.host() + ":"
                        + config.port() + " (petrel.web.host, petrel.web.port): "
                        + (e instanceof BindException ? "it is taken, or no address of this machine" : e.toString()))))
                .mapEmpty();
    }

    /** Answers what is at work, for at most five seconds. May be called more than once, and before the start. */
    public Future<Void> stop() {
        Future<String> started = deployment;
        if (started == null) {
            return Future.succeededFuture();
        }
        deployment = null;
        parts.forEach(Part::close);
        Promise<Void> stopped = Promise.promise();
        started.onComplete(id -> vertx.undeploy(id).onComplete(stopped), neverStarted -> stopped.tryComplete());
        return stopped.future();
    }

    /** The port it listens on, which matters where the settings say 0. */
    public int port() {
        return port;
    }

    /** Whoever hung up has no use for the answer. */
    static void unanswered(Future<Void> sending) {
        sending.onFailure(
                broken -> log.debug("no answer to a call: {}", broken.getClass().getSimpleName()));
    }

    /** At once. Vert.x would wait until all that was written is read, and who is cut for reading nothing would stay. */
    static void cut(HttpConnection connection) {
        if (connection instanceof HttpServerConnection wire) {
            wire.channelHandlerContext().flush().close();
        } else {
            unanswered(connection.close());
        }
    }

    /** All that changes, on the one event loop that it changes on. */
    private final class Server extends VerticleBase {
        private final Map<HttpConnection, Visit> visits = new LinkedHashMap<>();
        private final Map<Part, Integer> visited = new HashMap<>();
        private @Nullable HttpServer server;

        @Override
        public Future<?> start() {
            HttpServer made = vertx.createHttpServer(new HttpServerOptions()
                    .setHttp2ClearTextEnabled(false)
                    .setCompressionSupported(false)
                    .setDecompressionSupported(false)
                    .setPerFrameWebSocketCompressionSupported(false) // no WebSockets: each call would be looked at
                    .setPerMessageWebSocketCompressionSupported(false)
                    .setHandle100ContinueAutomatically(false));
            server = made;
            return made.connectionHandler(this::connected)
                    .requestHandler(this::handle)
                    .invalidRequestHandler(request -> {
                        meters.webhookCall(WebhookAnswer.UNREADABLE.tag());
                        HttpServerRequest.DEFAULT_INVALID_REQUEST_HANDLER.handle(request);
                    })
                    .exceptionHandler(broken -> log.debug(
                            "a connection broke: {}", broken.getClass().getSimpleName()))
                    .listen(config.port(), config.host())
                    .onSuccess(listening -> port = listening.actualPort());
        }

        @Override
        public Future<?> stop() {
            HttpServer made = server;
            return made == null ? Future.succeededFuture() : made.shutdown(LAST_ANSWERS);
        }

        private void connected(HttpConnection connection) {
            if (visits.size() >= limits.connections()) {
                meters.webhookCall(WebhookAnswer.BUSY.tag());
                if (!makeRoom(null, null)) {
                    cut(connection);
                    return;
                }
            }
            Visit visit = new Visit(vertx, limits, connection);
            visits.put(connection, visit);
            connection.exceptionHandler(broken -> {}); // whoever broke it has no use for an answer
            connection.closeHandler(closed -> forget(visit));
            visit.waitForHead(limits.patience());
        }

        private void forget(Visit visit) {
            if (visits.remove(visit.connection) != null) {
                belongsTo(null, visit);
                visit.end();
            }
        }

        /**
         * The oldest that was never trusted goes: whoever only holds connections must not keep providers, or tenants, out.
         *
         * @param among whose; null: anybody's
         * @param newcomer who stays
         */
        private boolean makeRoom(@Nullable Part among, @Nullable Visit newcomer) {
            for (Visit visit : visits.values()) {
                if (!visit.trusted && visit != newcomer && (among == null || visit.part == among)) {
                    forget(visit);
                    cut(visit.connection);
                    return true;
                }
            }
            return false;
        }

        private void handle(HttpServerRequest request) {
            Visit visit = visits.get(request.connection());
            if (visit == null) {
                cut(request.connection());
                return;
            }
            Part part = partOf(request.uri());
            belongsTo(part, visit);
            boolean room = isRoomFor(part);
            if (!room) {
                meters.webhookCall(WebhookAnswer.BUSY.tag());
                room = makeRoom(part, visit) && isRoomFor(part); // one that is turned away may not have gone yet
            }
            part.call(request, visit).begin(room);
        }

        private boolean isRoomFor(Part part) {
            return visited.getOrDefault(part, 0) <= part.connections();
        }

        private void belongsTo(@Nullable Part part, Visit visit) {
            Part before = visit.part;
            if (before != part) {
                if (before != null) {
                    visited.merge(before, -1, Integer::sum);
                    visit.trusted = false; // a friend of one part is a stranger to the other
                }
                if (part != null) {
                    visited.merge(part, 1, Integer::sum);
                }
                visit.part = part;
            }
        }

        private Part partOf(String uri) {
            for (Part part : parts) {
                if (part.isOf(uri)) {
                    return part;
                }
            }
            return parts.get(parts.size() - 1);
        }
    }

    /** A connection, and how long we wait for what comes next on it. */
    static final class Visit {
        private final Vertx vertx;
        private final WebhookLimits limits;
        private final HttpConnection connection;
        private @Nullable Part part;
        /** Whether it has ever brought what only friends of its part bring. */
        private boolean trusted;

        private long timer = -1;
        private @Nullable WebCall current;

        private Visit(Vertx vertx, WebhookLimits limits, HttpConnection connection) {
            this.vertx = vertx;
            this.limits = limits;
            this.connection = connection;
        }

        void trust() {
            trusted = true;
        }

        void waitForHead(Duration patience) {
            vertx.cancelTimer(timer);
            timer = vertx.setTimer(patience.toMillis(), late -> cut());
        }

        void waitForBody(WebCall call) {
            current = call;
            vertx.cancelTimer(timer);
            timer = vertx.setTimer(limits.patience().toMillis(), late -> {
                call.lose(WebhookAnswer.TOO_SLOW);
                cut();
            });
        }

        void wholeBody() {
            vertx.cancelTimer(timer);
        }

        /** How often a word must go over a connection that streams, so that nobody between us takes it for dead. */
        Duration beat() {
            return limits.keptAlive().dividedBy(5);
        }

        /** The connection is closed once this call is read and answered. */
        void takeNoMore() {
            unanswered(connection.shutdown(limits.patience()));
        }

        /** After this call; unless the next is there already. */
        void waitForNext(WebCall done) {
            if (current == done) {
                current = null;
                waitForHead(trusted ? limits.keptAlive() : limits.patience());
            }
        }

        void cut() {
            WebServer.cut(connection);
        }

        private void end() {
            vertx.cancelTimer(timer);
            if (current != null) {
                current.lose(WebhookAnswer.BROKEN);
            }
        }
    }
}
