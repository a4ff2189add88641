package dev.petrel.web;

import java.util.Locale;

/** What a call to the webhook comes to. The names in lower case are the values of the tag {@code answer}. */
enum WebhookAnswer {
    /** It was written. */
    TAKEN(204),
    /** It was written already. */
    REPEATED(204),
    PONG(204),
    METHOD(405),
    CONTENT_TYPE(415),
    TOO_LARGE(413),
    /** No such path, no token of ours, one past its time, or a provider that gives no receipts. */
    UNKNOWN(404),
    /** A token of ours, and not signed by its provider. */
    FORGED(403),
    UNREADABLE(400),
    /** Too many at a time. */
    BUSY(429),
    /** It could not be written, or not in time. */
    UNWRITTEN(503),
    /** It came too slowly, and its connection was closed. */
    TOO_SLOW(408),
    /** Its connection broke before it was read or answered. */
    BROKEN(408);

    private final int status;
    private final String tag = name().toLowerCase(Locale.ROOT);

    WebhookAnswer(int status) {
        this.status = status;
    }

    int status() {
        return status;
    }

    String tag() {
        return tag;
    }
}
