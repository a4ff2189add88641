package dev.petrel.web;

import dev.petrel.config.Check;

/**
 * Where health, metrics and the admin API are served; never public.
 *
 * @param port 0 takes a free one
 * @param tokens for the admin API; health and metrics need none
 */
public record ManagementConfig(int port, String host, Tokens tokens) {
    public ManagementConfig {
        Check.of("petrel.management")
                .between("port", port, 0, 65_535)
                .that(!host.isBlank(), "host", "empty", "an address of this machine")
                .done();
    }
}
