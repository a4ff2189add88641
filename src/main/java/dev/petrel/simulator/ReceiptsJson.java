package dev.petrel.simulator;

import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@link Receipts} as JSON, both ways; only {@code kind} must be there, and {@code code} with undelivered and failed:
 *
 * <pre>{@code {"kind": "undelivered", "code": "30003", "handset": false, "sentAfter": {"ms": 200},
 *  "finalAfter": {"medianMs": 2000, "p99Ms": 5000}, "lost": 0.1, "copies": 2, "reversed": true}}</pre>
 */
final class ReceiptsJson {
    private static final Set<String> KNOWN =
            Set.of("kind", "code", "handset", "sentAfter", "finalAfter", "lost", "copies", "reversed");

    private ReceiptsJson() {}

    static Receipts read(JsonFields fields) {
        Receipts.Kind kind = kind(fields);
        fields.onlyKnown(KNOWN);
        String code = fields.has("code") ? fields.word("code") : null;
        Receipts usual = fields.made(() -> Receipts.of(kind, code));
        boolean handset = fields.has("handset") ? fields.value("handset", Boolean.class) : usual.handset();
        Latency sentAfter = latency(fields, "sentAfter", usual.sentAfter());
        Latency finalAfter = latency(fields, "finalAfter", usual.finalAfter());
        double lost = fields.has("lost") ? fields.number("lost") : usual.lost();
        int copies = fields.has("copies") ? fields.whole("copies") : usual.copies();
        boolean reversed = fields.has("reversed") ? fields.value("reversed", Boolean.class) : usual.reversed();
        return fields.made(() -> new Receipts(kind, code, handset, sentAfter, finalAfter, lost, copies, reversed));
    }

    static JsonObject write(Receipts receipts) {
        JsonObject json = new JsonObject().put("kind", receipts.kind().wire());
        if (receipts.code() != null) {
            json.put("code", receipts.code());
        }
        json.put("handset", receipts.handset())
                .put("sentAfter", LatencyJson.write(receipts.sentAfter()))
                .put("finalAfter", LatencyJson.write(receipts.finalAfter()));
        if (receipts.lost() > 0) {
            json.put("lost", receipts.lost());
        }
        if (receipts.copies() > 1) {
            json.put("copies", receipts.copies());
        }
        return receipts.reversed() ? json.put("reversed", true) : json;
    }

    private static Latency latency(JsonFields fields, String name, Latency usual) {
        return fields.has(name) ? LatencyJson.read(fields.object(name)) : usual;
    }

    private static Receipts.Kind kind(JsonFields fields) {
        String word = fields.value("kind", String.class);
        for (Receipts.Kind kind : Receipts.Kind.values()) {
            if (kind.wire().equals(word)) {
                return kind;
            }
        }
        String words =
                Arrays.stream(Receipts.Kind.values()).map(Receipts.Kind::wire).collect(Collectors.joining(", "));
        throw fields.mistake("kind", "must be one of " + words);
    }
}
