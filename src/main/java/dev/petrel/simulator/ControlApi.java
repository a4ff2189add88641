package dev.petrel.simulator;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The control port: JSON in, JSON out. What can't be understood is answered 400 with {@code {"error": "…"}} that begins
 * with the name of the field.
 *
 * <ul>
 *   <li>{@code GET /providers}: names, vendors and URLs
 *   <li>{@code GET /providers/{name}}: the same, with behavior and {@link Counts}
 *   <li>{@code PUT /providers/{name}/behavior}: a {@link BehaviorJson}; answered, as the one above, once it holds
 *   <li>{@code GET /providers/{name}/calls?since=N&limit=M}: {@link Call}s with a higher number than N (0), at most M
 *       (1000; 10000 is the most); {@code next} is the N to go on with
 *   <li>{@code DELETE /providers/{name}/calls}: forgets calls and counts
 * </ul>
 */
final class ControlApi extends VerticleBase {
    private static final int MOST_CALLS = 10_000;

    private final String host;
    private final Map<String, SimulatedProvider> providers;
    private volatile int port;

    ControlApi(String host, int port, Map<String, SimulatedProvider> providers) {
        this.host = host;
        this.port = port;
        this.providers = providers;
    }

    Future<Void> deploy(Vertx on) {
        return on.deployVerticle(this)
                .<Void>mapEmpty()
                .recover(cause -> Future.failedFuture(new IllegalStateException(
                        "control port: can't listen on " + host + ":" + port + " (" + cause.getMessage() + ")",
                        cause)));
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

    String url() {
        return url(host, port);
    }

    static String url(String host, int port) {
        return "http://" + (host.equals("0.0.0.0") ? "127.0.0.1" : host) + ":" + port;
    }

    @Override
    public Future<?> start() {
        return vertx.createHttpServer(new HttpServerOptions().setHost(host).setPort(port))
                .requestHandler(router())
                .listen()
                .onSuccess(server -> port = server.actualPort());
    }

    private Router router() {
        Router router = Router.router(vertx);
        router.route().handler(BodyHandler.create(false).setBodyLimit(1 << 20));
        router.get("/providers").handler(this::list);
        on(router.get("/providers/:name"), (http, provider) -> answer(http, 200, describe(provider)));
        on(router.put("/providers/:name/behavior"), this::behave);
        on(router.get("/providers/:name/calls"), this::calls);
        on(router.delete("/providers/:name/calls"), (http, provider) -> {
            provider.forget();
            http.response().setStatusCode(204).end();
        });
        router.errorHandler(404, http -> complain(http, 404, "no such path; begin at /providers"));
        router.errorHandler(405, http -> complain(http, 405, "not with this method"));
        return router;
    }

    private void on(Route route, BiConsumer<RoutingContext, SimulatedProvider> then) {
        route.handler(http -> {
            SimulatedProvider provider = providers.get(http.pathParam("name"));
            if (provider == null) {
                complain(http, 404, "name: no such provider, only " + String.join(", ", providers.keySet()));
                return;
            }
            try {
                then.accept(http, provider);
            } catch (IllegalArgumentException mistake) {
                complain(http, 400, mistake.getMessage());
            }
        });
    }

    private void list(RoutingContext http) {
        JsonArray all = new JsonArray();
        providers.values().forEach(provider -> all.add(identity(provider)));
        http.response().putHeader("Content-Type", "application/json").end(all.encodePrettily() + "\n");
    }

    private void behave(RoutingContext http, SimulatedProvider provider) {
        provider.behave(BehaviorJson.read(body(http)))
                .onSuccess(holds -> answer(http, 200, describe(provider)))
                .onFailure(cause -> complain(http, 500, "the port could not follow: " + cause.getMessage()));
    }

    private void calls(RoutingContext http, SimulatedProvider provider) {
        long since = query(http, "since", 0, 0, Long.MAX_VALUE - 1);
        int limit = (int) query(http, "limit", 1000, 1, MOST_CALLS);
        List<Call> calls = provider.calls(since, limit);
        JsonArray list = new JsonArray();
        calls.forEach(call -> list.add(describe(call)));
        long next = calls.isEmpty() ? since : calls.get(calls.size() - 1).number();
        answer(http, 200, new JsonObject().put("calls", list).put("next", next));
    }

    private static JsonObject identity(SimulatedProvider provider) {
        return new JsonObject()
                .put("name", provider.name())
                .put("vendor", provider.vendor().wire())
                .put("url", provider.url());
    }

    private static JsonObject describe(SimulatedProvider provider) {
        Counts counts = provider.counts();
        JsonObject answered = new JsonObject();
        counts.answered().forEach((status, count) -> answered.put(status.toString(), count));
        return identity(provider)
                .put("behavior", BehaviorJson.write(provider.behavior(), provider.usualLatency()))
                .put(
                        "counts",
                        new JsonObject()
                                .put("taken", counts.taken())
                                .put("accepted", counts.accepted())
                                .put("answered", answered)
                                .put("waiting", counts.waiting())
                                .put("hanging", counts.hanging())
                                .put("reset", counts.reset())
                                .put("closed", counts.closed())
                                .put("destinations", counts.destinations())
                                .put("kept", counts.kept())
                                .put("receipts", describe(counts.receipts())));
    }

    private static JsonObject describe(Counts.Receipts receipts) {
        return new JsonObject()
                .put("sent", receipts.sent())
                .put("acknowledged", receipts.acknowledged())
                .put("failed", receipts.failed());
    }

    private static JsonObject describe(Call call) {
        Call.Arrival handset = call.handset();
        return new JsonObject()
                .put("number", call.number())
                .put("nanos", call.nanos())
                .put("epochMillis", call.epochMillis())
                .put("to", call.to())
                .put("text", call.text())
                .put("sender", call.sender())
                .put("validitySeconds", call.validitySeconds())
                .put("attempt", call.attempt())
                .put("statusCallback", call.statusCallback())
                .put("messageId", call.messageId())
                .put("fate", call.fate().wire())
                .put("httpStatus", call.httpStatus())
                .put("error", call.error())
                .put(
                        "handset",
                        handset == null
                                ? null
                                : new JsonObject()
                                        .put("nanos", handset.nanos())
                                        .put("epochMillis", handset.epochMillis()));
    }

    private static JsonObject body(RoutingContext http) {
        try {
            JsonObject json = http.body().asJsonObject();
            if (json != null) {
                return json;
            }
        } catch (DecodeException | ClassCastException noObject) {
            // told below
        }
        throw new IllegalArgumentException("body: must be a JSON object");
    }

    private static long query(RoutingContext http, String name, long otherwise, long least, long most) {
        String value = http.queryParams().get(name);
        if (value == null) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException noNumber) {
            // told below
        }
        throw new IllegalArgumentException(name + ": must be " + least + " to " + most);
    }

    private static void answer(RoutingContext http, int status, JsonObject json) {
        http.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(json.encodePrettily() + "\n");
    }

    private static void complain(RoutingContext http, int status, @Nullable String error) {
        answer(http, status, new JsonObject().put("error", error));
    }
}
