package dev.petrel.telemetry;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.petrel.testing.Platform;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A collector of traces, by OTLP over HTTP, that keeps what it was sent, byte for byte. */
final class Collector implements AutoCloseable {
    /** What it does with a request. */
    enum Mood {
        TAKES,
        REFUSES,
        HANGS
    }

    volatile Mood mood = Mood.TAKES;
    /** Requests that came, whatever became of them. */
    final AtomicInteger asked = new AtomicInteger();

    private final Queue<byte[]> bodies = new ConcurrentLinkedQueue<>();
    private final Vertx vertx = Vertx.vertx();
    private final int port;
    private HttpServer server;

    Collector() throws Exception {
        server = listen(0);
        port = server.actualPort();
    }

    private HttpServer listen(int at) throws Exception {
        return Platform.get(
                vertx.createHttpServer().requestHandler(this::answer).listen(at, "127.0.0.1"));
    }

    void goAway() throws Exception {
        Platform.get(server.close());
    }

    void comeBack() throws Exception {
        server = listen(port);
    }

    private void answer(HttpServerRequest request) {
        asked.incrementAndGet();
        Mood now = mood;
        if (now == Mood.HANGS) {
            return;
        }
        request.body().onSuccess(body -> {
            boolean right = request.path().equals("/v1/traces")
                    && "application/x-protobuf".equals(request.getHeader("content-type"));
            if (now == Mood.TAKES && right) {
                bodies.add(body.getBytes());
                request.response()
                        .putHeader("content-type", "application/x-protobuf")
                        .end();
            } else {
                request.response().setStatusCode(503).end("no room");
            }
        });
    }

    /** Lines of YAML that have a gateway send its traces here. */
    String settings() {
        return "  tracing: { endpoint: \"http://127.0.0.1:" + port + "/v1/traces\" }\n";
    }

    List<ResourceSpans> resources() {
        return bodies.stream()
                .map(Collector::parse)
                .flatMap(request -> request.getResourceSpansList().stream())
                .toList();
    }

    List<Span> spans() {
        return resources().stream()
                .flatMap(resource -> resource.getScopeSpansList().stream())
                .flatMap(scope -> scope.getSpansList().stream())
                .toList();
    }

    /** All that it was sent, as a text. */
    String everything() {
        StringBuilder all = new StringBuilder();
        bodies.forEach(body -> all.append(new String(body, StandardCharsets.ISO_8859_1)));
        return all.toString();
    }

    private static ExportTraceServiceRequest parse(byte[] body) {
        try {
            return ExportTraceServiceRequest.parseFrom(body);
        } catch (InvalidProtocolBufferException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    @Override
    public void close() throws Exception {
        Platform.get(server.close());
        Platform.get(vertx.close());
    }
}
