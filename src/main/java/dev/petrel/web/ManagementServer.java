package dev.petrel.web;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.BindException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Health and metrics on a port of their own, and on an event loop of their own: a delivery that is busy must not make
 * the process look dead, and a scrape must not slow a delivery. What else is for operators is {@link Part mounted}.
 *
 * <p>{@code /health/live} says that the process answers, {@code /health/ready} whether this instance does its work, and
 * if not, what is missing, {@code /metrics} what it counts, as Prometheus reads it.
 */
public final class ManagementServer {
    private static final Logger log = LoggerFactory.getLogger(ManagementServer.class);

    /** Who answers here needs no restart, whatever he is busy with. */
    public static final String LIVE = "/health/live";

    /** Who says yes here does his work. */
    public static final String READY = "/health/ready";

    public static final String METRICS = "/metrics";

    /** Prometheus' text format, https://prometheus.io/docs/instrumenting/exposition_formats/. */
    private static final String METRICS_FORMAT = "text/plain; version=0.0.4; charset=utf-8";

    private final Vertx vertx;
    private final ManagementConfig config;
    private final PrometheusMeterRegistry registry;
    private final Supplier<Map<String, Boolean>> readiness;
    private final List<Part> parts = new ArrayList<>();
    private @Nullable Future<String> deployment;
    private @Nullable Router router;
    private volatile int port;

    /**
     * @param readiness what must be true before this instance is ready, by name; asked on this server's event loop, so
     *     it must be quick and safe for any thread
     */
    public ManagementServer(
            Vertx vertx,
            ManagementConfig config,
            PrometheusMeterRegistry registry,
            Supplier<Map<String, Boolean>> readiness) {
        this.vertx = vertx;
        this.config = config;
        this.registry = registry;
        this.readiness = readiness;
    }

    /** Something that is served besides, on this server's event loop. */
    public interface Part {
        /** Adds its routes; whether they ask for a token is its own business. */
        void mount(Router router);
    }

    /** Before or after the start, from any thread. */
    public synchronized void mount(Part part) {
        Router serving = router;
        if (serving == null) {
            parts.add(part);
        } else {
            part.mount(serving);
        }
    }

    private synchronized void mountAll(Router serving) {
        router = serving;
        parts.forEach(part -> part.mount(serving));
    }

    /** Fails if the port is taken. Call it once. */
    public Future<Void> start() {
        deployment = vertx.deployVerticle(new Server());
        return deployment
                .recover(e -> Future.failedFuture(new IllegalStateException("can't listen on " + config.host() + ":"
                        + config.port() + " (petrel.management.host, petrel.management.port): " + reason(e))))
                .mapEmpty();
    }

    /** May be called more than once, and before the start. */
    public Future<Void> stop() {
        Future<String> started = deployment;
        if (started == null) {
            return Future.succeededFuture();
        }
        deployment = null;
        Promise<Void> stopped = Promise.promise();
        started.onComplete(id -> vertx.undeploy(id).onComplete(stopped), neverStarted -> stopped.tryComplete());
        return stopped.future();
    }

    /** The port it listens on, which matters where the settings say 0. */
    public int port() {
        return port;
    }

    private static String reason(Throwable e) {
        return e instanceof BindException ? "it is taken, or no address of this machine" : e.toString();
    }

    /** A verticle, since that is how Vert.x gives out event loops. */
    private final class Server extends VerticleBase {
        @Override
        public Future<?> start() {
            Router router = Router.router(vertx);
            router.get(LIVE).handler(ctx -> answer(ctx, 200, new JsonObject().put("status", "up")));
            router.get(READY).handler(ManagementServer.this::ready);
            router.get(METRICS).handler(ManagementServer.this::metrics);
            router.errorHandler(404, ctx -> answer(ctx, 404, error("there is nothing here")));
            router.errorHandler(405, ctx -> answer(ctx, 405, error("not with this method")));
            router.errorHandler(413, ctx -> answer(ctx, 413, error("the body is too large")));
            router.errorHandler(400, ctx -> answer(ctx, 400, error("this can't be read")));
            router.errorHandler(500, ctx -> {
                log.error("a request to the management port failed", ctx.failure());
                answer(ctx, 500, error("this did not work; the log says why"));
            });
            mountAll(router);
            HttpServer server = vertx.createHttpServer();
            return server.requestHandler(router)
                    .listen(config.port(), config.host())
                    .onSuccess(listening -> port = listening.actualPort());
        }
    }

    private void ready(RoutingContext ctx) {
        Map<String, Boolean> checks = new TreeMap<>(readiness.get());
        JsonArray missing = new JsonArray();
        checks.forEach((name, there) -> {
            if (!there) {
                missing.add(name);
            }
        });
        answer(
                ctx,
                missing.isEmpty() ? 200 : 503,
                new JsonObject().put("ready", missing.isEmpty()).put("missing", missing));
    }

    private void metrics(RoutingContext ctx) {
        vertx.executeBlocking(() -> registry.scrape(), false)
                .onSuccess(text -> send(
                        ctx,
                        ctx.response().putHeader("Content-Type", METRICS_FORMAT).end(text)))
                .onFailure(ctx::fail);
    }

    static void answer(RoutingContext ctx, int status, JsonObject body) {
        send(
                ctx,
                ctx.response()
                        .setStatusCode(status)
                        .putHeader("Content-Type", "application/json")
                        .end(body.encode()));
    }

    /** Whoever hung up has no use for the answer. What he asked is not told: it may be a number. */
    private static void send(RoutingContext ctx, Future<Void> sending) {
        sending.onFailure(e -> log.debug("no answer to {}", ctx.request().method(), e));
    }

    static JsonObject error(String words) {
        return new JsonObject().put("error", words);
    }
}
