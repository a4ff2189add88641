package dev.petrel.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operators' page itself, at {@code /}: files that hold no data and want no token. The page asks for one, and shows
 * what {@link ConsoleApi} tells. Browsers are told to run, load and call nothing that is not from here.
 */
public final class ConsolePage implements ManagementServer.Part {
    /** The first is the page. */
    static final List<String> FILES = List.of(
            "console.html",
            "console.css",
            "console.js",
            "board.js",
            "cells.js",
            "charts.js",
            "detail.js",
            "dom.js",
            "matrix.js",
            "orders.js",
            "overview.js",
            "server.js",
            "tools.js",
            "words.js");

    private static final Logger log = LoggerFactory.getLogger(ConsolePage.class);
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
            + "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final Map<String, StaticFile> files;

    private record StaticFile(String type, Buffer bytes, String tag) {}

    private ConsolePage(Map<String, StaticFile> files) {
        this.files = files;
    }

    /** Reads the files. Blocks, never for an event loop. */
    public static ConsolePage read() {
        Map<String, StaticFile> files = new LinkedHashMap<>();
        for (String name : FILES) {
            byte[] bytes = bytes(name);
            String path = files.isEmpty() ? "/" : "/" + name;
            String tag = '"' + UUID.nameUUIDFromBytes(bytes).toString() + '"';
            files.put(path, new StaticFile(type(name), Buffer.buffer(bytes), tag));
        }
        return new ConsolePage(files);
    }

    private static byte[] bytes(String name) {
        try (InputStream in = ConsolePage.class.getResourceAsStream("console/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the page's " + name + " is not in the jar");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String type(String name) {
        String ending = name.substring(name.lastIndexOf('.') + 1);
        return "text/" + (ending.equals("js") ? "javascript" : ending) + "; charset=utf-8";
    }

    @Override
    public void mount(Router router) {
        files.forEach((path, file) -> router.get(path).handler(ctx -> serve(ctx, file)));
    }

    private static void serve(RoutingContext ctx, StaticFile file) {
        HttpServerResponse response = ctx.response()
                .putHeader("Content-Security-Policy", POLICY)
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cross-Origin-Opener-Policy", "same-origin")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                .putHeader(HttpHeaders.ETAG, file.tag());
        boolean known = file.tag().equals(ctx.request().getHeader(HttpHeaders.IF_NONE_MATCH));
        var sending = known
                ? response.setStatusCode(304).end()
                : response.putHeader(HttpHeaders.CONTENT_TYPE, file.type()).end(file.bytes());
        sending.onFailure(e -> log.debug("the page was not sent", e));
    }
}
