package dev.petrel.web;

import dev.petrel.delivery.Explanation;
import dev.petrel.guard.Admission;
import dev.petrel.message.NumberPlan;
import dev.petrel.message.Recipient;
import dev.petrel.metrics.Meters;
import dev.petrel.trace.Words;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /v1/explain}: where a code for a number would go now, and why, without sending. The number comes in the body,
 * since addresses are logged by whoever stands between, and is masked in the answer.
 */
public final class ExplainApi implements ManagementServer.Part {
    static final String PATH = "/v1/explain";
    static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

    private static final Logger log = LoggerFactory.getLogger(ExplainApi.class);
    private static final int LONGEST_BODY = 4096;
    private static final int MOST_PROVIDERS = 50;
    private static final Set<String> FIELDS = Set.of("to", "tenant", "requestId", "providers");
    private static final Pattern TENANT = Pattern.compile("[a-z0-9_-]{1,32}");

    private final AdminTokens tokens;
    private final NumberPlan numbers;
    private final Function<Question, Future<Explanation>> explained;
    private final Meters meters;

    /**
     * What a request would say of itself.
     *
     * @param requestId decides the weighted draw; null: any
     * @param providers instead of the route; null: the route decides
     */
    public record Question(
            Recipient to,
            @Nullable String tenant,
            @Nullable String requestId,
            @Nullable List<String> providers) {}

    /** @param explained answers on this server's event loop */
    public ExplainApi(
            AdminTokens tokens, NumberPlan numbers, Function<Question, Future<Explanation>> explained, Meters meters) {
        this.tokens = tokens;
        this.numbers = numbers;
        this.explained = explained;
        this.meters = meters;
    }

    @Override
    public void mount(Router router) {
        router.route(PATH).handler(tokens);
        router.post(PATH).handler(BodyHandler.create(false).setBodyLimit(LONGEST_BODY));
        router.post(PATH).handler(this::explain);
    }

    private void explain(RoutingContext ctx) {
        Question question;
        try {
            question = question(ctx.body().buffer());
        } catch (Mistake wrong) {
            wrong.answer(ctx, meters);
            return;
        }
        explained
                .apply(question)
                .onSuccess(explanation -> {
                    meters.adminCall("explained");
                    ManagementServer.answer(ctx, 200, json(explanation));
                })
                .onFailure(failed -> {
                    meters.adminCall("failed");
                    log.error("a route was not explained: {}", failed.getClass().getSimpleName());
                    ManagementServer.answer(ctx, 500, ManagementServer.error("this did not work; the log says why"));
                });
    }

    private Question question(@Nullable Buffer body) throws Mistake {
        JsonObject json;
        try {
            json = new JsonObject(body == null ? Buffer.buffer() : body);
        } catch (DecodeException | ClassCastException unreadable) {
            throw new Mistake("body", "a JSON object");
        }
        for (String field : json.fieldNames()) {
            if (!FIELDS.contains(field)) {
                throw new Mistake("body", "without fields other than to, tenant, requestId, providers");
            }
        }
        String to = text(json, "to");
        Recipient recipient = to == null ? null : numbers.recipient(to).orElse(null);
        if (recipient == null) {
            throw new Mistake("to", "E.164 with +, possible in its country");
        }
        return new Question(
                recipient, matching(json, "tenant", TENANT), matching(json, "requestId", REQUEST_ID), providers(json));
    }

    private static @Nullable String matching(JsonObject json, String field, Pattern pattern) throws Mistake {
        String text = text(json, field);
        if (text != null && !pattern.matcher(text).matches()) {
            throw new Mistake(field, "as in a request");
        }
        return text;
    }

    private static @Nullable String text(JsonObject json, String field) throws Mistake {
        Object value = json.getValue(field);
        if (value != null && !(value instanceof String)) {
            throw new Mistake(field, "a text");
        }
        return (String) value;
    }

    private static @Nullable List<String> providers(JsonObject json) throws Mistake {
        Object value = json.getValue("providers");
        if (value == null) {
            return null;
        }
        List<String> providers = new ArrayList<>();
        if (value instanceof JsonArray array && array.size() <= MOST_PROVIDERS) {
            for (Object each : array) {
                if (each instanceof String id) {
                    providers.add(id);
                }
            }
            if (providers.size() == array.size() && !providers.isEmpty()) {
                return providers;
            }
        }
        throw new Mistake("providers", "a list of 1 to " + MOST_PROVIDERS + " ids");
    }

    private static JsonObject json(Explanation explanation) {
        JsonArray ways = new JsonArray();
        for (Explanation.Way way : explanation.ways()) {
            JsonObject one = new JsonObject().put("provider", way.provider());
            if (way.passedOver() != null) {
                one.put("passedOver", way.passedOver().wire())
                        .put("why", Words.of(way.passedOver()))
                        .put("failureRate", way.failureRate());
            }
            ways.add(one);
        }
        JsonObject json = new JsonObject()
                .put("to", explanation.to().masked())
                .put("country", explanation.to().country())
                .put("route", explanation.route())
                .put("ways", ways)
                .put("first", explanation.first());
        Admission.Refused refused = explanation.refused();
        if (refused != null) {
            json.put(
                    "refused",
                    new JsonObject()
                            .put("status", refused.status().wire())
                            .put(
                                    "class",
                                    refused.reason() == null
                                            ? null
                                            : refused.reason().reasonClass().wire())
                            .put(
                                    "detail",
                                    refused.reason() == null
                                            ? null
                                            : refused.reason().detail()));
        } else if (explanation.ways().isEmpty()) {
            json.put("hint", "no route for the country: it would fail, class no_provider");
        } else if (explanation.first() == null) {
            json.put("hint", "nobody may be tried now: it would wait, or fail where orders are the reason");
        } else if (explanation.first().equals(explanation.leastBad())) {
            json.put("hint", "all are passed over: the least bad one is tried, a few codes at a time");
        }
        return json;
    }
}
