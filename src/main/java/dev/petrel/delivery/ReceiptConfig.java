package dev.petrel.delivery;

import dev.petrel.config.Check;
import java.time.Duration;

/**
 * How long receipts are waited for.
 *
 * @param on whether providers are asked for receipts at all
 * @param failoverAfter no receipt for this long is a bad one
 * @param window how long after its last submission a request stays open
 * @param maxOpen per instance: requests that wait for a receipt and hold no text any more
 */
public record ReceiptConfig(boolean on, Duration failoverAfter, Duration window, int maxOpen) {
    public ReceiptConfig {
        Check.of("petrel.receipts")
                .between("failover-after", failoverAfter, Duration.ofSeconds(2), Duration.ofMinutes(5))
                .between("window", window, failoverAfter, Duration.ofHours(6))
                .between("max-open", maxOpen, 1, 10_000_000)
                .done();
    }
}
