package dev.petrel.web;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.metrics.Meters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who stays where connections are few: friends before strangers, for each part of the port. */
class WebServerIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final WebhookLimits LIMITS = new WebhookLimits(4, 3, 1024, LONG, LONG, LONG, 2);

    private final Vertx vertx = Vertx.vertx();
    private WebServer server;

    @BeforeEach
    void start() {
        server = new WebServer(
                vertx,
                new WebConfig(0, "127.0.0.1", null),
                List.of(new Path("/a"), new Path("/")),
                new Meters(new SimpleMeterRegistry()),
                LIMITS);
        join(server.start());
    }

    @AfterEach
    void stop() {
        join(server.stop());
        join(vertx.close());
    }

    @Test
    void strangersMakeRoomForWhoeverComes() throws Exception {
        try (Visitor stranger = new Visitor();
                Visitor another = new Visitor();
                Visitor friend = new Visitor();
                Visitor second = new Visitor()) {
            assertThat(stranger.ask("/a", false)).isTrue();
            assertThat(another.ask("/a", false)).isTrue();

            assertThat(friend.ask("/a", true)).isTrue();
            assertThat(stranger.isCut()).as("the oldest").isTrue();
            assertThat(another.ask("/a", false)).as("the other stays").isTrue();
            assertThat(second.ask("/a", true)).isTrue();
            assertThat(another.isCut()).isTrue();
            try (Visitor third = new Visitor()) {
                assertThat(third.ask("/a", true)).as("among friends").isFalse();
            }
            assertThat(friend.ask("/a", true)).isTrue();
            assertThat(second.ask("/a", true)).isTrue();
        }
    }

    @Test
    void strangersOfAnotherPartMakeNoRoomInOne() throws Exception {
        try (Visitor stranger = new Visitor();
                Visitor friend = new Visitor();
                Visitor second = new Visitor();
                Visitor third = new Visitor()) {
            assertThat(stranger.ask("/b", false)).isTrue();
            assertThat(friend.ask("/a", true)).isTrue();
            assertThat(second.ask("/a", true)).isTrue();

            assertThat(third.ask("/a", true)).isFalse();
            assertThat(stranger.ask("/b", false)).isTrue();
        }
    }

    @Test
    void theRoomOfOneWhoIsTurnedAwayIsNobodys() throws Exception {
        try (Visitor friend = new Visitor();
                Visitor second = new Visitor();
                Visitor slow = new Visitor();
                Visitor third = new Visitor()) {
            assertThat(friend.ask("/a", true)).isTrue();
            assertThat(second.ask("/a", true)).isTrue();
            assertThat(slow.ask("/a/stays", true))
                    .as("answered, and still there")
                    .isTrue();

            assertThat(third.ask("/a", true)).isFalse();
        }
    }

    @Test
    void whoIsTrustedByOnePartIsAStrangerToAnother() throws Exception {
        try (Visitor moved = new Visitor();
                Visitor friend = new Visitor();
                Visitor second = new Visitor();
                Visitor third = new Visitor()) {
            assertThat(moved.ask("/a", true)).isTrue();
            assertThat(friend.ask("/b", true)).isTrue();
            assertThat(second.ask("/b", true)).isTrue();
            assertThat(third.ask("/b", true)).isTrue();
            assertThat(moved.ask("/b", false)).isTrue();

            try (Visitor newcomer = new Visitor()) {
                assertThat(newcomer.ask("/b", true)).isTrue();
                assertThat(moved.isCut()).isTrue();
            }
        }
    }

    /** A client sees an end where it waits for an answer. */
    @Test
    void whereAllConnectionsAreOpenOneIsCutWithoutAnAnswer() throws Exception {
        try (Visitor first = new Visitor();
                Visitor second = new Visitor();
                Visitor third = new Visitor();
                Visitor unread = new Visitor()) {
            assertThat(first.ask("/b", true)).isTrue();
            assertThat(second.ask("/b", true)).isTrue();
            assertThat(third.ask("/b", true)).isTrue();
            try (Visitor fifth = new Visitor()) {
                assertThat(fifth.ask("/b", true)).isTrue();
                assertThat(unread.isCut()).as("though it may have sent a call").isTrue();
                try (Visitor newcomer = new Visitor()) {
                    assertThat(newcomer.isCut()).as("among friends").isTrue();
                }
                assertThat(fifth.ask("/b", true)).isTrue();
            }
        }
    }

    private record Path(String path) implements WebServer.Part {
        @Override
        public boolean isOf(String uri) {
            return uri.startsWith(path);
        }

        @Override
        public WebCall call(HttpServerRequest request, WebServer.Visit visit) {
            return new Call(request, visit);
        }

        @Override
        public int connections() {
            return path.equals("/a") ? 2 : LIMITS.connections();
        }
    }

    private static final class Call extends WebCall {
        Call(HttpServerRequest request, WebServer.Visit visit) {
            super(request, visit, LIMITS.bodyBytes());
        }

        @Override
        void judgeHead() {
            if (request.getHeader("Friend") != null) {
                visit.trust();
            }
        }

        @Override
        void turnAway() {
            if (request.path().endsWith("/stays")) {
                judge(Buffer.buffer());
            } else {
                super.turnAway();
            }
        }

        @Override
        void judge(Buffer body) {
            assertThat(finish()).isTrue();
            send(request.response(), Buffer.buffer("ok"));
        }

        @Override
        void tooLarge() {
            throw new AssertionError("nobody sends a body");
        }

        @Override
        void lose(WebhookAnswer how) {
            finish();
        }
    }

    /** A connection that is kept. */
    private final class Visitor implements AutoCloseable {
        private final Socket socket;

        Visitor() throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
            socket.setSoTimeout(20_000);
        }

        /** False where it is cut instead. */
        boolean ask(String path, boolean friend) throws IOException {
            String head = "GET " + path + " HTTP/1.1\r\nHost: petrel.example\r\n" + (friend ? "Friend: yes\r\n" : "");
            StringBuilder answer = new StringBuilder();
            try {
                socket.getOutputStream().write((head + "\r\n").getBytes(ISO_8859_1));
                while (answer.indexOf("\r\n\r\nok") < 0) {
                    int next = socket.getInputStream().read();
                    if (next < 0) {
                        return false;
                    }
                    answer.append((char) next);
                }
            } catch (SocketException reset) {
                return false;
            }
            return true;
        }

        boolean isCut() throws IOException {
            return socket.getInputStream().read() < 0;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static <T> T join(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }
}
