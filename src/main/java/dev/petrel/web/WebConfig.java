package dev.petrel.web;

import dev.petrel.config.Check;
import dev.petrel.receipt.CallbackUrls;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where providers reach us with their receipts, and tenants with their requests.
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

    /**
     * Without the path of the public URL, if whoever stands before us has left it on. A query makes it another path.
     *
     * @param ours what begins with this is ours
     */
    String own(String uri, String ours) {
        URI known = publicUrl;
        String prefix = known == null ? "" : CallbackUrls.base(URI.create(known.getRawPath()));
        return !prefix.isEmpty() && uri.startsWith(prefix + ours) ? uri.substring(prefix.length()) : uri;
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
