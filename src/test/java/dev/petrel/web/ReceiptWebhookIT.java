package dev.petrel.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.petrel.config.Secret;
import dev.petrel.delivery.ReceiptSink;
import dev.petrel.message.AttemptTicket;
import dev.petrel.message.ReceiptEvent;
import dev.petrel.message.ReceiptState;
import dev.petrel.metrics.Meters;
import dev.petrel.provider.twilio.TwilioConfig;
import dev.petrel.provider.twilio.TwilioProvider;
import dev.petrel.receipt.CallbackKeys;
import dev.petrel.receipt.CallbackTokens;
import dev.petrel.testing.ManualTime;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ReceiptWebhookIT {
    private static final String NATIONAL = "2025550187";
    private static final String ACCOUNT = "AC00000000000000000000000000000000";
    private static final String AUTH_TOKEN = "token-000000-of-main";
    private static final String OTHER_TOKEN = "token-000000-of-more";
    private static final String PUBLIC_URL = "https://petrel.example/otp";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final Instant NOW = Instant.parse("2026-11-24T04:05:00Z");
    private static final String SECRET = "0".repeat(32);
    private static final CallbackKeys KEYS = CallbackKeys.parse("new:" + SECRET + "n,old:" + SECRET + "o");
    private static final WebhookLimits LIMITS = new WebhookLimits(
            50, 3, 16 << 10, Duration.ofMillis(700), Duration.ofSeconds(30), Duration.ofMillis(700), 2);

    private final Vertx vertx = Vertx.vertx();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Queue<ReceiptEvent> told = new ConcurrentLinkedQueue<>();
    private final CallbackTokens tokens = new CallbackTokens(() -> KEYS, WINDOW);
    private final Lines lines = new Lines();
    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.petrel");
    private volatile ReceiptSink sink = event -> Future.succeededFuture();
    private volatile Instant now = NOW;
    private WebServer webhook;
    private Level level;

    @BeforeEach
    void start() {
        level = logger.getLevel();
        logger.setLevel(Level.TRACE);
        lines.setContext(logger.getLoggerContext());
        lines.start();
        logger.addAppender(lines);
        WebConfig config = new WebConfig(0, "127.0.0.1", URI.create(PUBLIC_URL));
        Meters meters = new Meters(registry);
        ReceiptWebhook receipts = new ReceiptWebhook(
                vertx,
                config,
                () -> KEYS,
                WINDOW,
                Map.of(
                        "twilio-main",
                        twilio("twilio-main", AUTH_TOKEN).receipts().orElseThrow(),
                        "twilio-more",
                        twilio("twilio-more", OTHER_TOKEN).receipts().orElseThrow()),
                event -> {
                    told.add(event);
                    return sink.tell(event);
                },
                meters,
                () -> now,
                LIMITS);
        webhook = new WebServer(vertx, config, List.of(receipts), meters, LIMITS);
        join(webhook.start());
    }

    @AfterEach
    void stop() {
        join(webhook.stop());
        join(vertx.close());
        logger.detachAppender(lines);
        logger.setLevel(level);
        assertThat(lines.lines).as("P6").noneMatch(line -> line.contains(NATIONAL));
    }

    @Test
    void takesAReceiptOnceItIsWritten() {
        assertThat(answer(signed(ticket("a1"), fields("delivered")))).isEqualTo("204");

        assertThat(told).singleElement().satisfies(event -> {
            assertThat(event.attempt()).isEqualTo(ticket("a1"));
            assertThat(event.receipt().state()).isEqualTo(ReceiptState.DELIVERED);
            assertThat(event.providerMessageId()).isEqualTo("SM00000000000000000000000000000001");
            assertThat(event.at()).isEqualTo(NOW);
        });
        assertThat(count("petrel.webhook.calls", "answer", "taken")).isEqualTo(1);
        assertThat(count("petrel.receipts", "state", "delivered")).isEqualTo(1);
    }

    /** Forged and broken callbacks, and what each is answered. */
    @Test
    void refusesWhatIsForgedOrBroken() {
        AttemptTicket ticket = ticket("a1");
        Ask good = signed(ticket, fields("delivered"));
        Map<String, String> answers = new LinkedHashMap<>();
        Map<String, String> expected = new LinkedHashMap<>();
        Map<String, Ask> asks = new LinkedHashMap<>();

        asks.put("403 no signature", good.without("X-Twilio-Signature"));
        asks.put("403 a wrong signature", good.with("X-Twilio-Signature", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="));
        asks.put(
                "403 signed by another token",
                good.with("X-Twilio-Signature", signature(OTHER_TOKEN, url(good.token), fields("delivered"))));
        asks.put(
                "403 signed for another host",
                good.with(
                        "X-Twilio-Signature",
                        signature(AUTH_TOKEN, "https://evil.example/otp/receipts/" + good.token, fields("delivered"))));
        asks.put(
                "403 signed for http",
                good.with(
                        "X-Twilio-Signature",
                        signature(AUTH_TOKEN, url(good.token).replace("https", "http"), fields("delivered"))));
        asks.put("403 another state than signed", good.body(form(fields("failed"))));
        asks.put("403 a field twice", good.body(form(fields("delivered")) + "&MessageStatus=failed"));
        asks.put("403 swapped tokens", good.token(tokens.sign(ticket("a2"))));
        asks.put("403 token of another provider", good.token(tokens.sign(ticket("a1", "twilio-more"))));
        asks.put(
                "403 another account",
                signed(ticket, with(fields("delivered"), "AccountSid", "AC00000000000000000000000000000009")));
        asks.put("404 a provider without receipts", signed(ticket("a1", "sns-eu"), fields("delivered")));
        asks.put("404 a provider that is gone", signed(ticket("a1", "twilio-gone"), fields("delivered")));
        asks.put("404 truncated token", good.token(good.token.substring(0, good.token.length() - 1)));
        asks.put("404 changed token", good.token((good.token.startsWith("E") ? "F" : "E") + good.token.substring(1)));
        asks.put("404 no token", good.token(""));
        asks.put("404 a token and more", good.token(good.token + "/x"));
        asks.put("404 a query", good.token(good.token + "?a=b"));
        asks.put("404 key gone", withKey("gone:" + SECRET + "g", ticket));
        asks.put("404 key of another secret", withKey("new:" + SECRET + "x", ticket));
        asks.put("400 no status", signed(ticket, without(fields("delivered"), "MessageStatus")));
        asks.put("400 no form", good.body("%zz=1"));
        asks.put("400 too many fields", good.body("a=b&".repeat(300)));
        asks.put("405 GET", good.method("GET"));
        asks.put("405 PUT", good.method("PUT"));
        asks.put("405 POST to ping", good.token("ping"));
        asks.put("415 JSON", good.with("Content-Type", "application/json").body("{}"));
        asks.put("415 multipart", good.with("Content-Type", "multipart/form-data; boundary=x"));
        asks.put("415 no content type", good.without("Content-Type"));
        asks.put("413 too large", good.body("a=" + "b".repeat(16 << 10)));
        asks.put("413 too large by its word", good.with("Content-Length", "1000000000"));
        asks.forEach((name, ask) -> {
            expected.put(name, name.substring(0, 3));
            answers.put(name, answer(ask));
        });

        assertThat(answers).isEqualTo(expected);
        assertThat(told).isEmpty();
        assertThat(answer(signed(ticket, fields("delivered")))).isEqualTo("204");
        assertThat(lines.lines).filteredOn(line -> line.startsWith("WARN")).hasSize(1);
        assertThat(count("petrel.alerts", "kind", "webhook_refused")).isEqualTo(13);
    }

    @Test
    void nothingElseIsThere() {
        for (String path : List.of("/", "/receipts", "/health/live", "/metrics", "/otp", "/receipts%2fping")) {
            assertThat(answer(new Ask("GET", path, "", Map.of(), ""))).as(path).isEqualTo("404");
        }
        assertThat(answer(new Ask("GET", "/receipts/", "ping", Map.of(), ""))).isEqualTo("204");
        assertThat(told).isEmpty();
    }

    @Test
    void headersDecideNothing() {
        Ask good = signed(ticket("a1"), fields("delivered"))
                .with("Host", "evil.example")
                .with("X-Forwarded-Host", "evil.example")
                .with("X-Forwarded-Proto", "http")
                .with("Forwarded", "host=evil.example;proto=http");

        assertThat(answer(good)).isEqualTo("204");
    }

    @Test
    void whoeverStandsInFrontMayLeaveThePathOn() {
        assertThat(answer(signed(ticket("a1"), fields("delivered")).path("/otp/receipts/")))
                .isEqualTo("204");
    }

    @Test
    void aKeyThatSignsNoMoreStillVerifies() {
        assertThat(answer(withKey("old:" + SECRET + "o", ticket("a1")))).isEqualTo("204");
    }

    @Test
    void takesNoReceiptAfterItsWindow() {
        now = ticket("a1").expiresAt().plus(WINDOW);
        assertThat(answer(signed(ticket("a1"), fields("sent")))).isEqualTo("204");

        now = now.plusMillis(1);
        assertThat(answer(signed(ticket("a1"), fields("delivered")))).isEqualTo("404");
    }

    @Test
    void aRepeatIsNotWrittenAgain() {
        Ask sent = signed(ticket("a1"), fields("sent"));
        assertThat(answers(sent, sent, signed(ticket("a1"), fields("delivered")), sent))
                .containsOnly("204");
        assertThat(told).hasSize(2);
        assertThat(count("petrel.webhook.calls", "answer", "repeated")).isEqualTo(2);

        // only so many are remembered, the latest
        assertThat(answers(signed(ticket("a2"), fields("sent")), signed(ticket("a3"), fields("sent")), sent))
                .containsOnly("204");
        assertThat(told).hasSize(5);
    }

    @Test
    void whatCouldNotBeWrittenIsToBeBroughtAgain() {
        Ask good = signed(ticket("a1"), fields("delivered"));
        sink = event -> Future.failedFuture("no broker");
        assertThat(head(good)).startsWith("HTTP/1.1 503").containsIgnoringCase("retry-after: 1");
        sink = event -> {
            throw new IllegalStateException("a bug");
        };
        assertThat(answer(good)).isEqualTo("503");
        sink = event -> Promise.<Void>promise().future();
        assertThat(answer(good)).isEqualTo("503");

        sink = event -> Future.succeededFuture();
        assertThat(answer(good)).isEqualTo("204");
        assertThat(told).hasSize(4);
        assertThat(count("petrel.alerts", "kind", "receipt_unwritten")).isEqualTo(3);
        assertThat(lines.lines).filteredOn(line -> line.startsWith("WARN")).hasSize(1);
    }

    @Test
    void onlySoManyAreAtWorkAtATime() throws Exception {
        Promise<Void> written = Promise.promise();
        sink = event -> written.future();
        List<Socket> waiting = new ArrayList<>();
        for (int i = 0; i < LIMITS.atWork(); i++) {
            waiting.add(send(signed(ticket("a" + i), fields("delivered"))));
        }
        await().until(() -> told.size() == LIMITS.atWork());

        assertThat(head(signed(ticket("b"), fields("delivered"))))
                .startsWith("HTTP/1.1 429")
                .containsIgnoringCase("retry-after: 1");
        written.complete();
        for (Socket socket : waiting) {
            assertThat(status(readHead(socket))).isEqualTo("204");
            socket.close();
        }
        assertThat(answer(signed(ticket("b"), fields("delivered")))).isEqualTo("204");
    }

    @Test
    void anEndlessBodyIsCut() throws Exception {
        Ask good = signed(ticket("a1"), fields("delivered")).with("Transfer-Encoding", "chunked");
        try (Socket socket = open()) {
            socket.getOutputStream().write(good.head().getBytes(ISO_8859_1));
            byte[] chunk = ("1000\r\n" + "a".repeat(0x1000) + "\r\n").getBytes(ISO_8859_1);
            for (int i = 0; i < 5; i++) {
                socket.getOutputStream().write(chunk);
            }
            assertThat(status(readHead(socket))).isEqualTo("413");
            await().until(() -> isClosed(socket, chunk));
        }
        assertThat(told).isEmpty();
    }

    @Test
    void whoeverOnlyHoldsConnectionsKeepsNoProviderOut() throws Exception {
        List<Socket> idle = new ArrayList<>();
        for (int i = 0; i < LIMITS.connections() + 20; i++) {
            idle.add(open());
        }
        assertThat(answer(signed(ticket("a1"), fields("delivered")))).isEqualTo("204");
        for (Socket socket : idle) {
            socket.close();
        }
    }

    @Test
    void slowSendersAreCut() throws Exception {
        Ask good = signed(ticket("a1"), fields("delivered"));
        try (Socket silent = open();
                Socket slowHead = open();
                Socket slowBody = open();
                Socket trickle = open()) {
            slowHead.getOutputStream().write(good.head().substring(0, 40).getBytes(ISO_8859_1));
            slowBody.getOutputStream().write((good.head() + "Mess").getBytes(ISO_8859_1));
            trickle.getOutputStream().write(good.head().getBytes(ISO_8859_1));
            await().pollInterval(Duration.ofMillis(50)).until(() -> isClosed(trickle, "a".getBytes(ISO_8859_1)));
            assertThat(readHead(silent)).isEmpty();
            assertThat(readHead(slowHead)).isEmpty();
            assertThat(readHead(slowBody)).isEmpty();
        }
        assertThat(count("petrel.webhook.calls", "answer", "too_slow")).isEqualTo(2);
        assertThat(answer(good)).isEqualTo("204");
    }

    @Test
    void aConnectionBringsManyReceipts() throws Exception {
        try (Socket socket = open()) {
            for (int i = 0; i < 20; i++) {
                socket.getOutputStream()
                        .write(signed(ticket("a" + i), fields("delivered"))
                                .text()
                                .getBytes(ISO_8859_1));
                assertThat(status(readHead(socket))).isEqualTo("204");
            }
        }
        assertThat(told).hasSize(20);
    }

    @Test
    void whoeverHangsUpLeavesItsPlace() throws Exception {
        Ask good = signed(ticket("a1"), fields("delivered"));
        for (int i = 0; i < 2 * LIMITS.atWork(); i++) {
            try (Socket socket = open()) {
                socket.getOutputStream().write((good.head() + "Mess").getBytes(ISO_8859_1));
            }
        }
        await().until(() ->
                count("petrel.webhook.calls", "answer", "broken") + count("petrel.webhook.calls", "answer", "busy")
                        >= 2 * LIMITS.atWork());
        await().until(() -> answer(good).equals("204"));
    }

    @Test
    void aCallThatFollowsAtOnceLeavesItsPlaceToo() throws Exception {
        Ask good = signed(ticket("a1"), fields("delivered"));
        for (int i = 0; i < 2 * LIMITS.atWork(); i++) {
            try (Socket socket = open()) {
                socket.getOutputStream().write((good.text() + good.head() + "Mess").getBytes(ISO_8859_1));
                assertThat(status(readHead(socket))).isEqualTo("204");
            }
            int left = i + 1;
            await().until(() -> count("petrel.webhook.calls", "answer", "broken") >= left);
        }
        assertThat(answer(good)).isEqualTo("204");
    }

    @Test
    void aFloodOfGarbageDoesNotStopGoodOnes() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService flood = Executors.newFixedThreadPool(4);
        Ask good = signed(ticket("a1"), fields("delivered"));
        List<Ask> garbage = List.of(
                good.with("X-Twilio-Signature", "x"),
                good.token("x".repeat(250)),
                good.body("a=" + "b".repeat(17 << 10)),
                good.method("DELETE"));
        for (Ask ask : garbage) {
            flood.execute(() -> {
                while (!over.get()) {
                    assertThat(head(ask)).isNotNull();
                }
            });
        }
        try {
            await().until(() -> count("petrel.webhook.calls", "answer", "unknown") > 20);
            for (int i = 0; i < 50; i++) {
                assertThat(answer(signed(ticket("g" + i), fields("delivered")))).isEqualTo("204");
            }
        } finally {
            over.set(true);
            flood.shutdown();
            assertThat(flood.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(told).hasSize(50);
    }

    @Test
    void aBadRequestLineIsRefused() throws Exception {
        try (Socket socket = open()) {
            socket.getOutputStream().write("\u0016\u0003\u0001 rubbish\r\n\r\n".getBytes(ISO_8859_1));
            assertThat(status(readHead(socket))).isIn("400", "");
        }
    }

    @Test
    void answersWhatIsAtWorkBeforeItStops() throws Exception {
        Promise<Void> written = Promise.promise();
        sink = event -> written.future();
        try (Socket socket = send(signed(ticket("a1"), fields("delivered")))) {
            await().until(() -> told.size() == 1);
            Future<Void> stopped = webhook.stop();
            written.complete();
            assertThat(status(readHead(socket))).isEqualTo("204");
            join(stopped);
        }
    }

    @Test
    void aPortThatIsTakenIsTold() {
        WebServer second =
                new WebServer(vertx, new WebConfig(webhook.port(), "127.0.0.1", null), List.of(), new Meters(registry));
        Future<Void> started = second.start();

        await().until(started::isComplete);
        assertThat(started.cause()).hasMessageContaining("petrel.web.port");
    }

    @Test
    void weReachOurselvesByThePublicUrl() {
        PublicUrl reached = new PublicUrl(vertx, URI.create("http://127.0.0.1:" + webhook.port() + "/otp/"));
        assertThat(join(reached.reachable())).isTrue();

        join(webhook.stop());
        assertThat(join(reached.reachable())).isFalse();
        join(reached.close());
    }

    /** One call, as text on the wire. */
    private record Ask(String method, String path, String token, Map<String, String> headers, String body) {
        Ask method(String other) {
            return new Ask(other, path, token, headers, body);
        }

        Ask path(String other) {
            return new Ask(method, other, token, headers, body);
        }

        Ask token(String other) {
            return new Ask(method, path, other, headers, body);
        }

        Ask body(String other) {
            return new Ask(method, path, token, headers, other);
        }

        Ask with(String name, String value) {
            Map<String, String> more = new LinkedHashMap<>(headers);
            more.put(name, value);
            return new Ask(method, path, token, more, body);
        }

        Ask without(String name) {
            Map<String, String> less = new LinkedHashMap<>(headers);
            less.remove(name);
            return new Ask(method, path, token, less, body);
        }

        String head() {
            Map<String, String> all = new LinkedHashMap<>(headers);
            all.putIfAbsent("Host", "petrel.example");
            if (!all.containsKey("Transfer-Encoding")) {
                all.putIfAbsent("Content-Length", Integer.toString(body.length()));
            }
            return method + " " + path + token + " HTTP/1.1\r\n"
                    + all.entrySet().stream()
                            .map(header -> header.getKey() + ": " + header.getValue() + "\r\n")
                            .collect(Collectors.joining())
                    + "\r\n";
        }

        String text() {
            return head() + body;
        }
    }

    private Ask signed(AttemptTicket ticket, Map<String, String> fields) {
        return signed(tokens.sign(ticket), fields);
    }

    private static Ask signed(String token, Map<String, String> fields) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", FORM);
        headers.put("X-Twilio-Signature", signature(AUTH_TOKEN, url(token), fields));
        return new Ask("POST", "/receipts/", token, headers, form(fields));
    }

    private static Ask withKey(String keys, AttemptTicket ticket) {
        return signed(new CallbackTokens(() -> CallbackKeys.parse(keys), WINDOW).sign(ticket), fields("delivered"));
    }

    private List<String> answers(Ask... asks) {
        return List.of(asks).stream().map(this::answer).toList();
    }

    private String answer(Ask ask) {
        String head = head(ask);
        if (!head.startsWith("HTTP/1.1 2")) {
            assertThat(head).containsIgnoringCase("content-length: 0");
        }
        return status(head);
    }

    private String head(Ask ask) {
        try (Socket socket = send(ask)) {
            return readHead(socket);
        } catch (IOException broken) {
            return broken.toString();
        }
    }

    private Socket send(Ask ask) throws IOException {
        Socket socket = open();
        socket.getOutputStream().write(ask.text().getBytes(ISO_8859_1));
        return socket;
    }

    private Socket open() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), webhook.port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    /** To its empty line; what came where the connection was closed before. */
    private static String readHead(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        try {
            for (int next = in.read(); next >= 0; next = in.read()) {
                head.append((char) next);
                if (head.length() > 3 && head.substring(head.length() - 4).equals("\r\n\r\n")) {
                    return head.toString();
                }
            }
        } catch (java.net.SocketException reset) {
            return head.toString();
        }
        return head.toString();
    }

    private static String status(String head) {
        return head.startsWith("HTTP/1.") ? head.substring(9, 12) : head;
    }

    private static boolean isClosed(Socket socket, byte[] more) {
        try {
            socket.getOutputStream().write(more);
            return false;
        } catch (IOException closed) {
            return true;
        }
    }

    private static String url(String token) {
        return PUBLIC_URL + "/receipts/" + token;
    }

    private static AttemptTicket ticket(String attemptId) {
        return ticket(attemptId, "twilio-main");
    }

    private static AttemptTicket ticket(String attemptId, String provider) {
        return new AttemptTicket(
                "request-1", 2, 17, attemptId, 1, 1, provider, "US", "+1•••••••87", NOW, NOW.plusSeconds(300));
    }

    private static Map<String, String> fields(String status) {
        return new TreeMap<>(Map.of(
                "AccountSid",
                ACCOUNT,
                "MessageSid",
                "SM00000000000000000000000000000001",
                "MessageStatus",
                status,
                "To",
                "+1" + NATIONAL));
    }

    private static Map<String, String> with(Map<String, String> fields, String name, String value) {
        fields.put(name, value);
        return fields;
    }

    private static Map<String, String> without(Map<String, String> fields, String name) {
        fields.remove(name);
        return fields;
    }

    private static String form(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
    }

    private static String signature(String token, String url, Map<String, String> fields) {
        StringBuilder text = new StringBuilder(url);
        fields.forEach((name, value) -> text.append(name).append(value));
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(token.getBytes(UTF_8), "HmacSHA1"));
            return Base64.getEncoder()
                    .encodeToString(mac.doFinal(text.toString().getBytes(UTF_8)));
        } catch (Exception impossible) {
            throw new AssertionError(impossible);
        }
    }

    private TwilioProvider twilio(String id, String token) {
        return new TwilioProvider(
                vertx,
                new TwilioConfig(
                        id,
                        ACCOUNT,
                        new Secret(token),
                        null,
                        "+15005550006",
                        TwilioConfig.DEFAULT_BASE_URL,
                        10,
                        Duration.ofSeconds(3),
                        Map.of()),
                new ManualTime());
    }

    private double count(String name, String tag, String value) {
        Counter counter = registry.find(name).tag(tag, value).counter();
        return counter == null ? 0 : counter.count();
    }

    private static <T> T join(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    private static final class Lines extends AppenderBase<ILoggingEvent> {
        final Queue<String> lines = new ConcurrentLinkedQueue<>();

        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getLevel() + " " + event.getFormattedMessage()
                    + (event.getThrowableProxy() == null
                            ? ""
                            : event.getThrowableProxy().getMessage()));
        }
    }
}
