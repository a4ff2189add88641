package dev.petrel.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.buffer.Buffer;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code application/x-www-form-urlencoded}, in the order of the fields. */
final class FormBody {
    /** A receipt has about twenty. */
    private static final int MOST_FIELDS = 200;

    private FormBody() {}

    /** Empty if it is none. */
    static Optional<Map<String, List<String>>> read(Buffer body) {
        Map<String, List<String>> fields = new LinkedHashMap<>();
        String[] pairs = body.toString(UTF_8).split("&", MOST_FIELDS + 1);
        if (pairs.length > MOST_FIELDS) {
            return Optional.empty();
        }
        try {
            for (String pair : pairs) {
                if (!pair.isEmpty()) {
                    int equals = pair.indexOf('=');
                    String name = equals < 0 ? pair : pair.substring(0, equals);
                    String value = equals < 0 ? "" : pair.substring(equals + 1);
                    fields.computeIfAbsent(URLDecoder.decode(name, UTF_8), first -> new ArrayList<>(1))
                            .add(URLDecoder.decode(value, UTF_8));
                }
            }
        } catch (IllegalArgumentException foreign) {
            return Optional.empty();
        }
        return Optional.of(fields);
    }
}
