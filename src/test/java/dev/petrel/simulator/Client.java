package dev.petrel.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Sends messages to simulated providers and orders to the control port, over real sockets. */
final class Client {
    static final String ACCOUNT = "AC00000000000000000000000000000000";
    static final String TEXT = "000000 is your code.";

    private final Context context;
    private final HttpClient http;

    Client(Vertx vertx) {
        context = vertx.getOrCreateContext();
        http = vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout(5000), new PoolOptions().setHttp1MaxSize(64));
    }

    record Reply(int status, MultiMap headers, String body) {
        JsonObject json() {
            return new JsonObject(body);
        }
    }

    /** On one event loop from end to end: elsewhere an answer may be over before anybody has asked for its body. */
    Future<Reply> send(HttpMethod method, String url, MultiMap headers, String body) {
        Promise<Reply> reply = Promise.promise();
        RequestOptions options =
                new RequestOptions().setMethod(method).setAbsoluteURI(url).setHeaders(headers);
        context.runOnContext(now -> http.request(options)
                .compose(request -> request.send(Buffer.buffer(body)))
                .compose(response -> response.body()
                        .map(bytes -> new Reply(response.statusCode(), response.headers(), bytes.toString())))
                .onComplete(reply));
        return reply.future();
    }

    Future<Reply> message(SimulatedProvider provider, String to) {
        return message(provider, to, TEXT);
    }

    Future<Reply> message(SimulatedProvider provider, String to, String text) {
        return provider.vendor() == Vendor.TWILIO
                ? twilio(provider, form("To", to, "From", "+15005550006", "Body", text))
                : sns(provider, form("Action", "Publish", "PhoneNumber", to, "Message", text));
    }

    Future<Reply> twilio(SimulatedProvider provider, String form) {
        String pair = Base64.getEncoder().encodeToString((ACCOUNT + ":token").getBytes(StandardCharsets.UTF_8));
        return send(
                HttpMethod.POST,
                provider.url() + "/2010-04-01/Accounts/" + ACCOUNT + "/Messages.json",
                formHeaders().add("Authorization", "Basic " + pair),
                form);
    }

    Future<Reply> sns(SimulatedProvider provider, String form) {
        return send(HttpMethod.POST, provider.url() + "/", formHeaders(), form);
    }

    Reply control(HttpMethod method, String url, String body) {
        return got(send(method, url, MultiMap.caseInsensitiveMultiMap(), body));
    }

    static String form(String... namesAndValues) {
        StringBuilder form = new StringBuilder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            form.append(i == 0 ? "" : "&")
                    .append(URLEncoder.encode(namesAndValues[i], StandardCharsets.UTF_8))
                    .append('=')
                    .append(URLEncoder.encode(namesAndValues[i + 1], StandardCharsets.UTF_8));
        }
        return form.toString();
    }

    static <T> T got(Future<T> future) {
        try {
            return future.await(20, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("nothing within 20 s", e);
        }
    }

    /** For those whose answer does not matter. */
    static void done(Future<?> future) {
        assertThat(got(future.map(true))).isTrue();
    }

    private static MultiMap formHeaders() {
        return MultiMap.caseInsensitiveMultiMap().add("Content-Type", "application/x-www-form-urlencoded");
    }
}
