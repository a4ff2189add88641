package dev.petrel.web;

import java.time.Duration;

/**
 * What one instance of the webhook lets the world cost it.
 *
 * @param connections open at a time; more are closed at once
 * @param atWork callbacks with a token of ours that are read or written at a time
 * @param bodyBytes a receipt has about 500
 * @param patience for a whole head on a new connection, and for a whole body
 * @param keptAlive how long a connection that brought a receipt may wait for the next; longer than load balancers keep
 *     theirs, usually 60 s, or they would send into a closed one
 * @param writing how long a receipt may take to be written; Twilio gives up after five seconds
 * @param remembered receipts that are known as repeats
 */
record WebhookLimits(
        int connections,
        int atWork,
        int bodyBytes,
        Duration patience,
        Duration keptAlive,
        Duration writing,
        int remembered) {
    static final WebhookLimits USUAL = new WebhookLimits(
            5_000, 1_000, 16 << 10, Duration.ofSeconds(5), Duration.ofSeconds(75), Duration.ofMillis(4_500), 100_000);
}
