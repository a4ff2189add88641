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
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
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
 * Takes the receipts of every provider.
 *
 * <p>{@code POST /receipts/<token>} brings a receipt; it is answered with 204 once the receipt is written, and with 503
 * where it could not be, or 429 where too many come at a time: then the provider is to bring it again. {@code GET /receipts/ping} says that we are reached. There is nothing else.
 * What needs no body is checked before one is read: without a token of ours a call costs an HMAC. No header but the
 * vendor's signature decides anything, since the URL that was signed is the public one.
 */
public final class ReceiptWebhook implements WebServer.Part {
    static final String PING = CallbackUrls.PATH + "ping";

    private static final Logger log = LoggerFactory.getLogger(ReceiptWebhook.class);
    /** Of the only vendor so far whose receipts come this way. */
    private static final CharSequence SIGNATURE = HttpHeaders.createOptimized("X-Twilio-Signature");

    private static final CharSequence RETRY_AFTER = HttpHeaders.createOptimized("Retry-After");
    private static final CharSequence SOON = HttpHeaders.createOptimized("1");
    private static final CharSequence POST_ONLY = HttpHeaders.createOptimized("POST");
    private static final CharSequence GET_ONLY = HttpHeaders.createOptimized("GET");
    private static final String FORM = "application/x-www-form-urlencoded";

    private final Vertx vertx;
    private final WebConfig config;
    private final String base;
    private final CallbackTokens tokens;
    private final Map<String, ReceiptReader> readers;
    private final ReceiptSink sink;
    private final Meters meters;
    private final InstantSource clock;
    private final WebhookLimits limits;
    private final Alarm alarm;
    private final Map<Written, Boolean> written = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Written, Boolean> eldest) {
            return size() > limits.remembered();
        }
    };
    private int atWork;

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
        this.tokens = new CallbackTokens(keys, window);
        this.readers = Map.copyOf(readers);
        this.sink = sink;
        this.meters = meters;
        this.clock = clock;
        this.limits = limits;
        this.alarm = new Alarm(meters, System::nanoTime);
        readers.keySet().forEach(meters::receiptsOf);
    }

    @Override
    public boolean isOf(String uri) {
        return path(uri).startsWith(CallbackUrls.PATH);
    }

    @Override
    public int connections() {
        return limits.connections();
    }

    @Override
    public WebCall call(HttpServerRequest request, WebServer.Visit visit) {
        return new Callback(request, visit);
    }

    /** A receipt that was written. */
    private record Written(String attemptId, ReceiptState state) {}

    /** One call. It is counted once, and gives its place back once. */
    private final class Callback extends WebCall {
        private @Nullable AttemptTicket ticket;
        private @Nullable ReceiptReader reader;
        private String token = "";
        private boolean working;

        Callback(HttpServerRequest request, WebServer.Visit visit) {
            super(request, visit, limits.bodyBytes());
        }

        @Override
        void judgeHead() {
            WebhookAnswer refusal = checkHead();
            if (refusal != null) {
                answer(refusal);
                return;
            }
            working = true;
            atWork++;
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
            if (isDeclaredTooLarge()) {
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

        @Override
        void tooLarge() {
            answer(WebhookAnswer.TOO_LARGE);
        }

        @Override
        void judge(Buffer body) {
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
                visit.trust();
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
                    .compose(here -> sink.tell(new ReceiptEvent(attempt, receipt.receipt(), receipt.messageId(), now)))
                    .onComplete(told -> {
                        vertx.cancelTimer(late);
                        if (told.succeeded()) {
                            written.put(key, true);
                            meters.receipt(attempt.provider(), receipt.receipt().state());
                        }
                        answer(told.succeeded() ? WebhookAnswer.TAKEN : WebhookAnswer.UNWRITTEN);
                    });
        }

        private void answer(WebhookAnswer answer) {
            if (isOver()) {
                return;
            }
            lose(answer);
            HttpServerResponse response = request.response().setStatusCode(answer.status());
            if (answer == WebhookAnswer.BUSY || answer == WebhookAnswer.UNWRITTEN) {
                response.putHeader(RETRY_AFTER, SOON);
            } else if (answer == WebhookAnswer.METHOD) {
                response.putHeader(HttpHeaders.ALLOW, path(request.uri()).equals(PING) ? GET_ONLY : POST_ONLY);
            }
            send(response, null);
        }

        @Override
        void lose(WebhookAnswer how) {
            if (!finish()) {
                return;
            }
            if (working) {
                atWork--;
            }
            meters.webhookCall(how.tag());
            tell(how, ticket);
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

    private String path(String uri) {
        return config.own(uri, CallbackUrls.PATH);
    }

    private static boolean isForm(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        int parameters = contentType.indexOf(';');
        String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
        return type.strip().toLowerCase(Locale.ROOT).equals(FORM);
    }
}
