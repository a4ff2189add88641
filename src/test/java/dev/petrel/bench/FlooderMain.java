package dev.petrel.bench;

import dev.petrel.testing.Platform;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Floods a webhook, as a process of its own. Takes commands line by line, {@code <kind> <port> <calls a second> <seconds>},
 * and answers each, when it is over, with what its calls came to. Ends with its standard input.
 */
final class FlooderMain {
    static final String DONE = "done: ";
    private static final int CALLERS = 50;
    /** More than the webhook lets in. */
    private static final int SOCKETS = 6_000;

    /** How one floods. */
    enum Kind {
        /** Not at all. */
        QUIET,
        /** Somebody else: a server of its own. What that costs the gateway is owed to the machine they share. */
        ELSEWHERE,
        RECEIPTS,
        FORGED,
        SLOW
    }

    private FlooderMain() {}

    public static void main(String[] args) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        System.out.println(DONE);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] words = line.split(" ");
            System.out.println(DONE
                    + flood(
                            Kind.valueOf(words[0]),
                            Integer.parseInt(words[1]),
                            Integer.parseInt(words[2]),
                            Integer.parseInt(words[3])));
        }
        System.exit(0);
    }

    private static String flood(Kind kind, int port, int rate, int seconds) throws Exception {
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
        int called = kind == Kind.ELSEWHERE ? Platform.get(elsewhere(vertx)) : port;
        CompletableFuture<String> over = new CompletableFuture<>();
        vertx.getOrCreateContext().runOnContext(now -> {
            Answers answers = new Answers();
            begin(kind, vertx, called, new Pace(vertx, rate), answers);
            vertx.setTimer(TimeUnit.SECONDS.toMillis(seconds), late -> over.complete(answers.tell(seconds)));
        });
        String told = over.get();
        Platform.get(vertx.close());
        return told;
    }

    private static Future<Integer> elsewhere(Vertx vertx) {
        return vertx.createHttpServer()
                .requestHandler(call -> call.response().setStatusCode(404).end().onFailure(closed -> {}))
                .listen(0, "127.0.0.1")
                .map(HttpServer::actualPort);
    }

    private static void begin(Kind kind, Vertx vertx, int port, Pace pace, Answers answers) {
        // a reset, not a farewell: else the ports run out that wait after one
        NetClient client =
                vertx.createNetClient(new NetClientOptions().setSoLinger(0).setTcpNoDelay(true));
        Callbacks callbacks = new Callbacks(port);
        switch (kind) {
            case QUIET -> {}
            case RECEIPTS -> call(vertx, client, port, callbacks::valid, pace, answers);
            case FORGED, ELSEWHERE -> call(vertx, client, port, callbacks::forged, pace, answers);
            case SLOW -> {
                for (int i = 0; i < SOCKETS; i++) {
                    new Nuisance(vertx, client, port, callbacks, pace, answers, Nuisance.Trick.of(i)).start();
                }
            }
        }
    }

    private static void call(
            Vertx vertx, NetClient client, int port, Supplier<Buffer> calls, Pace pace, Answers answers) {
        for (int i = 0; i < CALLERS; i++) {
            new Caller(vertx, client, port, calls, pace, answers).start();
        }
    }
}
