package dev.petrel.web;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call of a tenant: what can be refused without its body is refused before that is read. It is counted once. What it is
 * about is never logged: an id that breaks its rule may be a number (P6).
 */
final class HttpCall extends WebCall {
    /** The largest request that follows every rule, written as long as JSON can. */
    static final int MOST_BYTES = 48 << 10;

    private static final Logger log = LoggerFactory.getLogger(HttpCall.class);
    private static final String JSON = "application/json";
    private static final String SOON = "1";
    private static final String LATER = "5";

    private final HttpIn in;
    private final String path;
    private @Nullable Endpoint endpoint;
    private String tenant = "";
    private boolean sending;

    /** @param uri without whatever stands before our own paths */
    HttpCall(HttpIn in, HttpServerRequest request, WebServer.Visit visit, String uri) {
        super(request, visit, MOST_BYTES);
        this.in = in;
        int query = uri.indexOf('?');
        this.path = query < 0 ? uri : uri.substring(0, query);
    }

    /** Whose token it came with. */
    String tenant() {
        return tenant;
    }

    /** Whether its token is still that tenant's: one may be taken out while a stream is open. */
    boolean isStillAllowed() {
        return tenant.equals(in.tokens.caller(request.getHeader(HttpHeaders.AUTHORIZATION)));
    }

    /** What stands in the path where the endpoint has braces. */
    String parameter() {
        Endpoint asked = endpoint;
        return asked == null ? "" : asked.parameter(path);
    }

    MultiMap query() {
        return request.params();
    }

    @Override
    void judgeHead() {
        Endpoint asked = path.startsWith(HttpIn.PATH) ? Endpoint.at(path) : null;
        endpoint = asked;
        if (asked != Endpoint.DESCRIPTION && path.startsWith(HttpIn.PATH)) {
            String caller = in.tokens.caller(request.getHeader(HttpHeaders.AUTHORIZATION));
            if (caller == null) {
                request.response().putHeader("WWW-Authenticate", "Bearer");
                refuse(HttpAnswer.UNAUTHORIZED, null, "this needs a tenant's token: Authorization: Bearer …");
                return;
            }
            tenant = caller;
            visit.trust();
        }
        if (asked == null) {
            refuse(HttpAnswer.NOT_FOUND, null, "there is nothing here");
        } else if (!asked.method().equals(request.method().name())) {
            request.response().putHeader(HttpHeaders.ALLOW, asked.method());
            refuse(HttpAnswer.METHOD, null, "not with this method");
        } else if (asked == Endpoint.SEND) {
            judgeSending();
        } else if (hasBody()) {
            refuse(HttpAnswer.TOO_LARGE, null, "this is asked without a body");
        }
    }

    /** By its head, which announces every body that there is. */
    private boolean hasBody() {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null
                || (length != null && !length.strip().equals("0"));
    }

    /** Among so many connections of tenants that nobody could be cut for it. */
    @Override
    void turnAway() {
        request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        visit.takeNoMore();
        if (request.method().equals(HttpMethod.POST)) {
            in.sending.tooMany(this);
        } else {
            refuse(HttpAnswer.BUSY, null, "too many connections");
        }
    }

    private void judgeSending() {
        if (!isJson(request.getHeader(HttpHeaders.CONTENT_TYPE))) {
            refuse(HttpAnswer.CONTENT_TYPE, null, "the body must be application/json");
        } else if (isDeclaredTooLarge()) {
            tooLarge();
        } else if (!in.sending.isWithinPace(tenant)) {
            refuse(HttpAnswer.OVER_RATE, null, "more requests than this tenant may send in a second");
        } else if (in.sending.places.take(tenant)) {
            sending = true;
        } else {
            in.sending.tooMany(this);
        }
    }

    private static boolean isJson(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        int parameters = contentType.indexOf(';');
        String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
        return type.strip().toLowerCase(Locale.ROOT).equals(JSON);
    }

    @Override
    void judge(Buffer body) {
        Endpoint asked = endpoint;
        try {
            if (asked != null) {
                in.answer(this, asked, body);
            }
        } catch (RuntimeException stray) {
            failed(stray);
        }
    }

    /** By a mistake of ours. */
    void failed(Throwable stray) {
        log.error("a call to HTTP in failed: {}", stray.getClass().getName());
        refuse(HttpAnswer.FAILED, null, "this did not work; the log says why");
    }

    @Override
    void tooLarge() {
        refuse(HttpAnswer.TOO_LARGE, null, "the body is larger than any request");
    }

    /** @param field null where it is about no field */
    void refuse(HttpAnswer answer, @Nullable String field, String words) {
        JsonObject body = new JsonObject().put("error", words);
        answer(answer, field == null ? body : body.put("field", field));
    }

    void answer(HttpAnswer answer, JsonObject body) {
        answer(answer, JSON, body.toBuffer());
    }

    void answer(HttpAnswer answer, String type, Buffer body) {
        if (isOver()) {
            return;
        }
        over(answer);
        HttpServerResponse response = head(type).setStatusCode(answer.status());
        if (answer == HttpAnswer.OVER_RATE) {
            response.putHeader("Retry-After", SOON);
        } else if (answer == HttpAnswer.BUSY || answer == HttpAnswer.UNAVAILABLE) {
            response.putHeader("Retry-After", LATER);
        }
        send(response, body);
    }

    /** Answers with what comes later: to be ended with {@link #send}. Null where nobody waits any more. */
    @Nullable
    HttpServerResponse stream(String type) {
        if (isOver()) {
            return null;
        }
        over(HttpAnswer.STREAMED);
        return head(type).setChunked(true).putHeader("X-Accel-Buffering", "no");
    }

    /** Answers that there is nothing to come, and never will be. */
    void nothingMore() {
        if (!isOver()) {
            over(HttpAnswer.STREAMED);
            send(request.response().setStatusCode(204), null);
        }
    }

    private HttpServerResponse head(String type) {
        return request.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, type)
                .putHeader("Cache-Control", "no-store")
                .putHeader("X-Content-Type-Options", "nosniff");
    }

    @Override
    void lose(WebhookAnswer how) {
        over(how == WebhookAnswer.TOO_SLOW ? HttpAnswer.TOO_SLOW : HttpAnswer.BROKEN);
    }

    private void over(HttpAnswer answer) {
        if (finish()) {
            if (sending) {
                in.sending.places.leave(tenant);
            }
            in.meters.httpCall(answer.tag());
        }
    }
}
