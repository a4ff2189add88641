package dev.petrel.web;

import dev.petrel.config.Check;

/**
 * Where health and metrics are served; never public.
 *
 * @param port 0 takes a free one
 */
public record ManagementConfig(int port, String host) {
    public ManagementConfig {
        Check.of("petrel.management")
                .between("port", port, 0, 65_535)
                .that(!host.isBlank(), "host", "empty", "an address of this machine")
                .done();
    }
}
