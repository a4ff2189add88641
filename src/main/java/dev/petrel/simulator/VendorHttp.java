package dev.petrel.simulator;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.impl.HttpServerConnection;
import java.util.Random;

/** Reads the requests to one provider, writes each down, and does with it what the ruling says. On one event loop. */
final class VendorHttp implements Handler<HttpServerRequest> {
    private final Vertx vertx;
    private final Vendor vendor;
    private final Dialect dialect;
    private final CallRegister register;
    private final ReceiptSender receipts;
    private final Random random;
    /** Makes message ids differ from run to run. */
    private final long salt = Ruling.mix(System.nanoTime() ^ System.identityHashCode(this));

    private volatile Ruling ruling;

    VendorHttp(
            Vertx vertx,
            Vendor vendor,
            Dialect dialect,
            CallRegister register,
            ReceiptSender receipts,
            Random random,
            Ruling ruling) {
        this.vertx = vertx;
        this.vendor = vendor;
        this.dialect = dialect;
        this.register = register;
        this.receipts = receipts;
        this.random = random;
        this.ruling = ruling;
    }

    void follow(Ruling next) {
        ruling = next;
    }

    /** A request whose connection breaks while it is being read was never taken. */
    @Override
    public void handle(HttpServerRequest request) {
        request.body().onSuccess(body -> taken(request, body));
    }

    private void taken(HttpServerRequest request, Buffer body) {
        long nanos = System.nanoTime();
        Form form = Form.parse(body);
        Call call = dialect.read(
                form,
                new Call.Reading(
                        vendor,
                        salt,
                        register.nextNumber(),
                        nanos,
                        System.currentTimeMillis(),
                        dialect.account(request)));
        register.take(call);

        Ruling now = ruling;
        Rule rule = now.ruleFor(call.to());
        if (rule.taken() && dialect.complaint(request, form, call) == null) {
            receipts.taken(call, now.receiptsOf(rule));
        }
        if (rule.mode() instanceof Mode.BlackHole) {
            register.hang(call);
            request.response().closeHandler(gone -> register.closed(call));
        } else if (rule.mode() instanceof Mode.ResetAfterReading) {
            register.reset(call);
            reset(request);
        } else {
            Answer answer = answer(rule.mode(), request, form, call);
            if (answer.error() == null) {
                receipts.taken(call, now.receiptsOf(rule));
            }
            long millis = now.latencyOf(rule).sampleMillis(random);
            if (millis == 0) {
                write(request.response(), call, answer);
            } else {
                writeLater(request.response(), call, answer, millis);
            }
        }
    }

    private Answer answer(Mode mode, HttpServerRequest request, Form form, Call call) {
        if (mode instanceof Mode.Status status) {
            return dialect.failure(call, status.httpStatus());
        }
        if (mode instanceof Mode.Html502) {
            return Answer.HTML_502;
        }
        if (mode instanceof Mode.Empty503) {
            return Answer.EMPTY_503;
        }
        if (mode instanceof Mode.Rubbish2xx) {
            return dialect.rubbish();
        }
        if (mode instanceof Mode.Throttle throttle) {
            Answer answer = dialect.throttled(call);
            return throttle.retryAfter() == null
                    ? answer
                    : answer.retryAfter(throttle.retryAfter().toSeconds());
        }
        if (mode instanceof Mode.Error error) {
            return dialect.error(call, error.code(), error.httpStatus(), error.message());
        }
        // healthy; or refusing, and this request came before the port was closed
        Answer complaint = dialect.complaint(request, form, call);
        return complaint == null ? dialect.accepted(request, call) : complaint;
    }

    private void writeLater(HttpServerResponse response, Call call, Answer answer, long millis) {
        long timer = vertx.setTimer(millis, due -> {
            if (call.fate() == Call.Fate.WAITING) {
                write(response, call, answer);
            }
        });
        response.closeHandler(gone -> {
            register.closed(call);
            vertx.cancelTimer(timer);
        });
    }

    private void write(HttpServerResponse response, Call call, Answer answer) {
        register.answered(call, answer.status(), answer.error());
        response.setStatusCode(answer.status());
        if (answer.contentType() != null) {
            response.putHeader("Content-Type", answer.contentType());
        }
        if (answer.retryAfterSeconds() >= 0) {
            response.putHeader("Retry-After", Long.toString(answer.retryAfterSeconds()));
        }
        response.end(answer.body());
    }

    /** With a linger of 0 the kernel sends RST instead of FIN; without Netty's channel at hand it is a plain close. */
    private static void reset(HttpServerRequest request) {
        if (request.connection() instanceof HttpServerConnection connection) {
            Channel channel = connection.channelHandlerContext().channel();
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.close();
        } else {
            request.connection().close();
        }
    }
}
