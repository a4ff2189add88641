package dev.petrel.web;

import dev.petrel.control.InvalidOrder;
import dev.petrel.control.Order;
import dev.petrel.control.Orders;
import dev.petrel.control.Outlook;
import dev.petrel.control.Warrant;
import dev.petrel.metrics.Meters;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Overruling by HTTP: {@code GET /v1/orders} shows what is in force, {@code POST /v1/orders} says what would follow from
 * an order and, with {@code "confirm": true}, gives it, {@code DELETE /v1/orders/<key>} says what would follow without one
 * and, with the same word, lifts it. Whoever gets a 200 for what he gave or lifted may rely on it: the brokers have it.
 */
public final class OrdersApi implements ManagementServer.Part {
    static final String PATH = "/v1/orders";

    private static final Logger log = LoggerFactory.getLogger(OrdersApi.class);
    private static final int LONGEST_BODY = 4096;
    private static final String JSON = "application/json";

    private final AdminTokens tokens;
    private final Orders orders;
    private final Outlook outlook;
    private final Function<Order, Future<Void>> writer;
    private final InstantSource clock;
    private final Meters meters;

    /** @param writer succeeds once an order can't be lost any more */
    public OrdersApi(
            AdminTokens tokens,
            Orders orders,
            Outlook outlook,
            Function<Order, Future<Void>> writer,
            InstantSource clock,
            Meters meters) {
        this.tokens = tokens;
        this.orders = orders;
        this.outlook = outlook;
        this.writer = writer;
        this.clock = clock;
        this.meters = meters;
    }

    @Override
    public void mount(Router router) {
        router.route(PATH + "*").handler(tokens).handler(this::requireJson);
        router.route(PATH + "*").failureHandler(this::failed);
        router.get(PATH).handler(this::show);
        router.post(PATH).handler(BodyHandler.create(false).setBodyLimit(LONGEST_BODY));
        router.post(PATH).handler(ctx -> checked(ctx, this::give));
        router.delete(PATH + "/*").handler(BodyHandler.create(false).setBodyLimit(LONGEST_BODY));
        router.delete(PATH + "/*").handler(ctx -> checked(ctx, this::lift));
    }

    /** A form of another site can't be of this type without asking first, and nobody is answered who asks. */
    private void requireJson(RoutingContext ctx) {
        HttpServerRequest request = ctx.request();
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        boolean body = request.method() == HttpMethod.POST
                || length != null && !length.equals("0")
                || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
        if (body && !isJson(request.getHeader(HttpHeaders.CONTENT_TYPE))) {
            meters.adminCall("not_json");
            ManagementServer.answer(ctx, 415, ManagementServer.error("the body must be of the type " + JSON));
        } else {
            ctx.next();
        }
    }

    private static boolean isJson(@Nullable String type) {
        return type != null
                && type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals(JSON);
    }

    /** Is answered as everywhere on this port. */
    private void failed(RoutingContext ctx) {
        meters.adminCall(ctx.statusCode() == 413 ? "too_large" : "failed");
        ctx.next();
    }

    private void checked(RoutingContext ctx, Consumer<RoutingContext> step) {
        try {
            step.accept(ctx);
        } catch (InvalidOrder wrong) {
            meters.adminCall("invalid");
            ManagementServer.answer(
                    ctx, 400, ManagementServer.error(wrong.words()).put("field", wrong.field()));
        }
    }

    private void show(RoutingContext ctx) {
        meters.adminCall("shown");
        ManagementServer.answer(ctx, 200, new JsonObject().put("orders", inForce()));
    }

    /** The orders in force, as they are shown. Any thread. */
    public JsonArray inForce() {
        JsonArray all = new JsonArray();
        orders.inForce(clock.instant()).forEach(order -> all.add(json(order)));
        return all;
    }

    private void give(RoutingContext ctx) {
        Instant now = clock.instant();
        OrderForm form = OrderForm.read(body(ctx), now);
        Order order = form.order();
        List<String> follows = outlook.follows(order, now);
        JsonObject answer = json(order).put("follows", new JsonArray(follows));
        if (!form.confirmed()) {
            preview(ctx, answer.put("given", false), "\"confirm\": true");
            return;
        }
        write(ctx, order, "given", order.warrant().author(), order.warrant().reason(), answer.put("given", true));
    }

    private void lift(RoutingContext ctx) {
        Instant now = clock.instant();
        String key = Order.keyAsKept(key(ctx.request().path()));
        OrderForm.Lifted form = lifting(ctx, now);
        Optional<Order> held = orders.of(key, now);
        if (held.isEmpty()) {
            meters.adminCall("not_found");
            ManagementServer.answer(
                    ctx, 404, ManagementServer.error("no order of this key is in force; GET " + PATH + " shows all"));
            return;
        }
        Order lifted = held.get().lifted(form.lifting());
        JsonObject answer = json(held.get()).put("follows", new JsonArray(outlook.follows(lifted, now)));
        if (!form.confirmed()) {
            preview(ctx, answer.put("lifted", false), "\"confirm\": true, or confirm=true in the query");
            return;
        }
        Warrant.Lifting by = form.lifting();
        write(ctx, lifted, "lifted", by.author(), by.reason(), answer.put("lifted", true));
    }

    private void preview(RoutingContext ctx, JsonObject answer, String how) {
        meters.adminCall("previewed");
        ManagementServer.answer(ctx, 200, answer.put("hint", "nothing was done: send it again with " + how));
    }

    private static OrderForm.Lifted lifting(RoutingContext ctx, Instant now) {
        Buffer body = body(ctx);
        if (body.length() > 0) {
            return OrderForm.lifting(body, now);
        }
        Warrant.Lifting lifting = new Warrant.Lifting(query(ctx, "author"), query(ctx, "reason"), now);
        List<String> confirm = ctx.queryParam("confirm");
        if (!List.of(List.of(), List.of("true"), List.of("false")).contains(confirm)) {
            throw OrderForm.notConfirmed();
        }
        return new OrderForm.Lifted(lifting, confirm.contains("true"));
    }

    private static String query(RoutingContext ctx, String field) {
        List<String> values = ctx.queryParam(field);
        if (values.size() != 1) {
            throw new InvalidOrder(field, "there, once, in a JSON body or in the query");
        }
        return values.get(0);
    }

    private static String key(String path) {
        try {
            String encoded = path.substring(PATH.length() + 1).replace("+", "%2B");
            return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException unreadable) {
            throw new InvalidOrder("key", "as GET " + PATH + " shows it");
        }
    }

    private static Buffer body(RoutingContext ctx) {
        Buffer body = ctx.body().buffer();
        return body == null ? Buffer.buffer() : body;
    }

    private void write(RoutingContext ctx, Order order, String what, String author, String reason, JsonObject answer) {
        String caller = AdminTokens.caller(ctx);
        writer.apply(order)
                .onSuccess(acknowledged -> {
                    meters.adminCall(what);
                    audit(what, caller, author, reason, order);
                    ManagementServer.answer(ctx, 200, answer);
                })
                .onFailure(failed -> {
                    meters.adminCall("unwritten");
                    audit(what + ", unacknowledged", caller, author, reason, order);
                    log.warn(
                            "an order was not acknowledged: {}",
                            failed.getClass().getSimpleName());
                    ManagementServer.answer(
                            ctx,
                            503,
                            ManagementServer.error("Kafka has not acknowledged it: it may hold or not; GET " + PATH
                                    + " shows what does, and it does no harm to send it again"));
                });
    }

    private static void audit(String what, String caller, String author, String reason, Order order) {
        AdminTokens.AUDIT.info(
                "token={} author=\"{}\" {} {} until {} reason=\"{}\" does=\"{}\"",
                caller,
                quoted(author),
                what,
                order.key(),
                order.warrant().end(),
                quoted(reason),
                detail(order));
    }

    /** What the key does not say. */
    private static String detail(Order order) {
        if (order instanceof Order.HoldBreaker held) {
            return held.hold().wire();
        }
        return order instanceof Order.Weights weights
                ? weights.weights().toString()
                : order.kind().wire();
    }

    private static String quoted(String text) {
        return text.replace('"', '\'');
    }

    private JsonObject json(Order order) {
        Warrant warrant = order.warrant();
        JsonObject json = new JsonObject()
                .put("key", order.key())
                .put("kind", order.kind().wire());
        if (order instanceof Order.Drain drain) {
            json.put("provider", drain.provider());
            if (drain.country() != null) {
                json.put("country", drain.country());
            }
        } else if (order instanceof Order.HoldBreaker held) {
            json.put("provider", held.provider()).put("hold", held.hold().wire());
        } else if (order instanceof Order.Weights weights) {
            JsonObject by = new JsonObject();
            weights.weights().forEach(by::put);
            json.put("route", weights.route()).put("weights", by);
        } else if (order instanceof Order.StopCountry stop) {
            json.put("country", stop.country());
        } else if (order instanceof Order.StopTenant stop) {
            json.put("tenant", stop.tenant());
        }
        return json.put("author", warrant.author())
                .put("reason", warrant.reason())
                .put("begin", warrant.begin().toString())
                .put("end", warrant.end().toString())
                .put("does", outlook.does(order))
                .put("here", outlook.isKnown(order));
    }
}
