package dev.petrel.web;

import java.util.Locale;

/** What a call to HTTP in comes to. The names in lower case are the values of the tag {@code answer}. */
enum HttpAnswer {
    /** It is on the topic. */
    ACCEPTED(202),
    /** It was already. */
    REPEATED(202),
    TOLD(200),
    /** Its events were sent as they came. */
    STREAMED(200),
    INVALID(400),
    UNAUTHORIZED(401),
    FORBIDDEN(403),
    NOT_FOUND(404),
    METHOD(405),
    /** Other content was brought under this id. */
    CONFLICT(409),
    TOO_LARGE(413),
    CONTENT_TYPE(415),
    /** More than the tenant may send in a second. */
    OVER_RATE(429),
    /** More than this instance does at a time. */
    BUSY(429),
    /** Kafka does not answer. */
    UNAVAILABLE(503),
    FAILED(500),
    TOO_SLOW(408),
    BROKEN(408);

    private final int status;
    private final String tag = name().toLowerCase(Locale.ROOT);

    HttpAnswer(int status) {
        this.status = status;
    }

    int status() {
        return status;
    }

    String tag() {
        return tag;
    }
}
