package dev.petrel.delivery;

import dev.petrel.config.Check;
import java.time.Duration;

/**
 * How long and how often Petrel tries, and how much it holds while it does.
 *
 * @param minLife no attempt starts with less than this left of the code's life
 * @param maxCopies attempts of one request that a handset may yet see
 * @param onAmbiguous what follows an attempt of which nobody knows whether it was sent
 * @param backoff the wait after the first round; it doubles with each round
 * @param maxBackoff where the doubling ends
 * @param inFlightMax per instance: attempts and statuses not yet acknowledged
 * @param heldMax per instance: texts held
 * @param heldMaxBytes per instance: what those texts take
 * @param heldPatience how long waiting requests of a country without a working provider may keep others out
 */
public record DeliveryConfig(
        Duration minLife,
        int maxCopies,
        OnAmbiguous onAmbiguous,
        Duration backoff,
        Duration maxBackoff,
        int inFlightMax,
        int heldMax,
        long heldMaxBytes,
        Duration heldPatience) {

    /** The next hop follows, at the risk of a second copy, or nothing does, at the risk of none. */
    public enum OnAmbiguous {
        NEXT,
        STOP
    }

    public DeliveryConfig {
        Check.of("petrel.attempt")
                .between("min-life", minLife, Duration.ofSeconds(1), Duration.ofMinutes(1))
                .between("max-copies", maxCopies, 1, 20)
                .in("petrel.retry")
                .between("backoff", backoff, Duration.ofMillis(100), Duration.ofMinutes(1))
                .between("max-backoff", maxBackoff, backoff, Duration.ofMinutes(5))
                .in("petrel.in-flight")
                .between("max", inFlightMax, 1, 100_000)
                .in("petrel.held")
                .between("max", heldMax, 1, 10_000_000)
                .bytesBetween("max-bytes", heldMaxBytes, 1 << 16, 1L << 34)
                .between("patience", heldPatience, Duration.ofSeconds(1), Duration.ofMinutes(10))
                .done();
    }
}
