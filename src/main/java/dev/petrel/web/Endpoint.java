package dev.petrel.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What can be asked of HTTP in, as {@code openapi.yaml} has it. */
enum Endpoint {
    SEND("POST", "/v1/requests"),
    TELL("GET", "/v1/requests/{requestId}"),
    FOLLOW("GET", "/v1/requests/{requestId}/events"),
    AVAILABILITY("GET", "/v1/availability/{country}"),
    DESCRIPTION("GET", "/v1/openapi.yaml");

    private final String method;
    private final String path;
    private final Pattern pattern;

    Endpoint(String method, String path) {
        this.method = method;
        this.path = path;
        this.pattern = Pattern.compile(path.replace(".", "\\.").replaceAll("\\{[^}]*}", "([^/]*)"));
    }

    String method() {
        return method;
    }

    String path() {
        return path;
    }

    /** Null where there is none. */
    static @Nullable Endpoint at(String path) {
        for (Endpoint each : values()) {
            if (each.pattern.matcher(path).matches()) {
                return each;
            }
        }
        return null;
    }

    /** What stands in the place of the braces; empty where there are none, or where it can't be read. */
    String parameter(String path) {
        Matcher matcher = pattern.matcher(path);
        if (!matcher.matches() || matcher.groupCount() == 0) {
            return "";
        }
        try {
            return URLDecoder.decode(matcher.group(1).replace("+", "%2B"), UTF_8);
        } catch (IllegalArgumentException unreadable) {
            return "";
        }
    }
}
