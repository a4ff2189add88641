package dev.petrel.app;

import dev.petrel.kafka.TraceReader;
import dev.petrel.trace.Hint;
import dev.petrel.trace.Report;
import dev.petrel.trace.Traced;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * What became of one request?
 *
 * @param json whether the events are printed as they stand on the topic, and not in words
 */
record TraceInquiry(String requestId, Hint hint, boolean json) implements Inquiry {
    @Override
    public int answer(Settings settings, Instant now, Consumer<String> out, Consumer<String> err) {
        Traced traced = new TraceReader(settings.kafka()).trace(requestId, hint, now, TraceReader.PATIENCE);
        if (json) {
            traced.events().forEach(event -> out.accept(event.json()));
        } else {
            Report.lines(traced, now).forEach(out);
        }
        Report.remarks(traced).forEach(err);
        return traced.events().isEmpty() ? Main.FAILED : Main.OK;
    }
}
