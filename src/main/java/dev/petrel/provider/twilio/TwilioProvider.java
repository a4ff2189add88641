package dev.petrel.provider.twilio;

import com.twilio.http.Request;
import dev.petrel.message.Submission;
import dev.petrel.message.SubmitResult;
import dev.petrel.provider.ErrorTable;
import dev.petrel.provider.HttpPool;
import dev.petrel.provider.ReceiptReader;
import dev.petrel.provider.RetryAfter;
import dev.petrel.provider.SmsProvider;
import dev.petrel.provider.TransportFailure;
import dev.petrel.time.Time;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One account at Twilio. */
public final class TwilioProvider implements SmsProvider {
    private static final CharSequence FORM = HttpHeaders.createOptimized("application/x-www-form-urlencoded");
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence USER_AGENT = HttpHeaders.createOptimized("petrel");

    private final String id;
    private final URI base;
    private final Supplier<TwilioConfig> config;
    private final ErrorTable errors;
    private final ReceiptReader receipts;
    private final HttpPool pool;
    private final Time time;
    private Account account;

    /** With the credentials of the time. */
    private static final class Account {
        private final TwilioConfig config;
        private final TwilioRequests requests;
        /** The same for every message, and dear to make: what the SDK gave the first time. */
        private @Nullable RequestOptions target;

        private Account(TwilioConfig config) {
            this.config = config;
            this.requests = new TwilioRequests(config);
        }
    }

    public TwilioProvider(Vertx vertx, TwilioConfig config, Time time) {
        this(vertx, () -> config, time);
    }

    /** @param config asked for each submission and receipt; of it the token may change while we run, and nothing else */
    public TwilioProvider(Vertx vertx, Supplier<TwilioConfig> config, Time time) {
        TwilioConfig first = config.get();
        this.id = first.id();
        this.base = first.baseUrl();
        this.config = config;
        this.account = new Account(first);
        this.errors = TwilioErrors.table(first.errorClasses());
        this.receipts = new TwilioReceipts(config);
        this.pool = new HttpPool(vertx, first.connections(), first.timeout(), time);
        this.time = time;
    }

    private Account account() {
        TwilioConfig now = config.get();
        if (!now.equals(account.config)) {
            account = new Account(now);
        }
        return account;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Future<SubmitResult> submit(Submission submission) {
        boolean senderNamed = TwilioRequests.namedSender(submission) != null;
        HttpPool.Exchange exchange;
        try {
            Duration life = Duration.between(time.now(), submission.expiresAt());
            long deadline = time.nanos() + submission.timeout().toNanos();
            Account current = account();
            Request request = current.requests.make(submission, life);
            exchange = pool.send(target(request, current), FormBody.encode(request.getPostParams()), deadline);
        } catch (RuntimeException unmakeable) {
            return Future.succeededFuture(ErrorTable.unmakeable());
        }
        return exchange.answer().map(answer -> read(answer, senderNamed)).otherwise(TransportFailure::resultOf);
    }

    @Override
    public Optional<ReceiptReader> receipts() {
        return Optional.of(receipts);
    }

    @Override
    public Future<Void> close() {
        return pool.close();
    }

    private RequestOptions target(Request request, Account current) {
        RequestOptions target = current.target;
        if (target == null) {
            String path = base.getRawPath();
            target = new RequestOptions()
                    .setMethod(HttpMethod.POST)
                    .setSsl("https".equals(base.getScheme()))
                    .setHost(base.getHost())
                    .setPort(port())
                    .setURI((path.endsWith("/") ? path.substring(0, path.length() - 1) : path)
                            + request.constructURL().getFile())
                    .putHeader(HttpHeaders.AUTHORIZATION, request.getAuthString())
                    .putHeader(HttpHeaders.CONTENT_TYPE, FORM)
                    .putHeader(HttpHeaders.ACCEPT, JSON)
                    .putHeader(HttpHeaders.USER_AGENT, USER_AGENT);
            current.target = target;
        }
        return target;
    }

    private int port() {
        if (base.getPort() >= 0) {
            return base.getPort();
        }
        return "https".equals(base.getScheme()) ? 443 : 80;
    }

    private SubmitResult read(HttpPool.Answer answer, boolean senderNamed) {
        TwilioAnswer body = TwilioAnswer.read(answer.body().getBytes());
        if (answer.successful()) {
            return body.sid() == null ? ErrorTable.unreadable(answer.status()) : new SubmitResult.Accepted(body.sid());
        }
        return ErrorTable.refusal(
                errors.classOf(body.code(), answer.status()),
                body.code(),
                answer.status(),
                RetryAfter.parse(answer.headers().get(HttpHeaders.RETRY_AFTER), time.now()),
                senderNamed);
    }
}
