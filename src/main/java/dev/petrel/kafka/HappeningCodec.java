package dev.petrel.kafka;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.petrel.availability.Sighting;
import dev.petrel.console.Happening;
import dev.petrel.message.Skip;
import dev.petrel.message.SkipReason;
import dev.petrel.message.SubmitResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads what {@link StatusCodec} writes as {@link Happening}s: what the headers say, and of the value how long an attempt
 * took and who was passed over. Words that a newer Petrel has written are left out.
 */
final class HappeningCodec {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Map<String, SubmitResult.Kind> RESULTS = Arrays.stream(SubmitResult.Kind.values())
            .collect(Collectors.toMap(SubmitResult.Kind::wire, Function.identity()));
    private static final Map<String, SkipReason> SKIPS =
            Arrays.stream(SkipReason.values()).collect(Collectors.toMap(SkipReason::wire, Function.identity()));

    private HappeningCodec() {}

    /** Null where it is no event of a request, or of one whose country nobody knows. */
    static @Nullable Happening read(ConsumerRecord<byte[], byte[]> record) {
        Sighting seen = SightingCodec.read(record);
        if (seen == null || record.value() == null) {
            return null;
        }
        String result = SightingCodec.result(record);
        if (result == null && !seen.last()) {
            return new Happening(seen, null, 0, List.of()); // a receipt, or an attempt given up: nobody was passed over
        }
        Value value = new Value();
        try (JsonParser in = JSON.createParser(record.value())) {
            value.read(in);
        } catch (IOException foreign) {
            return new Happening(seen, RESULTS.get(result), 0, List.of());
        }
        return new Happening(seen, result == null ? null : RESULTS.get(result), value.tookMillis, value.skipped);
    }

    /** Of the value, field by field: nothing else of it is kept. */
    private static final class Value {
        long tookMillis;
        List<Skip> skipped = List.of();

        void read(JsonParser in) throws IOException {
            if (in.nextToken() != JsonToken.START_OBJECT) {
                return;
            }
            for (String field = in.nextFieldName(); field != null; field = in.nextFieldName()) {
                JsonToken begin = in.nextToken();
                if (field.equals("attempt") && begin == JsonToken.START_OBJECT) {
                    attempt(in);
                } else if (field.equals("skipped") && begin == JsonToken.START_ARRAY) {
                    skipped(in);
                    return; // what stands behind it is of no use here
                } else {
                    in.skipChildren();
                }
            }
        }

        private void attempt(JsonParser in) throws IOException {
            for (String field = in.nextFieldName(); field != null; field = in.nextFieldName()) {
                JsonToken begin = in.nextToken();
                if (field.equals("durationMs") && begin.isNumeric()) {
                    tookMillis = in.getLongValue();
                } else {
                    in.skipChildren();
                }
            }
        }

        private void skipped(JsonParser in) throws IOException {
            while (in.nextToken() == JsonToken.START_OBJECT) {
                String provider = null;
                SkipReason reason = null;
                for (String field = in.nextFieldName(); field != null; field = in.nextFieldName()) {
                    in.nextToken();
                    if (field.equals("provider")) {
                        provider = in.getText();
                    } else if (field.equals("reason")) {
                        reason = SKIPS.get(in.getText());
                    } else {
                        in.skipChildren();
                    }
                }
                if (provider != null && reason != null) {
                    skipped = skipped.isEmpty() ? new ArrayList<>() : skipped;
                    skipped.add(new Skip(provider, reason));
                }
            }
        }
    }
}
