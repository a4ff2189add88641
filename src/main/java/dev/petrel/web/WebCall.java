package dev.petrel.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/**
 * One call to the web port. It is over once, by an answer or without one, and is answered at most once. Its body is
 * bounded: what goes beyond is refused, and read on for a little so that the caller sees the answer.
 */
abstract class WebCall {
    /** So many times what a body may have is read on after a refusal. */
    private static final int READ_ON = 4;

    final HttpServerRequest request;
    final WebServer.Visit visit;
    private final int mostBytes;
    private final Buffer body = Buffer.buffer();
    private long read;
    private boolean over;
    private boolean whole;

    WebCall(HttpServerRequest request, WebServer.Visit visit, int mostBytes) {
        this.request = request;
        this.visit = visit;
        this.mostBytes = mostBytes;
    }

    /** Looks at what needs no body, and answers where it need not be read. */
    abstract void judgeHead();

    /** Of what was not over with its head. */
    abstract void judge(Buffer body);

    /** The body is larger than it may be: answers. */
    abstract void tooLarge();

    /** It is over without an answer: {@link WebhookAnswer#TOO_SLOW} or {@link WebhookAnswer#BROKEN}. May be told when it was over. */
    abstract void lose(WebhookAnswer how);

    /** There is no room for its connection: answers, where that is worth it. */
    void turnAway() {
        visit.cut();
    }

    /** @param room whether its connection may stay */
    final void begin(boolean room) {
        request.exceptionHandler(broken -> lose(WebhookAnswer.BROKEN));
        request.handler(this::take);
        request.endHandler(end -> {
            whole = true;
            visit.wholeBody();
            if (over) {
                visit.waitForNext(this);
            } else {
                judge(body);
            }
        });
        visit.waitForBody(this);
        if (room) {
            judgeHead();
        } else {
            turnAway();
        }
        if (!over && "100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            WebServer.unanswered(request.response().writeContinue());
        }
    }

    /** Whether the caller says that it is larger than it may be. */
    final boolean isDeclaredTooLarge() {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length != null && Long.parseLong(length.strip()) > mostBytes;
        } catch (NumberFormatException foreign) {
            return true;
        }
    }

    private void take(Buffer part) {
        read += part.length();
        if (over) {
            if (read > (long) READ_ON * mostBytes) {
                visit.cut();
            }
        } else if (read > mostBytes) {
            tooLarge();
        } else {
            body.appendBuffer(part);
        }
    }

    final boolean isOver() {
        return over;
    }

    /** It is over with this; false if it was before. */
    final boolean finish() {
        boolean before = over;
        over = true;
        return !before;
    }

    /** The last of it. */
    final void send(HttpServerResponse response, @Nullable Buffer answer) {
        if (whole) {
            visit.waitForNext(this); // before the end, which may bring the next call at once
        }
        WebServer.unanswered(answer == null ? response.end() : response.end(answer));
    }
}
