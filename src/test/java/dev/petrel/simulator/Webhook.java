package dev.petrel.simulator;

import static dev.petrel.simulator.Client.got;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntUnaryOperator;

/** Takes receipts over a real socket, and writes down every call to it. */
final class Webhook {
    static final int NEVER = 0;

    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private final IntUnaryOperator statuses;

    /** @param statuses of the answer to each call, counted from 0; {@link #NEVER}: none comes */
    Webhook(Vertx vertx, IntUnaryOperator statuses) {
        this.statuses = statuses;
        this.server = got(vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> take(request, body)))
                .listen(0, "127.0.0.1"));
    }

    record Received(String uri, MultiMap headers, Map<String, String> fields) {
        String field(String name) {
            return fields.getOrDefault(name, "");
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.actualPort() + "/receipts/twilio/1?a=1&b=%2B2";
    }

    List<Received> received() {
        return received;
    }

    /** The statuses that were told of this number, in the order in which they came. */
    List<String> told(String number) {
        return received.stream()
                .filter(each -> each.field("To").equals(number))
                .map(each -> each.field("MessageStatus"))
                .toList();
    }

    private void take(HttpServerRequest request, Buffer body) {
        Map<String, String> fields = new LinkedHashMap<>();
        Form form = Form.parse(body);
        for (String pair : body.toString().split("&")) {
            String name = pair.substring(0, pair.indexOf('='));
            fields.put(name, String.valueOf(form.get(name)));
        }
        int status = statuses.applyAsInt(received.size());
        received.add(new Received(request.uri(), request.headers(), fields));
        if (status != NEVER) {
            request.response().setStatusCode(status).end();
        }
    }
}
