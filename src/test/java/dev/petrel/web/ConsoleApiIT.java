package dev.petrel.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.availability.CountryState;
import dev.petrel.availability.Sighting;
import dev.petrel.console.Board;
import dev.petrel.console.Console;
import dev.petrel.console.Happening;
import dev.petrel.message.Advice;
import dev.petrel.message.Status;
import dev.petrel.message.SubmitResult;
import dev.petrel.metrics.Meters;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConsoleApiIT {
    private static final Instant NOW = Instant.parse("2026-11-24T04:05:00Z");
    private static final String SECRET = "secret-of-nobody-000000-000000-000000";
    private static final Duration LONG = Duration.ofSeconds(30);

    private final Vertx vertx = Vertx.vertx();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Meters meters = new Meters(registry);
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Console console = new Console();
    private final AtomicInteger opened = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final List<AutoCloseable> open = new ArrayList<>();
    private volatile @Nullable Consumer<Board> boards;
    private volatile Tokens tokens = Tokens.none();
    private ManagementServer server;
    private long request;
    private int second;

    @BeforeEach
    void serve() throws Exception {
        tokens = Tokens.parse("alice:" + SECRET);
        server = new ManagementServer(vertx, new ManagementConfig(0, "127.0.0.1", tokens), registry, Map::of);
        server.mount(new ConsoleApi(
                vertx,
                new AdminTokens(
                        () -> tokens, meters, () -> TimeUnit.SECONDS.toNanos(100L * second++)), // never too many
                "petrel-0",
                this::open,
                () -> new JsonArray().add(new JsonObject().put("key", "drain/twilio-main")),
                meters,
                Duration.ofMillis(1)));
        server.start().await(10, TimeUnit.SECONDS);
    }

    private java.util.function.Supplier<Future<Void>> open(Consumer<Board> say) {
        opened.incrementAndGet();
        boards = say;
        return () -> {
            ended.incrementAndGet();
            return Future.succeededFuture();
        };
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    @Test
    void showsAllOfItFirstAndThenWhatHasChanged() throws Exception {
        Viewer viewer = new Viewer();
        reads();
        codes("US", 10);
        say(NOW);
        JsonObject first = viewer.next("board");
        assertThat(first.getString("by")).isEqualTo("petrel-0");
        assertThat(first.getJsonArray("orders").getJsonObject(0).getString("key"))
                .isEqualTo("drain/twilio-main");
        assertThat(first.getJsonArray("cells")).hasSize(1);
        assertThat(first.getJsonObject("verdict").getString("words")).endsWith("; 1 order is in force");

        codes("CA", 5);
        say(NOW.plusSeconds(1));

        JsonObject change = viewer.next("change");
        assertThat(change.getString("at")).isEqualTo("2026-11-24T04:05:01Z");
        assertThat(change.getJsonArray("cells")).hasSize(1);
        assertThat(change.getJsonArray("cells").getJsonObject(0).getString("country"))
                .isEqualTo("CA");
        assertThat(change.fieldNames()).doesNotContain("orders", "instances", "gone", "by");
    }

    @Test
    void whoComesLaterGetsAllOfItAtOnce() throws Exception {
        Viewer first = new Viewer();
        reads();
        codes("US", 10);
        say(NOW);
        first.next("board");

        JsonObject board = new Viewer().next("board");

        assertThat(board.getJsonArray("cells")).hasSize(1);
        assertThat(opened).hasValue(1);
        assertThat(get("/v1/console").body()).isEqualTo(board.encode());
    }

    @Test
    void whoIsGoneIsNamed() throws Exception {
        Viewer viewer = new Viewer();
        reads();
        codes("US", 10);
        say(NOW);
        viewer.next("board");

        say(NOW.plus(Console.BACK).plusSeconds(1));

        assertThat(viewer.next("change").getJsonArray("gone")).containsExactly("twilio-main/US");
    }

    @Test
    void whoseTokenIsTakenAwayIsShownNothingMore() throws Exception {
        Viewer viewer = new Viewer();
        reads();
        say(NOW);
        viewer.next("board");

        tokens = Tokens.parse("bob:" + SECRET.replace("nobody", "others"));
        say(NOW.plusSeconds(1));

        assertThat(viewer.ends()).isTrue();
        await().atMost(LONG).until(() -> ended.get() == 1);
    }

    @Test
    void theReadingEndsAfterTheLastHasLeft() throws Exception {
        Viewer one = new Viewer();
        Viewer other = new Viewer();
        reads();
        say(NOW);
        one.next("board");
        other.next("board");
        one.close();
        say(NOW.plusSeconds(1));
        other.next("change");
        assertThat(ended).hasValue(0);

        other.close();

        await().atMost(LONG).untilAsserted(() -> assertThat(ended).hasValue(1));
        new Viewer();
        await().atMost(LONG).untilAsserted(() -> assertThat(opened).hasValue(2));
    }

    @Test
    void whoAsksOnceWaitsUntilItIsWhole() throws Exception {
        CompletableFuture<HttpResponse<String>> answer =
                client.sendAsync(request("/v1/console").build(), HttpResponse.BodyHandlers.ofString());
        reads();
        say(console.board(NOW, 4, List.of(), false, "reading"));
        codes("US", 10);
        say(NOW.plusSeconds(1));

        JsonObject board = new JsonObject(answer.get(30, TimeUnit.SECONDS).body());

        assertThat(board.getValue("reading")).isNull();
        assertThat(board.getString("at")).isEqualTo("2026-11-24T04:05:01Z");
    }

    @Test
    void nothingIsShownWithoutAToken() throws Exception {
        for (String path : List.of("/v1/console", "/v1/console/stream")) {
            HttpRequest.Builder asking = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
            assertThat(client.send(asking.build(), HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(401);
        }
        assertThat(opened).hasValue(0);
    }

    @Test
    void onlySoManyLookAtOnce() throws Exception {
        for (int each = 0; each < ConsoleApi.MOST_VIEWERS; each++) {
            new Viewer();
        }

        HttpResponse<String> answer = get("/v1/console");

        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(answer.headers().firstValue("Retry-After")).hasValue("10");
    }

    /** It takes no memory that grows, and sees how it is now when it reads again. */
    @Test
    void whoDoesNotReadMissesWhatWasMeanwhile() throws Exception {
        for (int country = 0; country < 1900; country++) {
            codes("C" + country, 5);
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setReceiveBufferSize(1 << 16);
            socket.getOutputStream()
                    .write(("GET /v1/console/stream HTTP/1.1\r\nHost: petrel\r\nAuthorization: Bearer " + SECRET
                                    + "\r\n\r\n")
                            .getBytes(UTF_8));
            reads();
            for (int each = 0; each < 50; each++) {
                for (int country = 0; country < 1900; country++) {
                    codes("C" + country, 1);
                }
                say(NOW.plusMillis(each));
            }
            Viewer reading = new Viewer(); // the event loop has done with all of these
            assertThat(reading.next("board").getString("at")).isEqualTo("2026-11-24T04:05:00.049Z");

            BufferedReader lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            int events = 0;
            int boards = 0;
            String line = "";
            boolean last = false;
            Instant now = NOW.plusSeconds(10);
            while (!last) {
                if (!lines.ready()) {
                    say(now);
                    now = now.plusSeconds(1);
                }
                line = lines.readLine();
                events += line.startsWith("event:") ? 1 : 0;
                boards += line.equals("event: board") ? 1 : 0;
                last = line.startsWith("data:") && line.contains("\"at\":\"2026-11-24T04:05:1");
            }
            assertThat(events).isLessThan(50);
            assertThat(boards).isGreaterThan(1); // all of it once more, since it has missed some
        }
    }

    /** His place is free for somebody who looks. */
    @Test
    void whoNeverReadsIsCut() throws Exception {
        for (int country = 0; country < 1900; country++) {
            codes("C" + country, 5);
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream()
                    .write(("GET /v1/console/stream HTTP/1.1\r\nHost: petrel\r\nAuthorization: Bearer " + SECRET
                                    + "\r\n\r\n")
                            .getBytes(UTF_8));
            reads();
            AtomicInteger said = new AtomicInteger();

            await().pollInterval(Duration.ofMillis(1)).atMost(LONG).until(() -> {
                for (int country = 0; country < 1900; country++) {
                    codes("C" + country, 1);
                }
                say(NOW.plusMillis(said.incrementAndGet()));
                return ended.get() == 1;
            });

            assertThat(said.get()).isGreaterThan(60);
            await("nobody is there any more").atMost(LONG).until(() -> isRefused(socket));
        }
    }

    /** Whether nobody takes what is written, though what came from there is still unread. */
    private static boolean isRefused(Socket socket) {
        try {
            socket.getOutputStream().write('\n');
            return false;
        } catch (IOException cut) {
            return true;
        }
    }

    private void codes(String country, int count) {
        for (int code = 0; code < count; code++) {
            console.saw(new Happening(
                    new Sighting(
                            ++request,
                            country,
                            Status.SUBMITTED,
                            true,
                            null,
                            null,
                            "twilio-main",
                            NOW.toEpochMilli(),
                            NOW.toEpochMilli()),
                    SubmitResult.Kind.ACCEPTED,
                    80,
                    List.of()));
        }
    }

    private void reads() {
        await().atMost(LONG).until(() -> boards != null);
    }

    private void say(Instant now) {
        CountryState all = new CountryState(
                CountryState.ALL, CountryState.State.OK, NOW, 1.0, 2.0, 1.0, 10, Advice.toWait(), now, List.of());
        say(console.board(now, 4, List.of(all), true, null));
    }

    private void say(Board board) {
        Consumer<Board> to = boards;
        if (to != null) {
            to.accept(board);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .header("Authorization", "Bearer " + SECRET);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private final class Viewer implements AutoCloseable {
        private final InputStream in;
        private final BufferedReader lines;

        Viewer() throws Exception {
            HttpResponse<InputStream> answer =
                    client.send(request("/v1/console/stream").build(), HttpResponse.BodyHandlers.ofInputStream());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/event-stream");
            in = answer.body();
            lines = new BufferedReader(new InputStreamReader(in, UTF_8));
            open.add(this);
        }

        /** Whether nothing comes any more but the end. */
        boolean ends() throws IOException {
            String line = lines.readLine();
            while (line != null && line.isEmpty()) {
                line = lines.readLine();
            }
            return line == null;
        }

        JsonObject next(String event) throws IOException {
            String line = lines.readLine();
            while (!line.startsWith("event: ")) {
                line = lines.readLine();
            }
            assertThat(line).isEqualTo("event: " + event);
            return new JsonObject(lines.readLine().substring("data: ".length()));
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
