package dev.petrel.attempt;

import dev.petrel.config.Check;
import java.time.Duration;

/**
 * When a provider's breaker opens and how it closes again; count-based, per instance.
 *
 * @param section the key of the provider these numbers belong to, for messages
 * @param failureRate percent of the window that opens it
 * @param slowCall a call that takes longer is slow
 * @param slowCallRate percent of slow calls in the window that opens it
 * @param window calls looked back on
 * @param minimumCalls before that many it does not open
 * @param openFor before it lets trial calls through
 * @param halfOpenCalls trial calls; also the limit of the trickle when every provider is shut
 */
public record BreakerConfig(
        String section,
        int failureRate,
        Duration slowCall,
        int slowCallRate,
        int window,
        int minimumCalls,
        Duration openFor,
        int halfOpenCalls) {

    public BreakerConfig {
        Check.of(section + ".circuit-breaker")
                .between("failure-rate", failureRate, 1, 100)
                .between("slow-call", slowCall, Duration.ofMillis(10), Duration.ofSeconds(30))
                .between("slow-call-rate", slowCallRate, 1, 100)
                .between("window", window, 1, 10_000)
                .between("minimum-calls", minimumCalls, 1, window)
                .between("open-for", openFor, Duration.ofMillis(100), Duration.ofMinutes(10))
                .between("half-open-calls", halfOpenCalls, 1, 1000)
                .done();
    }
}
