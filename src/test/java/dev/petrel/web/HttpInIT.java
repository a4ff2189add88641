package dev.petrel.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.availability.CountryState;
import dev.petrel.availability.CountryState.State;
import dev.petrel.delivery.RequestSink;
import dev.petrel.guard.Guard;
import dev.petrel.guard.GuardConfig;
import dev.petrel.guard.Tenant;
import dev.petrel.guard.TenantCheck;
import dev.petrel.message.Source;
import dev.petrel.metrics.Meters;
import dev.petrel.testing.Requests;
import dev.petrel.trace.EventFeed;
import dev.petrel.trace.Traced;
import dev.petrel.trace.TracedEvent;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** HTTP in as a socket sees it, with nothing behind it; with a broker see {@code HttpIT}. */
class HttpInIT {
    private static final String WEB = "token-of-web-000000-000000-000000";
    private static final String SHOP = "token-of-shop-000000-000000-000000";
    private static final String GOOD = "{\"requestId\":\"r-1\",\"to\":\"+12025550142\",\"text\":\"000000\"}";
    private static final Instant NOW = Instant.parse("2026-11-24T04:05:00Z");
    private static final WebhookLimits LIMITS = new WebhookLimits(
            50, 3, 16 << 10, Duration.ofMillis(700), Duration.ofSeconds(30), Duration.ofMillis(700), 2);

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final WebhookLimits PATIENT = new WebhookLimits(2_000, 3, 16 << 10, LONG, LONG, LONG, 2);
    /** A stream says every fifth of a second that it is there. */
    private static final WebhookLimits BEATING =
            new WebhookLimits(50, 3, 16 << 10, Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofSeconds(5), 2);

    private final Vertx vertx = Vertx.vertx();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Feed feed = new Feed();
    private final Queue<Map<String, String>> traces = new ConcurrentLinkedQueue<>();
    private volatile Future<Source> written = Future.succeededFuture(new Source("sms.requests", 3, 1182));
    private volatile boolean unheard;
    private volatile Instant now = NOW;
    private volatile Tenant web = new Tenant(Set.of("US"), Set.of(), null);
    private volatile TraceApi.Answer found = nothing();
    private volatile Future<TraceApi.Answer> reading;
    private final AtomicInteger looks = new AtomicInteger();
    private volatile boolean holds;
    private volatile TenantTokens tokens = TenantTokens.parse("web:" + WEB + ", web:" + WEB + "-next, shop:" + SHOP);
    private final WebConfig config = new WebConfig(0, "127.0.0.1", URI.create("https://petrel.example/otp"));
    private final Meters meters = new Meters(registry);
    private final List<WebServer> servers = new ArrayList<>();
    private HttpIn in;
    private WebServer server;

    @BeforeEach
    void start() {
        in = new HttpIn(
                vertx,
                config,
                () -> tokens,
                new Guard(List.of(new TenantCheck(this::guard))),
                tenant -> guard().tenant(tenant).maxPerSecond(),
                Duration.ofMinutes(10),
                new HttpIn.Ports(new Sink(), feed, new Archive(), country -> state()),
                () -> now,
                meters);
        serve(in, LIMITS);
    }

    /** From now on this is the server that is asked. */
    private void serve(WebServer.Part part, WebhookLimits limits) {
        server = new WebServer(vertx, config, List.of(part), meters, limits);
        servers.add(server);
        join(server.start());
    }

    @AfterEach
    void stop() {
        servers.forEach(each -> join(each.stop()));
        join(vertx.close());
    }

    /** What is wrong, and what it is answered. */
    @Test
    void refusesWhatIsWrong() throws Exception {
        Map<String, Ask> asks = new LinkedHashMap<>();
        asks.put("401 no token", post(GOOD).without("Authorization"));
        asks.put("401 another token", post(GOOD).with("Authorization", "Bearer " + WEB + "x"));
        asks.put("401 basic", post(GOOD).with("Authorization", "Basic " + WEB));
        asks.put("401 any path", get("/v1/nothing").without("Authorization"));
        asks.put("404 no path", get("/v1/nothing"));
        asks.put("404 a slash more", post(GOOD).path("/v1/requests/r-1/events/x"));
        asks.put("404 not ours", get("/metrics").without("Authorization"));
        asks.put("405 GET", get("/v1/requests"));
        asks.put("405 POST", post(GOOD).path("/v1/requests/r-1"));
        asks.put("415 a form", post(GOOD).with("Content-Type", "application/x-www-form-urlencoded"));
        asks.put("415 no content type", post(GOOD).without("Content-Type"));
        asks.put("413 too large by its word", post(GOOD).with("Content-Length", "1000000000"));
        asks.put("413 too large", post("{" + " ".repeat(HttpCall.MOST_BYTES)));
        asks.put("413 a body where none is wanted", get("/v1/requests/r-1").with("Content-Length", "1"));
        asks.put("413 a body in chunks", get("/v1/openapi.yaml").with("Transfer-Encoding", "chunked"));
        asks.put("400 no request", post("{}"));
        asks.put("403 a country", post(GOOD.replace("+12025550142", "+447700900142")));
        asks.put("403 a tenant", post(GOOD.replace("{", "{\"tenant\":\"shop\",")));
        asks.put("400 an id", get("/v1/requests/12%202"));
        asks.put("400 a place", get("/v1/requests/r-1?source=x"));
        asks.put("400 two places", get("/v1/requests/r-1?source=1:1&source=2:2"));
        asks.put("400 a bad escape", get("/v1/requests/r-1?source=%"));
        asks.put("400 a bad escape in a stream's", get("/v1/requests/r-1/events?source=%zz"));
        asks.put("400 a question", get("/v1/requests/r-1?at=now"));
        asks.put("404 no request", get("/v1/requests/r-1"));
        asks.put("404 without a body by its word", get("/v1/requests/r-1").with("Content-Length", "0"));
        asks.put("404 no events", get("/v1/requests/r-1/events"));
        asks.put("400 a country", get("/v1/availability/usa"));
        Map<String, String> answers = new LinkedHashMap<>();
        Map<String, String> expected = new LinkedHashMap<>();
        for (Map.Entry<String, Ask> ask : asks.entrySet()) {
            String answer = answer(ask.getValue());
            answers.put(ask.getKey(), status(answer));
            expected.put(ask.getKey(), ask.getKey().substring(0, 3));
            assertThat(answer).as("P6").doesNotContain("2025550142", "7700900142", "000000");
        }

        assertThat(answers).isEqualTo(expected);
        assertThat(answer(asks.get("405 GET"))).containsIgnoringCase("allow: POST");
        assertThat(answer(asks.get("401 no token"))).containsIgnoringCase("www-authenticate: Bearer");
        assertThat(answer(asks.get("403 a country"))).contains("\"field\":\"to\"");
        assertThat(answer(asks.get("403 a tenant"))).contains("\"field\":\"tenant\"");
        assertThat(answer(post(GOOD))).contains("202");
    }

    @Test
    void takesARequestUnderAnyTokenOfItsTenantAndWithThePublicPath() throws Exception {
        assertThat(answer(post(GOOD)
                        .path("/otp/v1/requests")
                        .with("Authorization", "bearer " + WEB + "-next")
                        .with("Content-Type", "Application/JSON; charset=utf-8")
                        .with("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")))
                .contains("202")
                .endsWith("{\"requestId\":\"r-1\",\"source\":\"3:1182\"}");

        assertThat(traces).singleElement().satisfies(trace -> assertThat(trace).containsOnlyKeys("traceparent"));
    }

    @Test
    void aRepeatIsAnsweredAsTheFirstAndOtherContentIsRefused() throws Exception {
        assertThat(status(answer(post(GOOD)))).isEqualTo("202");
        written = Future.succeededFuture(new Source("sms.requests", 3, 9999));
        assertThat(answer(post(GOOD))).contains("202").contains("\"source\":\"3:1182\"");
        assertThat(answer(post(GOOD.replace("000000", "000001"))))
                .contains("409")
                .contains("\"field\":\"requestId\"");
        assertThat(status(answer(post(GOOD).with("Authorization", "Bearer " + SHOP))))
                .as("whether another has used the id is not told")
                .isEqualTo("202");
        assertThat(traces).hasSize(2);
        assertThat(count("repeated")).isEqualTo(1);
        assertThat(count("conflict")).isEqualTo(1);
    }

    @Test
    void aRepeatThatComesWhileTheFirstIsWrittenWaitsForThat() throws Exception {
        Promise<Source> first = Promise.promise();
        written = first.future();
        try (Socket one = send(post(GOOD));
                Socket again = send(post(GOOD))) {
            await().until(() -> traces.size() == 1);
            assertThat(status(answer(post(GOOD.replace("000000", "000001")))))
                    .as("the first content counts before it is written")
                    .isEqualTo("409");
            first.complete(new Source("sms.requests", 3, 1182));

            assertThat(readUntil(one, "\"3:1182\"}")).contains("202");
            assertThat(readUntil(again, "\"3:1182\"}")).contains("202");
        }
        assertThat(traces).as("written").hasSize(1);
    }

    @Test
    void aRepeatIsAnsweredAsTheFirstThoughItsTenantMaySendLessSince() throws Exception {
        assertThat(status(answer(post(GOOD)))).isEqualTo("202");
        web = new Tenant(Set.of("CA"), Set.of(), null);

        assertThat(status(answer(post(GOOD.replace("r-1", "r-2"))))).isEqualTo("403");
        assertThat(answer(post(GOOD))).contains("202").contains("\"source\":\"3:1182\"");
    }

    @Test
    void aRepeatOfWhatIsBeingWrittenWaitsForItThoughItsTenantMaySendLessSince() throws Exception {
        Promise<Source> slow = Promise.promise();
        written = slow.future();
        try (Socket first = send(post(GOOD).with("Connection", "close"))) {
            await().until(() -> traces.size() == 1);
            web = new Tenant(Set.of("CA"), Set.of(), null);
            try (Socket second = send(post(GOOD).with("Connection", "close"))) {
                assertThat(status(answer(post(GOOD.replace("r-1", "r-2"))))).isEqualTo("403");
                slow.complete(new Source("sms.requests", 3, 1182));
                for (Socket each : List.of(first, second)) {
                    assertThat(readUntil(each, "}")).contains("202").contains("3:1182");
                }
            }
        }
        assertThat(traces).hasSize(1);
    }

    @Test
    void whatCouldNotBeWrittenIsToBeBroughtAgain() throws Exception {
        written = Future.failedFuture("no broker");
        assertThat(answer(post(GOOD)))
                .contains("503")
                .containsIgnoringCase("retry-after: 5")
                .contains("\"advice\":{\"next\":\"other_factor\",\"chargeUser\":false}");
        written = Promise.<Source>promise().future();
        assertThat(status(answer(post(GOOD.replace("r-1", "r-2"))))).isEqualTo("503");

        written = Future.succeededFuture(new Source("sms.requests", 3, 1183));
        assertThat(answer(post(GOOD))).contains("202").contains("3:1183");
    }

    /** A healthy Kafka has too much; one that is away takes nothing. */
    @Test
    void whoFindsNoPlaceIsToldWhetherKafkaTakesAnything() throws Exception {
        serve(in, PATIENT);
        List<Socket> waiting = new ArrayList<>();
        try {
            for (int i = 0; i < Sending.AT_WORK; i++) {
                waiting.add(send(new Ask("POST", "/v1/requests", post(GOOD).headers(), ""))); // its body is to come
            }
            await().atMost(LONG)
                    .untilAsserted(() ->
                            assertThat(answer(post(GOOD))).contains("429").containsIgnoringCase("retry-after: 5"));
            unheard = true;
            assertThat(answer(post(GOOD)))
                    .contains("503")
                    .containsIgnoringCase("retry-after: 5")
                    .contains("\"advice\":{\"next\":\"other_factor\",\"chargeUser\":false}");
        } finally {
            for (Socket each : waiting) {
                each.close();
            }
        }
    }

    @Test
    void aConnectionTooManyIsAnsweredAndClosed() throws Exception {
        serve(new Narrow(in), PATIENT);
        try (Socket first = send(get("/v1/availability/US"))) {
            readUntil(first, NOW + "\"}");
            assertThat(whole(post(GOOD)))
                    .contains("429")
                    .containsIgnoringCase("connection: close")
                    .containsIgnoringCase("retry-after: 5");
            unheard = true;
            assertThat(whole(post(GOOD)))
                    .contains("503")
                    .contains("\"advice\":")
                    .containsIgnoringCase("retry-after: 5");

            first.getOutputStream().write(get("/v1/availability/US").head().getBytes(UTF_8));
            assertThat(readUntil(first, NOW + "\"}")).as("who was there stays").contains("200");
        }
        await().until(() -> status(answer(post(GOOD))).equals("202"));
    }

    @Test
    void onlySoManyComeInASecond() throws Exception {
        web = new Tenant(Set.of(), Set.of(), 2);
        List<String> statuses = new ArrayList<>();
        String last = "";
        for (int i = 0; i < 20; i++) {
            last = answer(post(GOOD.replace("r-1", "r-" + i)));
            statuses.add(status(last));
        }
        assertThat(statuses).startsWith("202", "202").contains("429");
        assertThat(last).containsIgnoringCase("retry-after: 1");
        assertThat(status(answer(post(GOOD.replace("r-1", "s")).with("Authorization", "Bearer " + SHOP))))
                .as("another tenant's pace is its own")
                .isEqualTo("202");
    }

    @Test
    void tellsATenantWhatWasToldOfItsRequestsAlone() throws Exception {
        feed.known.put("r-1", List.of(event("1", "attempt_failed", false), event("2", "submitted", true)));
        assertThat(body(answer(get("/v1/requests/r-1"))))
                .contains("\"status\":\"submitted\",\"final\":true,\"source\":\"0:7\"")
                .contains("\"eventId\":\"1\"");
        assertThat(status(answer(get("/v1/requests/r-1").with("Authorization", "Bearer " + SHOP))))
                .isEqualTo("404");
        assertThat(status(answer(get("/v1/requests/r-1/events").with("Authorization", "Bearer " + SHOP))))
                .isEqualTo("404");
    }

    @Test
    void whatNobodyHasBegunIsToldAsAccepted() throws Exception {
        assertThat(status(answer(get("/v1/requests/r-1?source=3:1182")))).isEqualTo("404");
        holds = true;
        assertThat(body(answer(get("/v1/requests/r-1?source=3:1182"))))
                .isEqualTo("{\"requestId\":\"r-1\",\"status\":\"accepted\",\"final\":false,\"source\":\"3:1182\","
                        + "\"advice\":null,\"events\":[]}");
    }

    @Test
    void whatWasBroughtIsToldAsAcceptedWithoutALookAtKafka() throws Exception {
        found = new TraceApi.Answer.Unanswered("nobody asks");
        feed.bring("r-1", "web", 3, 1182);
        for (String question : List.of("/v1/requests/r-1", "/v1/requests/r-1?source=3:1182")) {
            assertThat(body(answer(get(question)))).contains("\"accepted\"", "\"3:1182\"");
        }
        try (Socket socket = send(get("/v1/requests/r-1/events?source=3:1182"))) {
            readUntil(socket, ": Petrel");
            feed.listeners.get("r-1").accept(event("1", "submitted", true, "web", 7));
        }
        assertThat(status(answer(get("/v1/requests/r-1?source=2:1182"))))
                .as("it was not brought there, as far as is known")
                .isEqualTo("503");
        assertThat(status(answer(get("/v1/requests/r-1").with("Authorization", "Bearer " + SHOP))))
                .as("it is another's")
                .isEqualTo("503");
    }

    @Test
    void aRepeatIsToldOfWhereTheFirstStands() throws Exception {
        feed.bring("r-1", "web", 3, 1182);
        feed.bring("r-1", "shop", 3, 1183);
        feed.bring("r-1", "web", 3, 1190);
        assertThat(body(answer(get("/v1/requests/r-1?source=3:1190")))).contains("\"3:1182\"");
        assertThat(body(answer(get("/v1/requests/r-1").with("Authorization", "Bearer " + SHOP))))
                .as("nobody learns that another has used the id")
                .contains("\"accepted\"", "\"3:1183\"");
    }

    /** From its 202 on it takes a moment until another instance has read it. */
    @Test
    void whatIsJustBeingReadIsWaitedFor() throws Exception {
        feed.read = 1182;
        try (Socket socket = send(get("/v1/requests/r-1?source=3:1182").with("Connection", "close"))) {
            assertThat(status(answer(get("/v1/requests/r-1?source=3:1181")))).isEqualTo("404");
            feed.bring("r-1", "web", 3, 1182);
            feed.read = 1183;
            assertThat(readUntil(socket, "}")).contains("\"accepted\"", "\"3:1182\"");
        }
        assertThat(status(answer(get("/v1/requests/r-2?source=3:999999999"))))
                .as("what does not come is not waited for long")
                .isEqualTo("404");
    }

    /** Nobody says where it stands, so it is looked for after a moment. */
    @Test
    void whatIsReadWhileItIsLookedForIsTold() throws Exception {
        Promise<TraceApi.Answer> slow = Promise.promise();
        reading = slow.future();
        try (Socket socket = send(get("/v1/requests/r-1"));
                Socket stream = send(get("/v1/requests/r-2/events").with("Authorization", "Bearer " + SHOP))) {
            await().until(() -> looks.get() == 2);
            feed.bring("r-1", "web", 3, 1182);
            feed.known.put("r-2", List.of(event("1", "delivered", true, "shop")));
            slow.complete(nothing());
            assertThat(readUntil(socket, "}")).contains("\"accepted\"", "\"3:1182\"");
            assertThat(readUntil(stream, "\r\n0\r\n")).contains("id: 1");
        }
        feed.bring("r-3", "shop", 3, 1183);
        assertThat(status(answer(get("/v1/requests/r-3")))).isEqualTo("404");
    }

    /** Its first may have ended before anything was heard here. */
    @Test
    void ofARecordOfWhichNothingIsToldForLongTheFirstIsLookedFor() throws Exception {
        feed.bring("r-1", "web", 3, 1182);
        found = read(null, event("1", "delivered", true));
        feed.passedBy = true;
        assertThat(answer(get("/v1/requests/r-1"))).as("not yet for long").contains("\"final\":false");
        now = NOW.plusSeconds(11);
        assertThat(answer(get("/v1/requests/r-1"))).contains("\"final\":true");
        assertThat(answer(get("/v1/requests/r-1/events?source=3:1182"))).contains("id: 1");

        found = nothing();
        holds = true;
        assertThat(answer(get("/v1/requests/r-1"))).as("it waits").contains("\"accepted\"", "\"3:1182\"");
        feed.passedBy = false;
        found = new TraceApi.Answer.Unanswered("nobody asks");
        assertThat(answer(get("/v1/requests/r-1"))).contains("\"accepted\"");
    }

    @Test
    void whatAnotherInstanceHasWrittenIsNotWrittenAgain() throws Exception {
        feed.bring("r-1", "web", 3, 7);
        feed.bring("r-2", "shop", 3, 8);
        web = new Tenant(Set.of("CA"), Set.of(), null);

        assertThat(answer(post(GOOD)))
                .as("whatever it would be answered now")
                .contains("202")
                .contains("\"source\":\"3:7\"");
        assertThat(status(answer(post(GOOD.replace("r-1", "r-2")))))
                .as("another's is none of his")
                .isEqualTo("403");
        assertThat(traces).isEmpty();
        assertThat(count("repeated")).isEqualTo(1);
    }

    /** Whoever asks shall not take for news what is old. */
    @Test
    void whoHearsNothingFromKafkaTellsFinalsAlone() throws Exception {
        feed.known.put("r-1", List.of(event("1", "attempt_failed", false)));
        feed.known.put("r-2", List.of(event("1", "submitted", true)));
        feed.bring("r-3", "web", 3, 1182);
        feed.behind.add(3);
        assertThat(status(answer(get("/v1/requests/r-1"))))
                .as("its partition is not")
                .isEqualTo("200");
        assertThat(status(answer(get("/v1/requests/r-3")))).isEqualTo("503");
        assertThat(status(answer(get("/v1/requests/r-4?source=3:1")))).isEqualTo("503");
        assertThat(status(answer(get("/v1/requests/r-4?source=2:1")))).isEqualTo("404");
        assertThat(status(answer(get("/v1/requests/r-4")))).isEqualTo("503");
        feed.behind.add(0);

        assertThat(answer(get("/v1/requests/r-1")))
                .contains("503")
                .containsIgnoringCase("retry-after: 5")
                .contains("\"advice\":{\"next\":\"other_factor\",\"chargeUser\":false}");
        assertThat(statusOf(get("/v1/requests/r-1/events"))).isEqualTo("503");
        assertThat(answer(get("/v1/requests/r-2"))).contains("200", "\"final\":true");
        assertThat(answer(get("/v1/requests/r-2/events"))).contains("200", "id: 1");
    }

    @Test
    void noTenantTakesAllStreamsOrAllThatIsWritten() throws Exception {
        serve(in, WebhookLimits.USUAL);
        List<Socket> sockets = new ArrayList<>();
        try {
            feed.known.put("r-1", List.of(event("1", "attempt_failed", false)));
            for (int i = 0; i < Telling.MOST_STREAMS / 2; i++) {
                sockets.add(send(get("/v1/requests/r-1/events")));
            }
            await().atMost(LONG).until(() -> streams() == Telling.MOST_STREAMS / 2);
            assertThat(statusOf(get("/v1/requests/r-1/events"))).isEqualTo("429");
            feed.known.put("r-2", List.of(event("1", "submitted", true, "shop")));
            assertThat(status(answer(get("/v1/requests/r-2/events").with("Authorization", "Bearer " + SHOP))))
                    .isEqualTo("200");

            Promise<Source> slow = Promise.promise();
            written = slow.future();
            for (int i = 0; i < Sending.AT_WORK / 2 + 10; i++) {
                sockets.add(send(post(GOOD.replace("r-1", "w-" + i))));
            }
            await().atMost(LONG).until(() -> count("busy") > 1); // one of them the stream
            written = Future.succeededFuture(new Source("sms.requests", 3, 1182));
            assertThat(status(answer(post(GOOD).with("Authorization", "Bearer " + SHOP))))
                    .isEqualTo("202");
            slow.complete(new Source("sms.requests", 3, 1183));
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        await().atMost(LONG).until(() -> feed.listeners.isEmpty() && streams() == 0);
        assertThat(status(answer(post(GOOD.replace("r-1", "r-9"))))).isEqualTo("202");
    }

    @Test
    void noTenantTakesAllLooksAtKafka() throws Exception {
        Promise<TraceApi.Answer> slow = Promise.promise();
        reading = slow.future();
        try (Socket first = send(get("/v1/requests/r-1").with("Connection", "close"))) {
            await().until(() -> looks.get() == 1);
            assertThat(answer(get("/v1/requests/r-2"))).contains("429").containsIgnoringCase("retry-after: 5");
            reading = null;
            assertThat(status(answer(get("/v1/requests/r-2").with("Authorization", "Bearer " + SHOP))))
                    .isEqualTo("404");
            slow.complete(nothing());
            assertThat(status(readUntil(first, "\r\n"))).isEqualTo("404");
        }
        assertThat(status(answer(get("/v1/requests/r-2")))).isEqualTo("404");
    }

    @Test
    void whoIsAloneMayTakeAllLooksAtKafka() throws Exception {
        tokens = TenantTokens.parse("web:" + WEB + ", web:" + WEB + "-next");
        Promise<TraceApi.Answer> slow = Promise.promise();
        reading = slow.future();
        try (Socket first = send(get("/v1/requests/r-1"));
                Socket second = send(get("/v1/requests/r-1"))) {
            await().until(() -> looks.get() == 2);
            assertThat(status(answer(get("/v1/requests/r-2")))).isEqualTo("429");
            unheard = true;
            assertThat(answer(get("/v1/requests/r-2")))
                    .as("it is not the others who are in the way")
                    .contains("503", "\"advice\":{")
                    .containsIgnoringCase("retry-after: 5");
            slow.complete(nothing());
            assertThat(status(readUntil(first, "\r\n"))).isEqualTo("404");
            assertThat(status(readUntil(second, "\r\n"))).isEqualTo("404");
        }
    }

    @Test
    void aSilentKafkaIsNot404() throws Exception {
        found = new TraceApi.Answer.Unanswered("no broker");
        assertThat(answer(get("/v1/requests/r-1"))).contains("503").contains("advice");
        found = new TraceApi.Answer.NoSuchPlace();
        assertThat(status(answer(get("/v1/requests/r-1?source=99:1")))).isEqualTo("404");
    }

    @Test
    void whatWasNotReadToTheEndIsNotToldAsAllThereIs() throws Exception {
        holds = true;
        for (String question : List.of("/v1/requests/r-1", "/v1/requests/r-1?source=0:7")) {
            found = read("it took longer than 10 s");
            assertThat(status(answer(get(question)))).isEqualTo("503");
            found = read("it took longer than 10 s", event("1", "attempt_failed", false));
            assertThat(status(answer(get(question)))).isEqualTo("503");

            found = read("it took longer than 10 s", event("1", "submitted", true));
            assertThat(answer(get(question))).as("no more is to come").contains("200", "\"final\":true");
            found = read(null, event("1", "attempt_failed", false));
            assertThat(answer(get(question))).contains("200", "\"final\":false");
        }
    }

    @Test
    void aStreamTellsWhatWasAndWhatComesUntilTheFinal() throws Exception {
        feed.known.put("r-1", List.of(event("1", "attempt_failed", false)));
        try (Socket socket = send(get("/v1/requests/r-1/events"))) {
            await().until(() -> feed.listeners.containsKey("r-1"));
            Consumer<TracedEvent> listener = feed.listeners.get("r-1");
            String head = readUntil(socket, "\"eventId\":\"1\"");
            listener.accept(event("1", "attempt_failed", false));
            listener.accept(other("2", "submitted"));
            listener.accept(event("3", "delivered", true));
            listener.accept(event("4", "receipt", false));
            String all = head + readUntil(socket, "\r\n0\r\n");

            assertThat(status(all)).isEqualTo("200");
            assertThat(all).containsIgnoringCase("content-type: text/event-stream");
            assertThat(all.split("id: ", -1)).hasSize(3);
            assertThat(all).contains("id: 1\nevent: status\ndata: {").contains("id: 3\n");
        }
        assertThat(feed.listeners).isEmpty();
        assertThat(streams()).isZero();
    }

    @Test
    void receiptsOfAnothersRequestUnderTheSameIdAreNotTold() throws Exception {
        feed.known.put("r-1", List.of(event("1", "attempt_failed", false), receipt("2", 3), receipt("3", 7)));
        assertThat(answer(get("/v1/requests/r-1")))
                .contains("\"eventId\":\"1\"", "\"eventId\":\"3\"")
                .doesNotContain("\"eventId\":\"2\"");
        try (Socket socket = send(get("/v1/requests/r-1/events"))) {
            readUntil(socket, "\"eventId\":\"3\"");
            Consumer<TracedEvent> listener = feed.listeners.get("r-1");
            listener.accept(receipt("4", 3));
            listener.accept(receipt("5", 7));
            listener.accept(event("6", "delivered", true));

            assertThat(readUntil(socket, "\r\n0\r\n"))
                    .contains("id: 5", "id: 6")
                    .doesNotContain("id: 4");
        }
    }

    /** The first counts, and its events name its place. */
    @Test
    void whoAsksForThePlaceOfARepeatIsToldOfTheFirst() throws Exception {
        holds = true;
        try (Socket socket = send(get("/v1/requests/r-1/events?source=0:9"))) {
            readUntil(socket, ": Petrel");
            Consumer<TracedEvent> listener = feed.listeners.get("r-1");
            listener.accept(event("1", "attempt_failed", false));
            listener.accept(receipt("2", 7));
            listener.accept(event("3", "delivered", true));

            assertThat(readUntil(socket, "\r\n0\r\n")).contains("id: 1", "id: 2", "id: 3");
        }
    }

    @Test
    void whoComesBackIsSentWhatHeHasNotSeen() throws Exception {
        feed.known.put("r-1", List.of(event("1", "attempt_failed", false), event("2", "submitted", true)));

        assertThat(answer(get("/v1/requests/r-1/events").with("Last-Event-ID", "1")))
                .contains("id: 2")
                .doesNotContain("id: 1");
        assertThat(status(answer(get("/v1/requests/r-1/events").with("Last-Event-ID", "2"))))
                .isEqualTo("204");
        feed.known.put("r-1", List.of(event("1", "delivered", true), event("2", "receipt", false)));
        try (Socket socket = send(get("/v1/requests/r-1/events").with("Last-Event-ID", "1"))) {
            assertThat(status(readUntil(socket, "\r\n")))
                    .as("what comes after the final is not followed")
                    .isEqualTo("204");
        }
        assertThat(answer(get("/v1/requests/r-1/events").with("Last-Event-ID", "foreign")))
                .contains("id: 1")
                .doesNotContain("id: 2");
    }

    @Test
    void whoHangsUpIsFollowedNoLonger() throws Exception {
        feed.known.put("r-1", List.of(event("1", "attempt_failed", false)));
        Socket socket = send(get("/v1/requests/r-1/events"));
        readUntil(socket, "\"eventId\":\"1\"");
        assertThat(streams()).isEqualTo(1);
        socket.close();

        await().until(() -> feed.listeners.isEmpty() && streams() == 0);
    }

    @Test
    void aStreamEndsWithItsToken() throws Exception {
        feed.known.put("r-1", List.of(event("1", "attempt_failed", false)));
        try (Socket socket = send(get("/v1/requests/r-1/events"))) {
            readUntil(socket, "\"eventId\":\"1\"");
            tokens = TenantTokens.parse("shop:" + SHOP);
            feed.listeners.get("r-1").accept(event("2", "attempt_failed", false));

            assertThat(readUntil(socket, "\r\n0\r\n")).doesNotContain("\"eventId\":\"2\"");
        }
        assertThat(feed.listeners).isEmpty();
    }

    @Test
    void aStreamWithoutNewsEndsWithItsTokenToo() throws Exception {
        serve(in, BEATING);
        feed.known.put("r-1", List.of(event("1", "attempt_failed", false)));
        try (Socket socket = send(get("/v1/requests/r-1/events"))) {
            readUntil(socket, ": still open");
            tokens = TenantTokens.parse("shop:" + SHOP);

            readUntil(socket, "\r\n0\r\n");
        }
        await().until(() -> feed.listeners.isEmpty() && streams() == 0);
    }

    @Test
    void aReaderThatTakesNothingIsCut() throws Exception {
        serve(in, BEATING);
        feed.known.put("r-1", List.of(event("0", "attempt_failed", false)));
        try (Socket socket = send(get("/v1/requests/r-1/events"))) {
            readUntil(socket, "\"eventId\":\"0\"");
            tellMoreThanIsTaken();

            await().atMost(LONG).until(() -> feed.listeners.isEmpty() && streams() == 0);
        }
    }

    private void tellMoreThanIsTaken() {
        Consumer<TracedEvent> listener = feed.listeners.get("r-1");
        String much = "x".repeat(100_000);
        for (int i = 1; i <= 200; i++) {
            listener.accept(event(i + much, "attempt_failed", false));
        }
    }

    @Test
    void aStopEndsStreams() throws Exception {
        feed.known.put("r-1", List.of(event("1", "attempt_failed", false)));
        try (Socket socket = send(get("/v1/requests/r-1/events"))) {
            readUntil(socket, "\"eventId\":\"1\"");
            Future<Void> stopped = server.stop();
            readUntil(socket, "\r\n0\r\n");
            join(stopped);
        }
        assertThat(feed.listeners).isEmpty();
    }

    @Test
    void slowSendersAreCut() throws Exception {
        Ask good = post(GOOD);
        try (Socket slowHead = open();
                Socket slowBody = open()) {
            slowHead.getOutputStream().write(good.head().substring(0, 40).getBytes(ISO_8859_1));
            slowBody.getOutputStream().write((good.head() + "{").getBytes(ISO_8859_1));
            assertThat(slowHead.getInputStream().readAllBytes()).isEmpty();
            assertThat(slowBody.getInputStream().readAllBytes()).isEmpty();
        }
        assertThat(count("too_slow")).isEqualTo(1);
        assertThat(status(answer(good))).isEqualTo("202");
    }

    @Test
    void describesItself() throws Exception {
        assertThat(answer(get("/v1/openapi.yaml").without("Authorization")))
                .contains("200")
                .contains("\r\n\r\nopenapi: 3.1.0\n");
    }

    @Test
    void saysHowACountryStands() throws Exception {
        assertThat(body(answer(get("/v1/availability/US"))))
                .isEqualTo("{\"country\":\"US\",\"state\":\"down\",\"since\":\"" + NOW + "\",\"medianSeconds\":null,"
                        + "\"p95Seconds\":null,\"inHandShare\":null,\"requests\":0,"
                        + "\"advice\":{\"next\":\"other_factor\",\"chargeUser\":false},\"at\":\"" + NOW + "\"}");
    }

    private GuardConfig guard() {
        return new GuardConfig(Set.of(), Set.of(), Set.of(), Map.of("web", web));
    }

    private static CountryState state() {
        return new CountryState("*", State.DOWN, NOW, null, null, null, 0, State.DOWN.advice(), NOW, List.of());
    }

    private static TracedEvent event(String id, String status, boolean last) {
        return event(id, status, last, "web");
    }

    private static TracedEvent other(String id, String status) {
        return event(id, status, false, "shop");
    }

    /** As no owner writes it. */
    private static TracedEvent receipt(String id, int offset) {
        return event(id, "receipt", false, null, offset);
    }

    private static TracedEvent event(String id, String status, boolean last, String tenant) {
        return event(id, status, last, tenant, 7);
    }

    private static TracedEvent event(String id, String status, boolean last, String tenant, int offset) {
        String json = new JsonObject()
                .put("eventId", id)
                .put("status", status)
                .put("source", new JsonObject().put("partition", 0).put("offset", offset))
                .encode();
        return new TracedEvent(
                0,
                status,
                last,
                NOW,
                null,
                null,
                null,
                List.of(),
                null,
                null,
                null,
                "US",
                5,
                false,
                tenant,
                null,
                "sms.requests 0:" + offset,
                json);
    }

    private static TraceApi.Answer nothing() {
        return read(null);
    }

    private static TraceApi.Answer read(String brokenOff, TracedEvent... events) {
        return new TraceApi.Answer.Read(new Traced(
                List.of(events),
                0,
                new Traced.Searched("sms.status", 4, null, NOW, events.length, Duration.ofSeconds(1), brokenOff)));
    }

    private final class Sink implements RequestSink {
        @Override
        public Brought read(byte[] json, String tenant) {
            JsonObject request = new JsonObject(new String(json, UTF_8));
            if (!request.containsKey("to")) {
                return new Brought.Wrong("to", "is required");
            }
            if (!request.getString("tenant", tenant).equals(tenant)) {
                return new Brought.Foreign();
            }
            return new Brought.Request(
                    Requests.ofTenant(
                            tenant,
                            Requests.request(
                                    request.getString("requestId"),
                                    request.getString("to"),
                                    NOW,
                                    Duration.ofMinutes(5),
                                    null,
                                    null)),
                    request.put("tenant", tenant).encode().getBytes(UTF_8));
        }

        @Override
        public Future<Source> write(Brought.Request request, Map<String, String> trace) {
            traces.add(trace);
            Context here = vertx.getOrCreateContext();
            Promise<Source> there = Promise.promise();
            written.onComplete((place, failure) -> here.runOnContext(now -> there.complete(place, failure)));
            return there.future();
        }

        @Override
        public boolean isUnheard() {
            return unheard;
        }
    }

    private final class Archive implements HttpIn.Archive {
        @Override
        public Future<TraceApi.Answer> read(TraceApi.Question question) {
            looks.incrementAndGet();
            Future<TraceApi.Answer> under = reading;
            return under == null ? Future.succeededFuture(found) : under;
        }

        @Override
        public Future<Boolean> holds(Source place, String requestId, String tenant, Duration spent) {
            return Future.succeededFuture(holds);
        }
    }

    /** Has room for one connection. */
    private record Narrow(HttpIn in) implements WebServer.Part {
        @Override
        public boolean isOf(String uri) {
            return in.isOf(uri);
        }

        @Override
        public WebCall call(HttpServerRequest request, WebServer.Visit visit) {
            return in.call(request, visit);
        }

        @Override
        public int connections() {
            return 1;
        }
    }

    private static final class Feed implements EventFeed {
        final Map<String, List<TracedEvent>> known = new ConcurrentHashMap<>();
        final Map<String, List<Brought>> brought = new ConcurrentHashMap<>();
        final Map<String, Consumer<TracedEvent>> listeners = new ConcurrentHashMap<>();
        final Set<Integer> behind = ConcurrentHashMap.newKeySet();
        volatile long read = Long.MAX_VALUE;
        volatile boolean passedBy;

        void bring(String requestId, String tenant, int partition, long offset) {
            Brought more = new Brought(tenant, new Source("sms.requests", partition, offset), NOW);
            brought.merge(
                    requestId,
                    List.of(more),
                    (some, one) -> Stream.concat(some.stream(), one.stream()).toList());
        }

        @Override
        public void follow(String requestId, Consumer<TracedEvent> listener) {
            listeners.put(requestId, listener);
        }

        @Override
        public Optional<Known> known(String requestId) {
            List<TracedEvent> events = known.get(requestId);
            List<Brought> records = brought.get(requestId);
            return events == null && records == null
                    ? Optional.empty()
                    : Optional.of(
                            new Known(events == null ? List.of() : events, records == null ? List.of() : records));
        }

        @Override
        public boolean hasRead(Source place) {
            return place.offset() < read;
        }

        @Override
        public boolean isPassedBy(Source place) {
            return passedBy;
        }

        @Override
        public boolean isBehind(int partition) {
            return behind.contains(partition);
        }

        @Override
        public boolean isBehind() {
            return !behind.isEmpty();
        }

        @Override
        public void leave(String requestId, Consumer<TracedEvent> listener) {
            listeners.remove(requestId);
        }
    }

    /** One call, as text on the wire. */
    private record Ask(String method, String path, Map<String, String> headers, String body) {
        Ask with(String header, String value) {
            Map<String, String> more = new LinkedHashMap<>(headers);
            more.put(header, value);
            return new Ask(method, path, more, body);
        }

        Ask without(String header) {
            Map<String, String> fewer = new LinkedHashMap<>(headers);
            fewer.remove(header);
            return new Ask(method, path, fewer, body);
        }

        Ask path(String other) {
            return new Ask(method, other, headers, body);
        }

        String head() {
            StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: petrel.example\r\n");
            headers.forEach((name, value) ->
                    head.append(name).append(": ").append(value).append("\r\n"));
            return head.append("\r\n").toString();
        }
    }

    private static Ask post(String body) {
        return new Ask("POST", "/v1/requests", Map.of(), body)
                .with("Authorization", "Bearer " + WEB)
                .with("Content-Type", "application/json")
                .with("Content-Length", Integer.toString(body.length()));
    }

    private static Ask get(String path) {
        return new Ask("GET", path, Map.of(), "").with("Authorization", "Bearer " + WEB);
    }

    /** All of it, the connection closed behind it. */
    private String answer(Ask ask) throws IOException {
        try (Socket socket = send(ask.with("Connection", "close"))) {
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    /** Of what might go on for long. */
    private String statusOf(Ask ask) throws IOException {
        try (Socket socket = send(ask)) {
            return status(readUntil(socket, "\r\n"));
        }
    }

    private Socket send(Ask ask) throws IOException {
        Socket socket = open();
        socket.getOutputStream().write((ask.head() + ask.body()).getBytes(UTF_8));
        return socket;
    }

    private Socket open() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    /** All of it, where the server closes the connection. */
    private String whole(Ask ask) throws IOException {
        try (Socket socket = send(ask)) {
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }

    /** Fails where it does not come, whatever else does. */
    private static String readUntil(Socket socket, String end) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder read = new StringBuilder();
        long begun = System.nanoTime();
        while (read.indexOf(end, Math.max(0, read.length() - end.length())) < 0) {
            if (System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(20)) {
                throw new IOException("goes on and on: " + read);
            }
            int next = in.read();
            if (next < 0) {
                throw new IOException("ended with: " + read);
            }
            read.append((char) next);
        }
        return read.toString();
    }

    private static String status(String answer) {
        return answer.isEmpty() ? "" : answer.split(" ", 3)[1];
    }

    private static String body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    private double count(String answer) {
        Counter counter =
                registry.find("petrel.http.calls").tag("answer", answer).counter();
        return counter == null ? -1 : counter.count();
    }

    private double streams() {
        return registry.get("petrel.http.streams").gauge().value();
    }

    private static <T> T join(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }
}
