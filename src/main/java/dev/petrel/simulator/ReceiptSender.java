package dev.petrel.simulator;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends the receipts of one provider when their time has come, on an event loop of its own, so that the provider's port
 * is never slowed by whoever takes them. What is pending when it stops is dropped.
 *
 * <p>A call fails where nobody connects, where the answer is not 2xx, or where none comes within 5 s. It is made again
 * as often as the URL allows, as long as 15 s are not over.
 */
final class ReceiptSender extends VerticleBase {
    static final String SIGNATURE = "X-Twilio-Signature";
    static final String IDEMPOTENCY_TOKEN = "I-Twilio-Idempotency-Token";

    private static final int CONNECTIONS = 64;
    /** Waiting for one of the connections; what comes on top fails as if nobody had connected. */
    private static final int QUEUE = 20_000;

    private static final int PATIENCE_MILLIS = 5000;
    private static final int PAUSE_MILLIS = 1000;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS);
    private static final long RETRIED_FOR_NANOS = TimeUnit.SECONDS.toNanos(15);

    private final CallRegister register;
    private final Random random;
    private @Nullable HttpClientAgent client;
    private boolean stopped;

    /** @param random of latencies and losses */
    ReceiptSender(CallRegister register, Random random) {
        this.register = register;
        this.random = random;
    }

    @Override
    public Future<?> start() {
        client = vertx.httpClientBuilder()
                .with(new HttpClientOptions().setConnectTimeout(PATIENCE_MILLIS).setKeepAliveTimeout(15))
                .with(new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(QUEUE))
                // without this Vert.x logs every reset as an error; the call that it ends fails of it
                .withConnectHandler(connection -> connection.exceptionHandler(told -> {}))
                .build();
        return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
        stopped = true;
        return client == null ? Future.succeededFuture() : client.close();
    }

    /** Also right when it never started. */
    Future<Void> close() {
        return context == null
                ? Future.succeededFuture()
                : vertx.undeploy(context.deploymentID()).otherwiseEmpty();
    }

    /** What becomes of a message that has just been taken is decided now. Any thread may call this. */
    void taken(Call call, Receipts receipts) {
        long sentAfter = receipts.sentAfter().sampleMillis(random);
        long finalAfter = Math.max(sentAfter, receipts.finalAfter().sampleMillis(random));
        if (receipts.handset()) {
            call.reaches((int) finalAfter);
        }
        if (call.statusCallback() != null && receipts.kind() != Receipts.Kind.SILENT) {
            context.runOnContext(now -> follow(call, receipts, sentAfter, finalAfter));
        }
    }

    /** One receipt, once and now; the HTTP status that it was answered with. Any thread may call this. */
    Future<Integer> send(Call call, String status, @Nullable String errorCode) {
        Promise<Integer> answered = Promise.promise();
        context.runOnContext(now -> {
            TwilioReceipt receipt;
            try {
                receipt = TwilioReceipt.of(call, status, errorCode);
            } catch (IllegalArgumentException nowhere) {
                answered.fail(nowhere);
                return;
            }
            register.receiptSent();
            post(receipt, token())
                    .onComplete(answer -> {
                        if (acknowledged(answer)) {
                            register.receiptAcknowledged();
                        } else {
                            register.receiptFailed();
                        }
                    })
                    .onComplete(answered);
        });
        return answered.future();
    }

    private void follow(Call call, Receipts receipts, long sentAfter, long finalAfter) {
        Supplier<Future<?>> sent = () -> tell(call, receipts, "sent", null);
        Supplier<Future<?>> last = () -> tell(call, receipts, receipts.kind().wire(), receipts.code());
        if (!receipts.kind().ends()) {
            after(sentAfter).compose(due -> sent.get());
        } else if (receipts.reversed()) {
            after(finalAfter).compose(due -> last.get()).compose(told -> sent.get());
        } else {
            // the last waits until the first was tried: on two connections they might change places
            after(sentAfter)
                    .compose(due -> Future.join(sent.get(), after(finalAfter - sentAfter)))
                    .compose(told -> last.get());
        }
    }

    /** Done when each copy was tried once, or is lost; never fails. */
    private Future<?> tell(Call call, Receipts receipts, String status, @Nullable String errorCode) {
        TwilioReceipt receipt = TwilioReceipt.of(call, status, errorCode);
        List<Future<?>> tried = new ArrayList<>(receipts.copies());
        for (int copy = 0; copy < receipts.copies(); copy++) {
            if (receipts.lost() == 0 || random.nextDouble() >= receipts.lost()) {
                register.receiptSent();
                Promise<Void> first = Promise.promise();
                attempt(receipt, token(), receipt.retries(), System.nanoTime(), first);
                tried.add(first.future());
            }
        }
        return Future.join(tried);
    }

    private void attempt(TwilioReceipt receipt, String token, int left, long begun, Promise<Void> tried) {
        post(receipt, token).onComplete(answer -> {
            if (acknowledged(answer)) {
                register.receiptAcknowledged();
            } else if (left > 0 && System.nanoTime() - begun < RETRIED_FOR_NANOS - PAUSE_NANOS && !stopped) {
                vertx.setTimer(PAUSE_MILLIS, again -> attempt(receipt, token, left - 1, begun, tried));
            } else {
                register.receiptFailed();
            }
            tried.tryComplete();
        });
    }

    private Future<Integer> post(TwilioReceipt receipt, String token) {
        Promise<Integer> status = Promise.promise();
        Future<HttpClientRequest> connection = Future.succeededFuture(client)
                .compose(open -> open == null || stopped
                        ? Future.failedFuture(new ClosedChannelException())
                        : open.request(new RequestOptions()
                                .setMethod(HttpMethod.POST)
                                .setAbsoluteURI(receipt.url())
                                .setConnectTimeout(PATIENCE_MILLIS)));
        // a limit of the pool's alone might leave its future open for good (Vert.x 5.1.6)
        long timer = vertx.setTimer(PATIENCE_MILLIS, late -> {
            if (status.tryFail("no answer in time")) {
                connection.onSuccess(HttpClientRequest::reset);
            }
        });
        connection
                .compose(request -> status.future().isComplete()
                        ? Future.failedFuture("no connection in time")
                        : write(request, receipt, token))
                .compose(response -> response.body().map(read -> response.statusCode()))
                .onComplete(answer -> {
                    vertx.cancelTimer(timer);
                    if (answer.succeeded()) {
                        status.tryComplete(answer.result());
                    } else {
                        status.tryFail(answer.cause());
                    }
                });
        return status.future();
    }

    private static Future<HttpClientResponse> write(HttpClientRequest request, TwilioReceipt receipt, String token) {
        request.exceptionHandler(told -> {}); // its futures tell the same, and without this Vert.x logs it
        request.putHeader("Content-Type", "application/x-www-form-urlencoded").putHeader(IDEMPOTENCY_TOKEN, token);
        if (receipt.signature() != null) {
            request.putHeader(SIGNATURE, receipt.signature());
        }
        return request.send(receipt.form());
    }

    /** The same for every try of one copy, and another for the next copy. */
    private String token() {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    private Future<Void> after(long millis) {
        if (millis == 0) {
            return Future.succeededFuture();
        }
        Promise<Void> due = Promise.promise();
        vertx.setTimer(millis, timer -> due.complete());
        return due.future();
    }

    private static boolean acknowledged(AsyncResult<Integer> answer) {
        return answer.succeeded() && answer.result() / 100 == 2;
    }
}
