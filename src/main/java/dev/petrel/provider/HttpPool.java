package dev.petrel.provider;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.petrel.time.Time;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.tracing.TracingPolicy;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one provider, and the one thing they are for: a request, sent at most once, and its answer. One
 * pool per provider, so that a provider that hangs can't take another's connections.
 *
 * <p>HTTP/1.1 with keep-alive. Nothing is written once the time of a request is over, and no request keeps its connection
 * for longer than that.
 */
public final class HttpPool {
    /** Answers to a send are a few hundred bytes; more than this is no answer to us. */
    static final int MAX_ANSWER = 64 * 1024;

    /**
     * Shorter than the idle limit of any server or load balancer in front of a vendor (60 s is usual, 30 s is seen): a
     * connection that the other side has just closed would lose the request written to it, and nobody could tell
     * whether it had been read.
     */
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

    /**
     * A client looks at each of its connections to find one for a request: with thousands in flight that would cost more
     * than the request. So they are shared out to several.
     */
    private static final int MOST_PER_CLIENT = 64;

    private final Vertx vertx;
    private final Time time;
    private final List<Client> clients = new ArrayList<>();
    private final AtomicReference<@Nullable Future<Void>> closing = new AtomicReference<>();

    /**
     * @param size how many requests may be out at once; as many again may wait for a connection
     * @param timeout of a whole request: two thirds of it may go into getting a connection
     * @param time of the event loop that sends
     */
    public HttpPool(Vertx vertx, int size, Duration timeout, Time time) {
        this.vertx = vertx;
        this.time = time;
        int connect = (int) connectLimit(timeout.toNanos());
        for (int left = size; left > 0; left -= MOST_PER_CLIENT) {
            int share = Math.min(left, MOST_PER_CLIENT);
            clients.add(new Client(client(vertx, share, connect), share));
        }
    }

    private static HttpClientAgent client(Vertx vertx, int size, int connectMillis) {
        return vertx.httpClientBuilder()
                .with(new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_1_1)
                        .setKeepAlive(true)
                        .setPipelining(false)
                        .setKeepAliveTimeout((int) KEEP_ALIVE.toSeconds())
                        .setConnectTimeout(connectMillis)
                        .setSslHandshakeTimeout(connectMillis)
                        .setSslHandshakeTimeoutUnit(MILLISECONDS)
                        // Trace ids are none of a vendor's business.
                        .setTracingPolicy(TracingPolicy.IGNORE))
                .with(new PoolOptions().setHttp1MaxSize(size).setMaxWaitQueueSize(size))
                // Without this Vert.x logs every reset as an error; the exchange that it ends tells of it.
                .withConnectHandler(connection -> connection.exceptionHandler(told -> {}))
                .build();
    }

    /** Some of the connections. */
    private static final class Client {
        final HttpClientAgent agent;
        private final int size;
        /** Requests that are out or wait. */
        private final AtomicInteger taken = new AtomicInteger();

        Client(HttpClientAgent agent, int size) {
            this.agent = agent;
            this.size = size;
        }

        /** How many more could be out; less than none where some wait. */
        int free() {
            return size - taken.get();
        }
    }

    /** The first that has a connection to spare, so that few are kept open; where all are out, the one with the shortest queue. */
    private Client take() {
        Client best = clients.get(0);
        for (int i = 1; best.free() <= 0 && i < clients.size(); i++) {
            Client next = clients.get(i);
            if (next.free() > best.free()) {
                best = next;
            }
        }
        best.taken.incrementAndGet();
        return best;
    }

    /**
     * Sends this request on the caller's context, where the answer arrives too.
     *
     * @param deadline by {@link Time#nanos()}; nothing is written from then on, and no answer is waited for
     */
    public Exchange send(RequestOptions request, Buffer body, long deadline) {
        Exchange exchange = new Exchange(request, body, deadline);
        exchange.start();
        return exchange;
    }

    /** Closes every connection. May be called more than once. */
    public Future<Void> close() {
        Promise<Void> closed = Promise.promise();
        if (closing.compareAndSet(null, closed.future())) {
            Future.join(clients.stream().map(client -> client.agent.close()).toList())
                    .<Void>mapEmpty()
                    .onComplete(closed);
        }
        Future<Void> first = closing.get();
        return first == null ? closed.future() : first;
    }

    private static long connectLimit(long nanos) {
        return Math.max(1, nanos / 3 * 2 / 1_000_000);
    }

    /**
     * What came back. The body of a refusal that broke off is empty: its status says enough.
     *
     * @param body at most {@link #MAX_ANSWER} bytes
     */
    public record Answer(int status, MultiMap headers, Buffer body) {
        public boolean successful() {
            return status >= 200 && status < 300;
        }
    }

    /** One request on its way. All of it happens on one context. */
    public final class Exchange {
        private final Context context = vertx.getOrCreateContext();
        private final Promise<Answer> promise = Promise.promise();
        private final RequestOptions options;
        private final Buffer body;
        private final long deadline;
        private Buffer received = Buffer.buffer();
        private @Nullable Client client;
        /** The client makes or looks for a connection, and does so on when we give up. */
        private boolean connecting;

        private Time.@Nullable Timer timer;
        private @Nullable HttpClientRequest request;
        private @Nullable HttpClientResponse response;

        private Exchange(RequestOptions options, Buffer body, long deadline) {
            this.options = options;
            this.body = body;
            this.deadline = deadline;
        }

        /** The answer, or a {@link TransportFailure} and nothing else. */
        public Future<Answer> answer() {
            return promise.future();
        }

        /** Ends it if it still goes on: what was not written will not be. Any thread may call this. */
        public void cancel() {
            onContext(() -> breakOff("given up by the caller"));
        }

        private void start() {
            onContext(this::connect);
        }

        private void connect() {
            long left = deadline - time.nanos();
            if (left <= 0) {
                fail(TransportFailure.unsent("no time left"));
                return;
            }
            Future<HttpClientRequest> connection;
            Client taken = take();
            client = taken;
            try {
                connection = taken.agent.request(options);
            } catch (RuntimeException closed) {
                fail(TransportFailure.unsent("no connection"));
                return;
            }
            if (!connection.isComplete()) {
                // The pool's own limit on waiting may leave a future open for good when it runs out while a
                // connection is being made (Vert.x 5.1.6), so this one is ours.
                arm(connectLimit(left) * 1_000_000, "no connection in time");
            }
            connecting = true;
            connection.onComplete(this::connected);
        }

        private void connected(AsyncResult<HttpClientRequest> connection) {
            connecting = false;
            if (connection.failed()) {
                fail(TransportFailure.unsent(whyNoConnection(connection.cause())));
                return;
            }
            HttpClientRequest fresh = connection.result();
            fresh.exceptionHandler(told -> {}); // its futures tell the same, and without this Vert.x logs it
            long left = deadline - time.nanos();
            if (over() || left <= 0) {
                fresh.reset();
                fail(TransportFailure.unsent("no connection in time"));
                return;
            }
            request = fresh;
            arm(left, "no answer in time");
            try {
                fresh.send(body).onComplete(this::answered);
            } catch (RuntimeException unwritable) {
                breakOff("connection lost before the answer");
            }
        }

        private void answered(AsyncResult<HttpClientResponse> head) {
            if (head.failed()) {
                breakOff("connection lost before the answer");
                return;
            }
            HttpClientResponse answer = head.result();
            response = answer;
            answer.handler(this::received);
            answer.end().onComplete(end -> {
                if (end.succeeded()) {
                    succeed(answer, received);
                } else {
                    breakOff("connection lost within the answer");
                }
            });
        }

        private void received(Buffer chunk) {
            if (over()) {
                return;
            }
            if (received.length() + chunk.length() > MAX_ANSWER) {
                breakOff("answer too large");
            } else if (received.length() == 0) {
                received = chunk; // nearly every answer is one chunk: no copy
            } else {
                received = Buffer.buffer(received.length() + chunk.length())
                        .appendBuffer(received)
                        .appendBuffer(chunk);
            }
        }

        /** No more will come of it: closes the connection, for the next answer on it would not be to the next request. */
        private void breakOff(String why) {
            if (over()) {
                return;
            }
            if (request == null) {
                fail(TransportFailure.unsent(why));
            } else if (response == null || response.statusCode() / 100 == 2) {
                fail(TransportFailure.perhapsSent(why));
            } else {
                succeed(response, Buffer.buffer());
            }
            if (request != null) {
                request.reset();
            }
        }

        private void succeed(HttpClientResponse head, Buffer whole) {
            letGo();
            promise.tryComplete(new Answer(head.statusCode(), head.headers(), whole));
        }

        private void fail(TransportFailure failure) {
            letGo();
            promise.tryFail(failure);
        }

        private void letGo() {
            disarm();
            if (client != null && !connecting) {
                client.taken.decrementAndGet();
                client = null;
            }
        }

        private boolean over() {
            return promise.future().isComplete();
        }

        private void arm(long nanos, String why) {
            disarm();
            timer = time.afterLessLag(Duration.ofNanos(nanos), () -> breakOff(why));
        }

        private void disarm() {
            if (timer != null) {
                timer.cancel();
                timer = null;
            }
        }

        private void onContext(Runnable step) {
            if (Vertx.currentContext() == context) {
                step.run();
            } else {
                context.runOnContext(go -> step.run());
            }
        }
    }

    private static String whyNoConnection(Throwable cause) {
        if (cause instanceof UnknownHostException) {
            return "host name not found";
        }
        if (cause instanceof SSLException) {
            return "TLS handshake failed";
        }
        return "no connection";
    }
}
