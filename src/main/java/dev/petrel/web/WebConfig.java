package dev.petrel.web;

import dev.petrel.config.Check;
import dev.petrel.receipt.CallbackUrls;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where providers reach us with their receipts.
 *
 * @param port 0 takes a free one
 * @param publicUrl how the world reaches that port; null: receipts are off
 */
public record WebConfig(int port, String host, @Nullable URI publicUrl) {
    public WebConfig {
        Check.of("petrel.web")
                .between("port", port, 0, 65_535)
                .that(!host.isBlank(), "host", "empty", "an address of this machine")
                .that(
                        publicUrl == null || isPublic(publicUrl),
                        "public-url",
                        String.valueOf(publicUrl),
                        "https (or http) with a host, nothing behind its path, at most "
                                + CallbackUrls.LONGEST_PUBLIC_URL + " characters")
                .done();
    }

    private static boolean isPublic(URI url) {
        return ("https".equals(url.getScheme()) || "http".equals(url.getScheme()))
                && url.getHost() != null
                && url.getRawQuery() == null
                && url.getRawFragment() == null
                && url.getRawUserInfo() == null
                && url.toString().length() <= CallbackUrls.LONGEST_PUBLIC_URL
                && url.toString().chars().allMatch(c -> c < 0x80);
    }
}
