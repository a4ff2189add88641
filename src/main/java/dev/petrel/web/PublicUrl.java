package dev.petrel.web;

import dev.petrel.receipt.CallbackUrls;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * Calls ourselves as a provider would, by the public URL: where that fails, receipts fail to come too, and their silence
 * says nothing of providers.
 */
public final class PublicUrl {
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final int NO_CONTENT = 204;

    private final Vertx vertx;
    private final HttpClient client;
    private final String ping;
    private final boolean secure;
    private volatile @Nullable Instant certificateEnds;

    public PublicUrl(Vertx vertx, URI publicUrl) {
        this(vertx, publicUrl, new HttpClientOptions());
    }

    /** @param options which certificates are trusted */
    PublicUrl(Vertx vertx, URI publicUrl, HttpClientOptions options) {
        this.vertx = vertx;
        this.secure = "https".equals(publicUrl.getScheme());
        // a new connection each time: one that was kept says nothing of those that providers make
        this.client = vertx.createHttpClient(options.setKeepAlive(false).setSsl(secure));
        this.ping = CallbackUrls.base(publicUrl) + ReceiptWebhook.PING;
    }

    /** Whether the webhook of some instance answers there within three seconds; never fails. */
    public Future<Boolean> reachable() {
        Promise<Boolean> reached = Promise.promise();
        Future<HttpClientRequest> asked = client.request(new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setAbsoluteURI(ping)
                .setConnectTimeout(PATIENCE.toMillis()));
        long timer = vertx.setTimer(PATIENCE.toMillis(), late -> {
            if (reached.tryComplete(false)) {
                asked.onSuccess(HttpClientRequest::reset);
            }
        });
        asked.compose(request -> {
                    request.exceptionHandler(told -> {}); // its futures tell the same
                    noteCertificate(request.connection());
                    return request.send();
                })
                .onComplete(answer -> {
                    vertx.cancelTimer(timer);
                    reached.tryComplete(answer.succeeded() && answer.result().statusCode() == NO_CONTENT);
                });
        return reached.future();
    }

    /** Whether there is a certificate to look after. */
    boolean secure() {
        return secure;
    }

    /** When the certificate that was shown last will be no good any more; null where none was shown yet. */
    @Nullable
    Instant certificateEnds() {
        return certificateEnds;
    }

    private void noteCertificate(HttpConnection connection) {
        try {
            if (secure && connection.peerCertificates().get(0) instanceof X509Certificate shown) {
                certificateEnds = shown.getNotAfter().toInstant();
            }
        } catch (SSLPeerUnverifiedException none) {
            // the call fails as well
        }
    }

    public Future<Void> close() {
        return client.close();
    }
}
