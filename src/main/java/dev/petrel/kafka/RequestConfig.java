package dev.petrel.kafka;

import dev.petrel.config.Check;
import java.time.Duration;

/**
 * How long a code lives.
 *
 * @param defaultLifetime where the request does not say
 * @param maxLifetime what a request asks beyond this is cut to it
 */
public record RequestConfig(Duration defaultLifetime, Duration maxLifetime) {
    public RequestConfig {
        Check.of("petrel.request")
                .between("max-lifetime", maxLifetime, Duration.ofSeconds(10), Duration.ofDays(1))
                .between("default-lifetime", defaultLifetime, Duration.ofSeconds(10), maxLifetime)
                .done();
    }
}
