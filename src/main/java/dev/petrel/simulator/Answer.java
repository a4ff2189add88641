package dev.petrel.simulator;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP answer before it is written.
 *
 * @param error the vendor's code, or our word for an answer without one; null where it says that the message was taken
 * @param retryAfterSeconds below 0: none
 */
record Answer(
        int status,
        @Nullable String contentType,
        Buffer body,
        @Nullable String error,
        long retryAfterSeconds) {
    static final Answer HTML_502 = new Answer(
            502,
            "text/html",
            Buffer.buffer("<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
                    + "<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n"),
            "html_502",
            -1);
    static final Answer EMPTY_503 = new Answer(503, null, Buffer.buffer(), "empty_503", -1);

    static Answer of(int status, String contentType, String body, @Nullable String error) {
        return new Answer(status, contentType, Buffer.buffer(body), error, -1);
    }

    Answer retryAfter(long seconds) {
        return new Answer(status, contentType, body, error, seconds);
    }
}
