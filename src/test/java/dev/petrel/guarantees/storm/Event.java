package dev.petrel.guarantees.storm;

import dev.petrel.guarantees.Told;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What of a status event is of use here, so that half a million of them fit.
 *
 * @param recordedAt by the broker
 * @param attempt null where it is about none
 * @param reasonClass empty where nothing went wrong
 */
record Event(
        String requestId,
        int partition,
        long offset,
        Instant recordedAt,
        String writer,
        String status,
        boolean last,
        Instant at,
        @Nullable Attempt attempt,
        String reasonClass) {

    /**
     * @param messageId empty where there is none
     * @param duration from its start to its result, but for what the gateway itself was late by
     */
    record Attempt(
            int number, int round, String provider, String result, boolean sent, String messageId, Duration duration) {
        boolean accepted() {
            return result.equals("accepted");
        }
    }

    static Event of(Told told) {
        return new Event(
                told.requestId(),
                told.partition(),
                told.offset(),
                told.recordedAt(),
                told.writer().intern(),
                told.status().intern(),
                told.isFinal(),
                told.at(),
                told.isAttempt()
                        ? new Attempt(
                                told.number(),
                                told.round(),
                                told.provider().intern(),
                                told.result().intern(),
                                told.sent(),
                                told.event()
                                        .path("attempt")
                                        .path("providerMessageId")
                                        .asText(""),
                                Duration.ofMillis(told.event()
                                        .path("attempt")
                                        .path("durationMs")
                                        .asLong()))
                        : null,
                told.reasonClass().intern());
    }

    String instance() {
        return writer.substring(0, writer.indexOf('/'));
    }
}
