package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.petrel.availability.Sighting;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.ReceiptState;
import dev.petrel.message.Status;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Reads what {@link StatusCodec} writes as {@link Sighting}s: keys and headers alone. */
final class SightingCodec {
    private static final Map<String, Status> STATUSES =
            Arrays.stream(Status.values()).collect(Collectors.toMap(Status::wire, Function.identity()));
    private static final Map<String, ReasonClass> REASONS =
            Arrays.stream(ReasonClass.values()).collect(Collectors.toMap(ReasonClass::wire, Function.identity()));
    private static final Map<String, ReceiptState> RECEIPTS =
            Arrays.stream(ReceiptState.values()).collect(Collectors.toMap(ReceiptState::wire, Function.identity()));

    private SightingCodec() {}

    /** Null where it is no event of a request, or of one whose country nobody knows. */
    static @Nullable Sighting read(ConsumerRecord<byte[], byte[]> record) {
        byte[] id = record.key();
        String country = text(record, StatusCodec.COUNTRY);
        String word = text(record, StatusCodec.STATUS);
        Status status = word == null ? null : STATUSES.get(word);
        long requestedAt = millis(text(record, StatusCodec.REQUESTED));
        if (id == null || country == null || status == null || requestedAt < 0) {
            return null;
        }
        String[] attempt = parts(text(record, StatusCodec.ATTEMPT));
        String[] receipt = parts(text(record, StatusCodec.RECEIPT));
        String reason = text(record, StatusCodec.REASON);
        return new Sighting(
                hash(id),
                country,
                status,
                "true".equals(text(record, StatusCodec.FINAL)),
                receipt == null ? null : RECEIPTS.get(receipt[3]),
                reason == null ? null : REASONS.get(reason),
                attempt != null ? attempt[2] : receipt != null ? receipt[2] : null,
                requestedAt,
                record.timestamp());
    }

    /** What the attempt came to that the event tells of; null where it tells of none. */
    static @Nullable String result(ConsumerRecord<byte[], byte[]> record) {
        String[] attempt = parts(text(record, StatusCodec.ATTEMPT));
        return attempt == null ? null : attempt[3];
    }

    /** The offset of the request that the event is of, on the request partition of the same number; -1 where it is of none. */
    static long offset(ConsumerRecord<byte[], byte[]> record) {
        Header source = record.headers().lastHeader(StatusCodec.SOURCE);
        return source == null || source.value() == null ? -1 : JournalCodec.offset(source.value(), record.partition());
    }

    /** FNV-1a, of 64 bits. */
    private static long hash(byte[] id) {
        long hash = 0xcbf29ce484222325L;
        for (byte each : id) {
            hash = (hash ^ each & 0xff) * 0x100000001b3L;
        }
        return hash;
    }

    /** Of {@code number/round/provider/word}. */
    private static String @Nullable [] parts(@Nullable String text) {
        String[] parts = text == null ? null : text.split("/", -1);
        return parts == null || parts.length != 4 ? null : parts;
    }

    private static long millis(@Nullable String text) {
        try {
            return text == null ? -1 : Long.parseLong(text);
        } catch (NumberFormatException foreign) {
            return -1;
        }
    }

    private static @Nullable String text(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
    }
}
