package dev.petrel.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;

/** A connection that is there to be held, and another when it is cut. */
final class Nuisance {
    private static final int PAUSE_MILLIS = 20;
    private static final int TRICKLE_MILLIS = 1000;
    private static final Buffer LETTER = Buffer.buffer("a");
    private static final Buffer CHUNK = Buffer.buffer("1000\r\n" + "a".repeat(0x1000) + "\r\n");

    private final Vertx vertx;
    private final NetClient client;
    private final int port;
    private final Callbacks callbacks;
    private final Pace pace;
    private final Answers answers;
    private final Trick trick;

    enum Trick {
        /** A letter of a head each second. */
        SLOW_HEAD,
        /** A letter of a body each second, to nobody's token. */
        SLOW_BODY,
        /** The same to a token of ours: it is given a place. */
        HELD_BODY,
        ENDLESS_BODY,
        /** One call behind the other; no answer is read. */
        UNREAD;

        /** Mostly those that cost their sender nothing. */
        static Trick of(int number) {
            return switch (number % 10) {
                case 0, 1, 2, 3 -> SLOW_HEAD;
                case 4, 5, 6 -> SLOW_BODY;
                case 7 -> HELD_BODY;
                case 8 -> ENDLESS_BODY;
                default -> UNREAD;
            };
        }
    }

    Nuisance(Vertx vertx, NetClient client, int port, Callbacks callbacks, Pace pace, Answers answers, Trick trick) {
        this.vertx = vertx;
        this.client = client;
        this.port = port;
        this.callbacks = callbacks;
        this.pace = pace;
        this.answers = answers;
        this.trick = trick;
    }

    void start() {
        pace.turn(() -> client.connect(port, "127.0.0.1").onComplete(this::connected, refused -> {
            answers.count(Answers.UNCONNECTED);
            vertx.setTimer(PAUSE_MILLIS, again -> start());
        }));
    }

    private void connected(NetSocket socket) {
        long since = System.nanoTime();
        socket.exceptionHandler(broken -> {}); // it is closed then
        socket.handler(head -> {
            if (head.length() > 12) {
                answers.add(head.getString(9, 12, ISO_8859_1.name()), System.nanoTime() - since);
            }
        });
        long trickle = isSlow() ? vertx.setPeriodic(TRICKLE_MILLIS, tick -> write(socket, LETTER)) : -1;
        socket.closeHandler(closed -> {
            vertx.cancelTimer(trickle);
            answers.count(Answers.CUT);
            start();
        });
        begin(socket);
    }

    private boolean isSlow() {
        return trick != Trick.ENDLESS_BODY && trick != Trick.UNREAD;
    }

    private void begin(NetSocket socket) {
        switch (trick) {
            case SLOW_HEAD -> write(socket, Buffer.buffer("POST /receipts/"));
            case SLOW_BODY -> write(socket, callbacks.begunByNobody());
            case HELD_BODY -> write(socket, callbacks.begun());
            case ENDLESS_BODY -> {
                write(socket, callbacks.begunInChunks());
                pour(socket);
            }
            case UNREAD -> {
                socket.pause();
                pile(socket);
            }
        }
    }

    /** As fast as the other side reads. */
    private void pour(NetSocket socket) {
        socket.write(CHUNK).onSuccess(written -> vertx.runOnContext(next -> pour(socket)));
    }

    private void pile(NetSocket socket) {
        pace.turn(() -> socket.write(callbacks.nobodys()).onSuccess(written -> pile(socket)));
    }

    private static void write(NetSocket socket, Buffer text) {
        socket.write(text).onFailure(closed -> {}); // told by its closing
    }
}
