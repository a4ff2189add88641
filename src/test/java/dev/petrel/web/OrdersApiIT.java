package dev.petrel.web;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.petrel.control.Order;
import dev.petrel.control.Orders;
import dev.petrel.control.Outlook;
import dev.petrel.control.Warrant;
import dev.petrel.metrics.Meters;
import dev.petrel.route.RouteConfig;
import dev.petrel.route.RouteConfig.Choice;
import dev.petrel.route.RouteConfig.Rule;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class OrdersApiIT {
    private static final Instant NOW = Instant.parse("2026-11-24T04:05:00Z");
    private static final String SECRET = "secret-of-nobody-000000-000000-000000";
    private static final String DRAIN =
            "{\"kind\":\"drain\",\"provider\":\"twilio-main\",\"country\":\"IN\",\"author\":\"alice\",\"reason\":\"it hangs\"}";

    private final Vertx vertx = Vertx.vertx();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Meters meters = new Meters(registry);
    private final AtomicLong nanos = new AtomicLong();
    private final Orders orders = new Orders();
    private final List<Order> written = new ArrayList<>();
    private final ListAppender<ILoggingEvent> audit = new ListAppender<>();
    private final Logger auditLog = (Logger) LoggerFactory.getLogger("dev.petrel.audit");
    private boolean acknowledges = true;
    private volatile Tokens now = Tokens.none();
    private ManagementServer server;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeEach
    void start() throws TimeoutException {
        auditLog.setLevel(Level.INFO);
        auditLog.addAppender(audit);
        audit.start();
        serve(Tokens.parse("alice:" + SECRET + ",night-watch:" + SECRET + "-too"));
    }

    private void serve(Tokens tokens) throws TimeoutException {
        now = tokens;
        RouteConfig routes = new RouteConfig(List.of(
                new Rule(Set.of("US", "CA"), List.of(new Choice("twilio-main", 1, 1), new Choice("sns-eu", 2, 1))),
                new Rule(Set.of("IN"), List.of(new Choice("twilio-main", 1, 1)))));
        Outlook outlook = new Outlook(
                () -> routes, orders, () -> Set.of("twilio-main", "sns-eu"), "twilio-main"::equals, provider -> false);
        server = new ManagementServer(
                vertx, new ManagementConfig(0, "127.0.0.1", tokens), registry, () -> Map.of("all", true));
        server.mount(new OrdersApi(
                new AdminTokens(() -> now, meters, nanos::get), orders, outlook, this::write, () -> NOW, meters));
        server.start().await(10, TimeUnit.SECONDS);
    }

    private Future<Void> write(Order order) {
        written.add(order);
        if (acknowledges) {
            orders.apply(order);
            return Future.succeededFuture();
        }
        return Future.failedFuture("no broker");
    }

    @AfterEach
    void close() throws TimeoutException {
        auditLog.detachAppender(audit);
        auditLog.setLevel(null);
        server.stop().await(10, TimeUnit.SECONDS);
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    @Test
    void saysWhatWouldFollowAndDoesNothing() throws Exception {
        JsonObject answer = ok(post(DRAIN));

        assertThat(written).isEmpty();
        assertThat(answer.getBoolean("given")).isFalse();
        assertThat(answer.getString("key")).isEqualTo("drain/twilio-main/IN");
        assertThat(answer.getString("end")).isEqualTo("2026-11-24T05:05:00Z");
        assertThat(answer.getJsonArray("follows"))
                .containsExactly("this leaves IN with no provider: requests end failed, class no_provider");
        assertThat(ok(get()).getJsonArray("orders")).isEmpty();
    }

    @Test
    void givesAnOrderOnceItIsConfirmedAndShowsItUntilItIsLifted() throws Exception {
        JsonObject answer = ok(post(confirmed(DRAIN)));

        assertThat(answer.getBoolean("given")).isTrue();
        assertThat(written)
                .containsExactly(new Order.Drain(
                        "twilio-main", "IN", Warrant.of("alice", "it hangs", NOW, NOW.plusSeconds(3600))));
        JsonObject shown = ok(get()).getJsonArray("orders").getJsonObject(0);
        assertThat(shown.getString("does"))
                .isEqualTo(
                        "twilio-main gets nothing more in IN; what is in flight is told, and what waits goes on elsewhere");
        assertThat(shown.getString("author")).isEqualTo("alice");
        assertThat(shown.getString("reason")).isEqualTo("it hangs");
        assertThat(shown.getBoolean("here")).isTrue();

        JsonObject lifted = ok(delete("/drain/twilio-main/IN?author=bob&reason=it+works&confirm=true"));

        assertThat(lifted.getBoolean("lifted")).isTrue();
        assertThat(lifted.getJsonArray("follows")).containsExactly("this leaves IN with twilio-main alone");
        assertThat(written.get(1).warrant().lifted()).isEqualTo(new Warrant.Lifting("bob", "it works", NOW));
        assertThat(ok(get()).getJsonArray("orders")).isEmpty();
        assertThat(audit.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "token=alice author=\"alice\" given drain/twilio-main/IN until 2026-11-24T05:05:00Z reason=\"it hangs\" does=\"drain\"",
                        "token=alice author=\"bob\" lifted drain/twilio-main/IN until 2026-11-24T05:05:00Z reason=\"it works\" does=\"drain\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'kind':'drain','provider':'sns-eu' -> drain/sns-eu",
                "'kind':'breaker','provider':'sns-eu','hold':'open' -> breaker/sns-eu",
                "'kind':'breaker','provider':'sns-eu','hold':'closed' -> breaker/sns-eu",
                "'kind':'weights','route':'US,CA','weights':{'sns-eu':70,'twilio-main':30} -> weights/CA,US",
                "'kind':'stop-country','country':'IN' -> stop-country/IN",
                "'kind':'stop-tenant','tenant':'web' -> stop-tenant/web"
            })
    void everyKindIsGivenAndLifted(String kind) throws Exception {
        String[] words = kind.split(" -> ");
        String fields = words[0].replace('\'', '"');

        JsonObject answer =
                ok(post("{" + fields + ",\"author\":\"alice\",\"reason\":\"drill\",\"for\":\"30m\",\"confirm\":true}"));

        assertThat(answer.getString("key")).isEqualTo(words[1]);
        assertThat(answer.getString("end")).isEqualTo("2026-11-24T04:35:00Z");
        assertThat(ok(get()).getJsonArray("orders")).hasSize(1);
        ok(send(request(
                "DELETE",
                "/v1/orders/" + words[1].replace("/CA,US", "/US,CA"),
                "{\"author\":\"bob\",\"reason\":\"over\",\"confirm\":true}")));
        assertThat(ok(get()).getJsonArray("orders")).isEmpty();
    }

    @Test
    void whatOthersGaveAndThisInstanceDoesNotHaveIsShown() throws Exception {
        orders.apply(new Order.Drain("vonage", null, Warrant.of("eve", "r", NOW, NOW.plusSeconds(60))));

        JsonObject shown = ok(get()).getJsonArray("orders").getJsonObject(0);

        assertThat(shown.getString("key")).isEqualTo("drain/vonage");
        assertThat(shown.getBoolean("here")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "body|[1]",
                "body|{",
                "body|''",
                "kind|{}",
                "kind|{\"kind\":\"sink\"}",
                "kind|{\"kind\":7}",
                "contry|{\"kind\":\"drain\",\"provider\":\"a\",\"contry\":\"IN\"}",
                "a field|{\"kind\":\"drain\",\"+14155550132\":1}",
                "hold|{\"kind\":\"drain\",\"provider\":\"a\",\"hold\":\"open\"}",
                "author|{\"kind\":\"drain\",\"provider\":\"a\",\"reason\":\"r\"}",
                "reason|{\"kind\":\"drain\",\"provider\":\"a\",\"author\":\"x\",\"reason\":\"\"}",
                "provider|{\"kind\":\"drain\",\"author\":\"x\",\"reason\":\"r\"}",
                "provider|{\"kind\":\"drain\",\"provider\":\"+14155550132\",\"author\":\"x\",\"reason\":\"r\"}",
                "country|{\"kind\":\"drain\",\"provider\":\"a\",\"country\":null,\"author\":\"x\",\"reason\":\"r\"}",
                "country|{\"kind\":\"stop-country\",\"country\":\"India\",\"author\":\"x\",\"reason\":\"r\"}",
                "tenant|{\"kind\":\"stop-tenant\",\"tenant\":\"a b\",\"author\":\"x\",\"reason\":\"r\"}",
                "hold|{\"kind\":\"breaker\",\"provider\":\"a\",\"hold\":\"ajar\",\"author\":\"x\",\"reason\":\"r\"}",
                "weights|{\"kind\":\"weights\",\"route\":\"*\",\"author\":\"x\",\"reason\":\"r\"}",
                "weights|{\"kind\":\"weights\",\"route\":\"*\",\"weights\":{\"a\":0.5},\"author\":\"x\",\"reason\":\"r\"}",
                "weights|{\"kind\":\"weights\",\"route\":\"*\",\"weights\":{\"a\":99999999999},\"author\":\"x\",\"reason\":\"r\"}",
                "route|{\"kind\":\"weights\",\"route\":\"us\",\"weights\":{\"a\":1},\"author\":\"x\",\"reason\":\"r\"}",
                "for|{\"kind\":\"drain\",\"provider\":\"a\",\"author\":\"x\",\"reason\":\"r\",\"for\":\"31d\"}",
                "for|{\"kind\":\"drain\",\"provider\":\"a\",\"author\":\"x\",\"reason\":\"r\",\"for\":\"forever\"}",
                "end|{\"kind\":\"drain\",\"provider\":\"a\",\"author\":\"x\",\"reason\":\"r\",\"end\":\"tomorrow\"}",
                "end|{\"kind\":\"drain\",\"provider\":\"a\",\"author\":\"x\",\"reason\":\"r\",\"end\":\"2036-01-01T00:00:00Z\"}",
                "end|{\"kind\":\"drain\",\"provider\":\"a\",\"author\":\"x\",\"reason\":\"r\",\"end\":\"2026-11-24T05:05:00Z\",\"for\":\"1h\"}",
                "confirm|{\"kind\":\"drain\",\"provider\":\"a\",\"author\":\"x\",\"reason\":\"r\",\"confirm\":\"yes\"}"
            })
    void namesTheFieldThatIsWrongAndNeverItsValue(String field, String body) throws Exception {
        HttpResponse<String> response = post(body);

        assertThat(response.statusCode()).isEqualTo(400);
        JsonObject answer = new JsonObject(response.body());
        assertThat(answer.getString("field")).isEqualTo(field);
        assertThat(answer.getString("error")).startsWith(field + ": must be ").doesNotContain("4155550132");
        assertThat(written).isEmpty();
    }

    @Test
    void numbersInReasonsAreMaskedBeforeAnybodySeesThem() throws Exception {
        HttpResponse<String> response = post(confirmed(DRAIN.replace("it hangs", "codes to +1 415 555 0132 \\n hang")));

        assertThat(response.body()).contains("codes to +•••••   hang").doesNotContain("0132");
        assertThat(written.get(0).warrant().reason()).isEqualTo("codes to +•••••   hang");
        assertThat(audit.list.get(0).getFormattedMessage()).doesNotContain("0132");
    }

    @Test
    void saysSoWhereKafkaDoesNotAcknowledge() throws Exception {
        acknowledges = false;

        HttpResponse<String> response = post(confirmed(DRAIN));

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.body()).contains("it may hold or not");
        assertThat(audit.list.get(0).getFormattedMessage()).contains("given, unacknowledged drain/twilio-main/IN");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "?author=bob&reason=over|",
                "?author=bob&reason=over&confirm=false|",
                "|{'author':'bob','reason':'over'}",
                "|{'author':'bob','reason':'over','confirm':false}",
                "?confirm=true|{'author':'bob','reason':'over'}"
            })
    void saysWhatWouldFollowFromLiftingAndDoesNothing(String query, String body) throws Exception {
        ok(
                post(
                        "{\"kind\":\"stop-country\",\"country\":\"IN\",\"author\":\"alice\",\"reason\":\"pumping\",\"confirm\":true}"));
        String path = "/stop-country/IN" + (query == null ? "" : query);

        JsonObject answer =
                ok(body == null ? delete(path) : send(request("DELETE", "/v1/orders" + path, body.replace('\'', '"'))));

        assertThat(answer.getBoolean("lifted")).isFalse();
        assertThat(answer.getString("key")).isEqualTo("stop-country/IN");
        assertThat(answer.getString("author")).isEqualTo("alice");
        assertThat(answer.getString("hint"))
                .isEqualTo("nothing was done: send it again with \"confirm\": true, or confirm=true in the query");
        assertThat(answer.getJsonArray("follows"))
                .containsExactly("requests to IN are admitted again, at once; they go to twilio-main");
        assertThat(written).hasSize(1);
        assertThat(ok(get()).getJsonArray("orders")).hasSize(1);
        assertThat(registry.scrape()).contains("petrel_admin_calls_total{answer=\"previewed\"} 1.0");
    }

    @Test
    void liftingNeedsAnAuthorAReasonAndAnOrder() throws Exception {
        ok(post(confirmed(DRAIN)));

        assertThat(delete("/drain/twilio-main/IN").statusCode()).isEqualTo(400);
        assertThat(delete("/drain/twilio-main/IN?author=bob").body()).contains("\"field\":\"reason\"");
        assertThat(delete("/drain/sns-eu?author=bob&reason=r").statusCode()).isEqualTo(404);
        assertThat(delete("/weights/?author=bob&reason=r").body()).contains("\"field\":\"route\"");
        assertThat(delete("/%zz?author=bob&reason=r").statusCode()).isIn(400, 404);
        assertThat(delete("/drain/twilio-main/IN?author=bob&reason=r&confirm=yes")
                        .body())
                .contains("\"field\":\"confirm\"");
        assertThat(send(request(
                                "DELETE",
                                "/v1/orders/drain/twilio-main/IN",
                                "{\"author\":\"bob\",\"reason\":\"r\",\"confirm\":\"yes\"}"))
                        .body())
                .contains("\"field\":\"confirm\"");
        assertThat(written).hasSize(1);
    }

    @Test
    void withoutTokensItIsOffAndSaysSo() throws Exception {
        server.stop().await(10, TimeUnit.SECONDS);
        serve(Tokens.none());

        HttpResponse<String> response = get();

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.body()).contains("the admin API is off: petrel.management.tokens names nobody");
        assertThat(send(HttpRequest.newBuilder(uri("/metrics")).build()).statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Bearer",
                "Bearer ",
                "Bearer secret-of-nobody",
                "Bearer secret-of-nobody-000000-000000-00000",
                "Bearer secret-of-nobody-000000-000000-0000000",
                "Basic YWxpY2U6c2VjcmV0LW9mLW5vYm9keS0wMDAwMDAtMDAwMDAwLTAwMDAwMA==",
                "secret-of-nobody-000000-000000-000000"
            })
    void whoBringsNoTokenIsRefused(String authorization) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri("/v1/orders"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(confirmed(DRAIN)));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }

        HttpResponse<String> response = send(request.build());

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        assertThat(written).isEmpty();
    }

    @Test
    void theTokenIsTakenFromNowhereElse() throws Exception {
        HttpResponse<String> response = send(HttpRequest.newBuilder(uri("/v1/orders?access_token=" + SECRET))
                .header("Cookie", "token=" + SECRET)
                .build());

        assertThat(response.statusCode()).isEqualTo(401);
    }

    @Test
    void healthAndMetricsNeedNoToken() throws Exception {
        assertThat(send(HttpRequest.newBuilder(uri("/health/ready")).build()).statusCode())
                .isEqualTo(200);
        assertThat(send(HttpRequest.newBuilder(uri("/metrics")).build()).statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "Sec-Fetch-Site,cross-site",
        "Sec-Fetch-Site,same-site",
        "Origin,https://evil.example",
        "Origin,null",
        "Origin,http://127.0.0.1:1"
    })
    void pagesOfOtherSitesAreRefusedThoughTheyHaveAToken(String header, String value) throws Exception {
        HttpResponse<String> response = send(request("POST", "/v1/orders", confirmed(DRAIN), header, value));

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(written).isEmpty();
        assertThat(registry.scrape()).contains("petrel_admin_calls_total{answer=\"cross_site\"} 1.0");
    }

    @Test
    void ourOwnPageIsAnswered() throws Exception {
        String own = "http://127.0.0.1:" + server.port();

        ok(send(request("POST", "/v1/orders", confirmed(DRAIN), "Origin", own)));
        ok(send(request("POST", "/v1/orders", confirmed(DRAIN), "Sec-Fetch-Site", "same-origin")));
    }

    @Test
    void noBrowserIsToldThatItMayAskFromElsewhere() throws Exception {
        HttpResponse<String> preflight = send(HttpRequest.newBuilder(uri("/v1/orders"))
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("Origin", "https://evil.example")
                .header("Access-Control-Request-Method", "POST")
                .build());

        assertThat(preflight.statusCode()).isEqualTo(403);
        assertThat(preflight.headers().map().keySet()).noneMatch(name -> name.startsWith("access-control"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonp"})
    void onlyJsonIsRead(String type) throws Exception {
        HttpResponse<String> response = send(HttpRequest.newBuilder(uri("/v1/orders"))
                .header("Authorization", "Bearer " + SECRET)
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(confirmed(DRAIN)))
                .build());

        assertThat(response.statusCode()).isEqualTo(415);
        assertThat(written).isEmpty();
    }

    @Test
    void noBodyIsLongerThanFourKibibytes() throws Exception {
        assertThat(post(confirmed(DRAIN) + " ".repeat(4096)).statusCode()).isEqualTo(413);
        assertThat(send(HttpRequest.newBuilder(uri("/v1/orders"))
                                .header("Authorization", "Bearer " + SECRET)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofInputStream(
                                        () -> new ByteArrayInputStream(new byte[5000])))
                                .build())
                        .statusCode())
                .isEqualTo(413);
        assertThat(registry.scrape()).contains("petrel_admin_calls_total{answer=\"too_large\"} 2.0");
        assertThat(written).isEmpty();
    }

    @Test
    void otherMethodsAreNotAnswered() throws Exception {
        assertThat(send(request("PUT", "/v1/orders", DRAIN)).statusCode()).isEqualTo(405);
        assertThat(send(request("PATCH", "/v1/orders/drain/a", DRAIN)).statusCode())
                .isEqualTo(405);
    }

    @Test
    void whoAsksTooMuchIsToldToWait() throws Exception {
        for (int i = 0; i < AdminTokens.AT_ONCE; i++) {
            assertThat(get().statusCode()).isEqualTo(200);
        }

        HttpResponse<String> response = get();

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.headers().firstValue("Retry-After")).contains("1");
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(get().statusCode()).isEqualTo(200);
    }

    @Test
    void strangersAreCountedAndLoggedWithoutAFloodAndKeepNobodyOut() throws Exception {
        for (int i = 0; i < AdminTokens.AT_ONCE + 10; i++) {
            int expected = i < AdminTokens.AT_ONCE ? 401 : 429;
            assertThat(send(HttpRequest.newBuilder(uri("/v1/orders")).build()).statusCode())
                    .isEqualTo(expected);
        }
        assertThat(get().statusCode()).isEqualTo(200);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(10));
        send(HttpRequest.newBuilder(uri("/v1/orders")).build());

        assertThat(registry.scrape())
                .contains("petrel_admin_calls_total{answer=\"unauthorized\"} 31.0")
                .contains("petrel_admin_calls_total{answer=\"too_many\"} 10.0");
        assertThat(audit.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly(
                        "refused=unauthorized method=GET from=127.0.0.1 more=0",
                        "refused=too_many method=GET from=127.0.0.1 more=0",
                        "refused=unauthorized method=GET from=127.0.0.1 more=29");
    }

    @Test
    void eachCallIsHeldAgainstTheTokensOfNow() throws Exception {
        ok(get());

        now = Tokens.parse("alice:another-" + SECRET + ",bob:and-another-" + SECRET);
        assertThat(get().statusCode()).isEqualTo(401);
        now = Tokens.parse("bob:" + SECRET);
        ok(post(confirmed(DRAIN)));
        assertThat(audit.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .last()
                .asString()
                .startsWith("token=bob ");
        now = Tokens.none();
        assertThat(get().statusCode()).isEqualTo(403);
    }

    @Test
    void everyTokenHasItsNameInTheAudit() throws Exception {
        ok(send(HttpRequest.newBuilder(uri("/v1/orders"))
                .header("Authorization", "bearer " + SECRET + "-too")
                .header("Content-Type", "application/json; charset=utf-8")
                .POST(HttpRequest.BodyPublishers.ofString(confirmed(DRAIN)))
                .build()));

        assertThat(audit.list.get(0).getFormattedMessage()).startsWith("token=night-watch author=\"alice\" given ");
    }

    private static String confirmed(String body) {
        return body.substring(0, body.length() - 1) + ",\"confirm\":true}";
    }

    private static JsonObject ok(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return new JsonObject(response.body());
    }

    private HttpResponse<String> get() throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri("/v1/orders"))
                .header("Authorization", "Bearer " + SECRET)
                .build());
    }

    private HttpResponse<String> post(String body) throws IOException, InterruptedException {
        return send(request("POST", "/v1/orders", body));
    }

    private HttpResponse<String> delete(String key) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri("/v1/orders" + key.replace("%zz", "%25zz")))
                .header("Authorization", "Bearer " + SECRET)
                .DELETE()
                .build());
    }

    private HttpRequest request(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .header("Authorization", "Bearer " + SECRET)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request.build();
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }
}
