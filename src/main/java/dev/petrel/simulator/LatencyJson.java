package dev.petrel.simulator;

import io.vertx.core.json.JsonObject;
import java.util.Set;

/** A {@link Latency} as JSON, both ways: {@code {"ms": 50}} or {@code {"medianMs": 50, "p99Ms": 400}}. */
final class LatencyJson {
    private LatencyJson() {}

    static Latency read(JsonFields fields) {
        if (fields.has("ms")) {
            fields.onlyKnown(Set.of("ms"));
            int millis = fields.whole("ms");
            if (millis < 0 || millis > 3_600_000) {
                throw fields.mistake("ms", "is " + millis + ", must be 0 to 3600000");
            }
            return Latency.fixed(millis);
        }
        fields.onlyKnown(Set.of("medianMs", "p99Ms"));
        return fields.made(() -> Latency.of(fields.whole("medianMs"), fields.whole("p99Ms")));
    }

    static JsonObject write(Latency latency) {
        long median = latency.median().toMillis();
        return latency.median().equals(latency.p99())
                ? new JsonObject().put("ms", median)
                : new JsonObject()
                        .put("medianMs", median)
                        .put("p99Ms", latency.p99().toMillis());
    }
}
