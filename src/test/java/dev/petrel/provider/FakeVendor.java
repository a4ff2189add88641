package dev.petrel.provider;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ChannelOption;
import io.vertx.core.Vertx;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.net.URLDecoder;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A vendor at the end of a socket that counts what arrives, and does with each request what the test says. */
public final class FakeVendor {
    /** What to do once a request has been read whole. */
    public interface Reply {
        void on(NetSocket socket);
    }

    public record Request(String line, Map<String, String> headers, Map<String, String> form) {}

    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Semaphore arrivals = new Semaphore(0);
    private final AtomicInteger connections = new AtomicInteger();
    private final NetServer server;
    private volatile Reply reply = hang();

    public FakeVendor(Vertx vertx) throws Exception {
        server = vertx.createNetServer().connectHandler(this::connected);
        server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    public static Reply answer(int status, String body, String... headers) {
        return socket -> socket.write(head(status, body.getBytes(UTF_8).length, headers) + body);
    }

    /** Promises the whole body, brings half of it and closes. */
    public static Reply half(int status, String body) {
        return socket -> {
            socket.write(head(status, body.getBytes(UTF_8).length) + body.substring(0, body.length() / 2));
            socket.close();
        };
    }

    public static Reply hang() {
        return socket -> {};
    }

    public static Reply reset() {
        return socket -> {
            ((NetSocketInternal) socket)
                    .channelHandlerContext()
                    .channel()
                    .config()
                    .setOption(ChannelOption.SO_LINGER, 0);
            socket.close();
        };
    }

    public static Reply hangUp() {
        return NetSocket::close;
    }

    public void replies(Reply next) {
        reply = next;
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.actualPort());
    }

    public List<Request> requests() {
        return requests;
    }

    public Request onlyRequest() {
        assertThat(requests).hasSize(1);
        return requests.get(0);
    }

    public int connections() {
        return connections.get();
    }

    public void awaitRequests(int count) throws InterruptedException {
        assertThat(arrivals.tryAcquire(count, 20, TimeUnit.SECONDS))
                .as("%d requests arrive, %d did", count, requests.size())
                .isTrue();
    }

    /** Stops listening; what is connected stays so. */
    public void stopListening() throws Exception {
        server.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private void connected(NetSocket socket) {
        connections.incrementAndGet();
        StringBuilder buffered = new StringBuilder();
        socket.exceptionHandler(gone -> {});
        socket.handler(bytes -> {
            buffered.append(bytes.toString(ISO_8859_1));
            int headEnd = buffered.indexOf("\r\n\r\n");
            if (headEnd < 0) {
                return;
            }
            String[] lines = buffered.substring(0, headEnd).split("\r\n", -1);
            Map<String, String> headers = new HashMap<>();
            for (int i = 1; i < lines.length; i++) {
                int colon = lines[i].indexOf(':');
                headers.put(
                        lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                        lines[i].substring(colon + 1).strip());
            }
            int end = headEnd + 4 + Integer.parseInt(headers.getOrDefault("content-length", "0"));
            if (buffered.length() < end) {
                return;
            }
            requests.add(new Request(lines[0], headers, form(buffered.substring(headEnd + 4, end))));
            buffered.delete(0, end);
            reply.on(socket);
            arrivals.release();
        });
    }

    private static Map<String, String> form(String body) {
        Map<String, String> form = new HashMap<>();
        for (String pair : body.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                form.put(
                        URLDecoder.decode(pair.substring(0, equals), UTF_8),
                        URLDecoder.decode(pair.substring(equals + 1), UTF_8));
            }
        }
        return form;
    }

    private static String head(int status, int length, String... headers) {
        StringBuilder head =
                new StringBuilder("HTTP/1.1 " + status + " Whatever\r\nContent-Length: " + length + "\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        return head.append("\r\n").toString();
    }
}
