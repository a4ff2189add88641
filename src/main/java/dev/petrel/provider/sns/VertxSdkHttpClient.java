package dev.petrel.provider.sns;

import dev.petrel.provider.HttpPool;
import dev.petrel.time.Time;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.http.SdkHttpExecutionAttributes;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.async.SdkAsyncHttpResponseHandler;

/**
 * Sends what the AWS SDK has made and signed through Petrel's own pool. For small requests and answers: both are held
 * whole. When the SDK gives a call up, by a timeout of its own or because its caller did, the request ends with it.
 */
final class VertxSdkHttpClient implements SdkAsyncHttpClient {
    /** Vert.x writes these by itself, and the same ones. */
    private static final Set<String> WRITTEN_BY_VERTX = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

    static {
        WRITTEN_BY_VERTX.addAll(Set.of("Host", "Content-Length"));
    }

    private final HttpPool pool;
    private final Duration timeout;
    private final Time time;

    VertxSdkHttpClient(HttpPool pool, Duration timeout, Time time) {
        this.pool = pool;
        this.timeout = timeout;
        this.time = time;
    }

    @Override
    public CompletableFuture<Void> execute(AsyncExecuteRequest call) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        long deadline = deadline(call.httpExecutionAttributes());
        whole(call.requestContentPublisher())
                .compose(body -> {
                    HttpPool.Exchange exchange = pool.send(options(call.request()), body, deadline);
                    CompletableFuture<Void> unused = done.whenComplete((nothing, givenUp) -> {
                        if (givenUp != null) {
                            exchange.cancel();
                        }
                    });
                    return exchange.answer();
                })
                .onComplete(answer -> handOn(answer, call.responseHandler(), done));
        return done;
    }

    @Override
    public String clientName() {
        return "petrel";
    }

    /** The pool belongs to who made it. */
    @Override
    public void close() {}

    private long deadline(@Nullable SdkHttpExecutionAttributes attributes) {
        Flight flight = attributes == null ? null : attributes.getAttribute(Flight.ATTRIBUTE);
        if (flight == null) {
            return time.nanos() + timeout.toNanos();
        }
        flight.handOver();
        return flight.deadline();
    }

    private static RequestOptions options(SdkHttpRequest request) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.valueOf(request.method().name()))
                .setSsl("https".equals(request.protocol()))
                .setHost(request.host())
                .setPort(request.port())
                .setURI(request.encodedPath()
                        + request.encodedQueryParameters()
                                .map(query -> "?" + query)
                                .orElse(""));
        request.forEachHeader((name, values) -> {
            if (!WRITTEN_BY_VERTX.contains(name)) {
                values.forEach(value -> options.addHeader(name, value));
            }
        });
        return options;
    }

    private static void handOn(
            AsyncResult<HttpPool.Answer> answer, SdkAsyncHttpResponseHandler handler, CompletableFuture<Void> done) {
        if (answer.failed()) {
            handler.onError(answer.cause());
            done.completeExceptionally(answer.cause());
            return;
        }
        HttpPool.Answer whole = answer.result();
        SdkHttpFullResponse.Builder head = SdkHttpFullResponse.builder().statusCode(whole.status());
        whole.headers().forEach(head::appendHeader);
        try {
            handler.onHeaders(head.build());
            handler.onStream(subscriber ->
                    subscriber.onSubscribe(new OneChunk(subscriber, whole.body().getBytes())));
            done.complete(null);
        } catch (RuntimeException unreadable) { // or the call would never end
            handler.onError(unreadable);
            done.completeExceptionally(unreadable);
        }
    }

    private static Future<Buffer> whole(Publisher<ByteBuffer> content) {
        Promise<Buffer> collected = Promise.promise();
        content.subscribe(new Subscriber<>() {
            private final Buffer body = Buffer.buffer();

            @Override
            public void onSubscribe(Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(ByteBuffer chunk) {
                byte[] bytes = new byte[chunk.remaining()];
                chunk.get(bytes);
                body.appendBytes(bytes);
            }

            @Override
            public void onError(Throwable failure) {
                collected.tryFail(failure);
            }

            @Override
            public void onComplete() {
                collected.tryComplete(body);
            }
        });
        return collected.future();
    }

    private static final class OneChunk implements Subscription {
        private final Subscriber<? super ByteBuffer> subscriber;
        private final byte[] bytes;
        private boolean over;

        private OneChunk(Subscriber<? super ByteBuffer> subscriber, byte[] bytes) {
            this.subscriber = subscriber;
            this.bytes = bytes;
        }

        @Override
        public void request(long count) {
            if (over) {
                return;
            }
            over = true; // before onNext: subscribers ask for more from inside it
            if (bytes.length > 0) {
                subscriber.onNext(ByteBuffer.wrap(bytes));
            }
            subscriber.onComplete();
        }

        @Override
        public void cancel() {
            over = true;
        }
    }
}
