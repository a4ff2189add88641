package dev.petrel.web;

import dev.petrel.delivery.ReceiptSink;
import dev.petrel.message.AttemptTicket;
import dev.petrel.message.ReceiptEvent;
import dev.petrel.message.ReceiptState;
import dev.petrel.metrics.Alarm;
import dev.petrel.metrics.Alert;
import dev.petrel.metrics.Meters;
import dev.petrel.provider.ReceiptReader;
import dev.petrel.receipt.CallbackKeys;
import dev.petrel.receipt.CallbackTokens;
import dev.petrel.receipt.CallbackUrls;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.BindException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the receipts of every provider, on a port and an event loop of its own: whoever floods it slows no delivery.
 *
 * <p>{@code POST /receipts/<token>} brings a receipt; it is answered with 204 once the receipt is written, and with 503
 * where it could not be, or 429 where too many come at a time: then the provider is to bring it again. {@code GET /receipts/ping} says that we are reached. There is nothing else.
 * What needs no body is checked before one is read: without a token of ours a call costs an HMAC. No header but the
 * vendor's signature decides anything, since the URL that was signed is the public one.
 */
public final class ReceiptWebhook {
    static final String PING = CallbackUrls.PATH + "ping";

    private static final Logger log = LoggerFactory.getLogger(ReceiptWebhook.class);
    /** Of the only vendor so far whose receipts come this way. */
    private static final CharSequence SIGNATURE = HttpHeaders.createOptimized("X-Twilio-Signature");

    private static final CharSequence RETRY_AFTER = HttpHeaders.createOptimized("Retry-After");
    private static final CharSequence SOON = HttpHeaders.createOptimized("1");
    private static final CharSequence POST_ONLY = HttpHeaders.createOptimized("POST");
    private static final CharSequence GET_ONLY = HttpHeaders.createOptimized("GET");
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(5);
    /** So many times what a body may have is read on after a refusal, so that the caller sees the answer. */
    private static final int READ_ON = 4;

    private final Vertx vertx;
    private final WebConfig config;
    private final String base;
    private final String prefix;
    private final CallbackTokens tokens;
    private final Map<String, ReceiptReader> readers;
    private final ReceiptSink sink;
    private final Meters meters;
    private final InstantSource clock;
    private final WebhookLimits limits;
    private final Alarm alarm;
    private @Nullable Future<String> deployment;
    private volatile int port;

    /**
     * @param config with a public URL
     * @param window how long after its attempt's expiry a receipt is taken
     * @param readers by the provider's id; who is not in it gives no receipts
     */
    public ReceiptWebhook(
            Vertx vertx,
            WebConfig config,
            Supplier<CallbackKeys> keys,
            Duration window,
            Map<String, ReceiptReader> readers,
            ReceiptSink sink,
            Meters meters) {
        this(vertx, config, keys, window, readers, sink, meters, InstantSource.system(), WebhookLimits.USUAL);
    }

    ReceiptWebhook(
            Vertx vertx,
            WebConfig config,
            Supplier<CallbackKeys> keys,
            Duration window,
            Map<String, ReceiptReader> readers,
            ReceiptSink sink,
            Meters meters,
            InstantSource clock,
            WebhookLimits limits) {
        URI publicUrl = config.publicUrl();
        if (publicUrl == null) {
            throw new IllegalArgumentException("receipts are off");
        }
        this.vertx = vertx;
        this.config = config;
        this.base = CallbackUrls.base(publicUrl);
        this.prefix = CallbackUrls.base(URI.create(publicUrl.getRawPath()));
        this.tokens = new CallbackTokens(keys, window);
        this.readers = Map.copyOf(readers);
        this.sink = sink;
        this.meters = meters;
        this.clock = clock;
        this.limits = limits;
        this.alarm = new Alarm(meters, System::nanoTime);
        readers.keySet().forEach(meters::receiptsOf);
        for (WebhookAnswer answer : WebhookAnswer.values()) {
            meters.webhookMayAnswer(answer.tag());
        }
    }

    /** Fails if the port is taken. Call it once. */
    public Future<Void> start() {
        deployment = vertx.deployVerticle(new Server());
        return deployment
                .recover(e -> Future.failedFuture(new IllegalStateException("can't listen on " + config.host() + ":"
                        + config.port() + " (petrel.web.host, petrel.web.port): "
                        + (e instanceof BindException ? "it is taken, or no address of this machine" : e.toString()))))
                .mapEmpty();
    }

    /** Answers what is at work, for at most five seconds. May be called more than once, and before the start. */
    public Future<Void> stop() {
        Future<String> started = deployment;
        if (started == null) {
            return Future.succeededFuture();
        }
        deployment = null;
        Promise<Void> stopped = Promise.promise();
        started.onComplete(id -> vertx.undeploy(id).onComplete(stopped), neverStarted -> stopped.tryComplete());
        return stopped.future();
    }

    /** The port it listens on, which matters where the settings say 0. */
    public int port() {
        return port;
    }

    /** A receipt that was written. */
    private record Written(String attemptId, ReceiptState state) {}

    /** All that changes, on the one event loop that it changes on. */
    private final class Server extends VerticleBase {
        private final Map<HttpConnection, Visit> visits = new LinkedHashMap<>();
        private final Map<Written, Boolean> written = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Written, Boolean> eldest) {
                return size() > limits.remembered();
            }
        };
        private @Nullable HttpServer server;
        private int atWork;

        @Override
        public Future<?> start() {
            HttpServer made = vertx.createHttpServer(new HttpServerOptions()
                    .setHttp2ClearTextEnabled(false)
                    .setCompressionSupported(false)
                    .setDecompressionSupported(false)
                    .setHandle100ContinueAutomatically(false));
            server = made;
            return made.connectionHandler(this::connected)
                    .requestHandler(this::handle)
                    .invalidRequestHandler(request -> {
                        meters.webhookCall(WebhookAnswer.UNREADABLE.tag());
                        HttpServerRequest.DEFAULT_INVALID_REQUEST_HANDLER.handle(request);
                    })
                    .exceptionHandler(broken -> log.debug("a connection to the webhook broke: {}", kind(broken)))
                    .listen(config.port(), config.host())
                    .onSuccess(listening -> port = listening.actualPort());
        }

        @Override
        public Future<?> stop() {
            HttpServer made = server;
            return made == null ? Future.succeededFuture() : made.shutdown(LAST_ANSWERS);
        }

        private void connected(HttpConnection connection) {
            if (visits.size() >= limits.connections()) {
                meters.webhookCall(WebhookAnswer.BUSY.tag());
                if (!makeRoom()) {
                    cut(connection);
                    return;
                }
            }
            Visit visit = new Visit(connection);
            visits.put(connection, visit);
            connection.exceptionHandler(broken -> {}); // whoever broke it has no use for an answer
            connection.closeHandler(closed -> {
                visits.remove(connection);
                visit.end();
            });
            visit.waitForHead(limits.patience());
        }

        /** The oldest that never brought a receipt goes: whoever only holds connections must not keep providers out. */
        private boolean makeRoom() {
            for (Visit visit : visits.values()) {
                if (!visit.trusted) {
                    visits.remove(visit.connection);
                    visit.end();
                    cut(visit.connection);
                    return true;
                }
            }
            return false;
        }

        private void handle(HttpServerRequest request) {
            Visit visit = visits.get(request.connection());
            if (visit == null) {
                cut(request.connection());
                return;
            }
            new Callback(request, visit).begin();
        }

        /** A connection, and how long we wait for what comes next on it. */
        private final class Visit {
            final HttpConnection connection;
            /** Whether it has ever brought a receipt. */
            boolean trusted;

            private long timer = -1;
            private @Nullable Callback current;

            Visit(HttpConnection connection) {
                this.connection = connection;
            }

            void waitForHead(Duration patience) {
                vertx.cancelTimer(timer);
                timer = vertx.setTimer(patience.toMillis(), late -> cut(connection));
            }

            void waitForBody(Callback callback) {
                current = callback;
                vertx.cancelTimer(timer);
                timer = vertx.setTimer(limits.patience().toMillis(), late -> {
                    callback.leave(WebhookAnswer.TOO_SLOW);
                    cut(connection);
                });
            }

            void wholeBody() {
                vertx.cancelTimer(timer);
            }

            /** After this call; unless the next is there already. */
            void waitForNext(Callback done) {
                if (current == done) {
                    current = null;
                    waitForHead(trusted ? limits.keptAlive() : limits.patience());
                }
            }

            void end() {
                vertx.cancelTimer(timer);
                if (current != null) {
                    current.leave(WebhookAnswer.BROKEN);
                }
            }
        }

        /** One call. It is counted once, gives its place back once, and is answered at most once. */
        private final class Callback {
            private final HttpServerRequest request;
            private final Visit visit;
            private final Buffer body = Buffer.buffer();
            private @Nullable AttemptTicket ticket;
            private @Nullable ReceiptReader reader;
            private String token = "";
            private long read;
            private boolean working;
            private boolean over;
            private boolean whole;

            Callback(HttpServerRequest request, Visit visit) {
                this.request = request;
                this.visit = visit;
            }

            void begin() {
                request.exceptionHandler(broken -> leave(WebhookAnswer.BROKEN));
                request.handler(this::take);
                request.endHandler(end -> {
                    whole = true;
                    visit.wholeBody();
                    if (over) {
                        visit.waitForNext(this);
                    } else {
                        judge();
                    }
                });
                visit.waitForBody(this);
                WebhookAnswer refusal = checkHead();
                if (refusal != null) {
                    answer(refusal);
                    return;
                }
                working = true;
                atWork++;
                if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
                    unanswered(request.response().writeContinue());
                }
            }

            /** What is wrong before the body is read; null if nothing is. */
            private @Nullable WebhookAnswer checkHead() {
                String path = path(request.uri());
                if (path.equals(PING)) {
                    return request.method() == HttpMethod.GET ? WebhookAnswer.PONG : WebhookAnswer.METHOD;
                }
                if (!path.startsWith(CallbackUrls.PATH)) {
                    return WebhookAnswer.UNKNOWN;
                }
                if (request.method() != HttpMethod.POST) {
                    return WebhookAnswer.METHOD;
                }
                if (!isForm(request.getHeader(HttpHeaders.CONTENT_TYPE))) {
                    return WebhookAnswer.CONTENT_TYPE;
                }
                if (declaredLength() > limits.bodyBytes()) {
                    return WebhookAnswer.TOO_LARGE;
                }
                token = path.substring(CallbackUrls.PATH.length());
                Optional<AttemptTicket> signed = tokens.read(token, clock.instant());
                ticket = signed.orElse(null);
                reader = ticket == null ? null : readers.get(ticket.provider());
                if (reader == null) {
                    return WebhookAnswer.UNKNOWN;
                }
                return atWork >= limits.atWork() ? WebhookAnswer.BUSY : null;
            }

            private long declaredLength() {
                String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
                try {
                    return length == null ? 0 : Long.parseLong(length.strip());
                } catch (NumberFormatException foreign) {
                    return Long.MAX_VALUE;
                }
            }

            private void take(Buffer part) {
                read += part.length();
                if (over) {
                    if (read > (long) READ_ON * limits.bodyBytes()) {
                        cut(visit.connection);
                    }
                } else if (read > limits.bodyBytes()) {
                    answer(WebhookAnswer.TOO_LARGE);
                } else {
                    body.appendBuffer(part);
                }
            }

            /** Of a whole body. */
            private void judge() {
                AttemptTicket attempt = ticket;
                ReceiptReader vendor = reader;
                if (attempt == null || vendor == null) {
                    answer(WebhookAnswer.UNKNOWN);
                    return;
                }
                Optional<Map<String, List<String>>> fields = FormBody.read(body);
                if (fields.isEmpty()) {
                    answer(WebhookAnswer.UNREADABLE);
                    return;
                }
                ReceiptReader.Reading reading = vendor.read(new ReceiptReader.Call(
                        base + CallbackUrls.PATH + token, request.getHeader(SIGNATURE), fields.get()));
                if (reading instanceof ReceiptReader.Reading.Receipt receipt) {
                    visit.trusted = true;
                    write(attempt, receipt);
                } else if (reading instanceof ReceiptReader.Reading.Forged) {
                    answer(WebhookAnswer.FORGED);
                } else {
                    answer(WebhookAnswer.UNREADABLE);
                }
            }

            private void write(AttemptTicket attempt, ReceiptReader.Reading.Receipt receipt) {
                Written key = new Written(attempt.attemptId(), receipt.receipt().state());
                if (written.get(key) != null) {
                    answer(WebhookAnswer.REPEATED);
                    return;
                }
                Instant now = clock.instant();
                long late = vertx.setTimer(limits.writing().toMillis(), fired -> answer(WebhookAnswer.UNWRITTEN));
                Future.succeededFuture()
                        .compose(here ->
                                sink.tell(new ReceiptEvent(attempt, receipt.receipt(), receipt.messageId(), now)))
                        .onComplete(told -> {
                            vertx.cancelTimer(late);
                            if (told.succeeded()) {
                                written.put(key, true);
                                meters.receipt(
                                        attempt.provider(), receipt.receipt().state());
                            }
                            answer(told.succeeded() ? WebhookAnswer.TAKEN : WebhookAnswer.UNWRITTEN);
                        });
            }

            private void answer(WebhookAnswer answer) {
                if (over) {
                    return;
                }
                leave(answer);
                HttpServerResponse response = request.response().setStatusCode(answer.status());
                if (answer == WebhookAnswer.BUSY || answer == WebhookAnswer.UNWRITTEN) {
                    response.putHeader(RETRY_AFTER, SOON);
                } else if (answer == WebhookAnswer.METHOD) {
                    response.putHeader(HttpHeaders.ALLOW, path(request.uri()).equals(PING) ? GET_ONLY : POST_ONLY);
                }
                if (whole) {
                    visit.waitForNext(this); // before the end, which may bring the next call at once
                }
                unanswered(response.end());
            }

            /** It is over and comes to this, if it was not over before. */
            void leave(WebhookAnswer answer) {
                if (over) {
                    return;
                }
                over = true;
                if (working) {
                    atWork--;
                }
                meters.webhookCall(answer.tag());
                tell(answer, ticket);
            }
        }
    }

    private void tell(WebhookAnswer answer, @Nullable AttemptTicket attempt) {
        String provider = attempt == null ? "nobody" : attempt.provider();
        if (answer == WebhookAnswer.FORGED || answer == WebhookAnswer.UNREADABLE) {
            alarm.raise(
                    Alert.WEBHOOK_REFUSED,
                    () -> log.warn(
                            "A receipt for {} was refused ({}): if it is not forged, the provider's token or"
                                    + " petrel.web.public-url is not what the provider knows",
                            provider,
                            answer.tag()));
        } else if (answer == WebhookAnswer.UNWRITTEN || answer == WebhookAnswer.BUSY) {
            alarm.raise(
                    Alert.RECEIPT_UNWRITTEN,
                    () -> log.warn(
                            "A receipt of {} was not written ({}); it is to be brought again", provider, answer.tag()));
        }
    }

    /** Without the path of the public URL, if whoever stands before us has left it on. A query makes it another path. */
    private String path(String uri) {
        return !prefix.isEmpty() && uri.startsWith(prefix + CallbackUrls.PATH) ? uri.substring(prefix.length()) : uri;
    }

    private static boolean isForm(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        int parameters = contentType.indexOf(';');
        String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
        return type.strip().toLowerCase(Locale.ROOT).equals(FORM);
    }

    /** Whoever hung up has no use for the answer. */
    private static void unanswered(Future<Void> sending) {
        sending.onFailure(broken -> log.debug("no answer to a call of the webhook: {}", kind(broken)));
    }

    private static void cut(HttpConnection connection) {
        unanswered(connection.close());
    }

    private static String kind(Throwable broken) {
        return broken.getClass().getSimpleName();
    }
}
