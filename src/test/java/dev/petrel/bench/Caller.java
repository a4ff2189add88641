package dev.petrel.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;
import java.util.function.Supplier;

/** Calls over one connection, again once it was answered, and over a new one where it was closed. */
final class Caller {
    private static final int PAUSE_MILLIS = 20;

    private final Vertx vertx;
    private final NetClient client;
    private final int port;
    private final Supplier<Buffer> calls;
    private final Pace pace;
    private final Answers answers;
    private long since;

    /** @param calls each is answered without a body */
    Caller(Vertx vertx, NetClient client, int port, Supplier<Buffer> calls, Pace pace, Answers answers) {
        this.vertx = vertx;
        this.client = client;
        this.port = port;
        this.calls = calls;
        this.pace = pace;
        this.answers = answers;
    }

    void start() {
        client.connect(port, "127.0.0.1").onComplete(this::connected, refused -> {
            answers.count(Answers.UNCONNECTED);
            vertx.setTimer(PAUSE_MILLIS, again -> start());
        });
    }

    private void connected(NetSocket socket) {
        socket.exceptionHandler(broken -> {}); // it is closed then
        socket.handler(RecordParser.newDelimited("\r\n\r\n", head -> {
            answers.add(head.getString(9, 12, ISO_8859_1.name()), System.nanoTime() - since);
            since = 0;
            pace.turn(() -> call(socket));
        }));
        socket.closeHandler(closed -> {
            if (since != 0) {
                answers.count(Answers.CUT);
                since = 0;
            }
            start();
        });
        pace.turn(() -> call(socket));
    }

    private void call(NetSocket socket) {
        Buffer call = calls.get();
        since = System.nanoTime();
        socket.write(call).onFailure(closed -> {}); // told by its closing
    }
}
