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

    private static final int PROVIDER = 2;
    private static final int WORD = 3;

    private SightingCodec() {}

    /** Null where it is no event of a request, or of one whose country nobody knows. */
    static @Nullable Sighting read(ConsumerRecord<byte[], byte[]> record) {
        byte[] id = record.key();
        String country = null;
        String word = null;
        String last = null;
        String attempt = null;
        String receipt = null;
        String reason = null;
        long requestedAt = -1;
        for (Header header : record.headers()) { // once: each look-up would go through all of them
            switch (header.key()) {
                case StatusCodec.COUNTRY -> country = text(header);
                case StatusCodec.STATUS -> word = text(header);
                case StatusCodec.FINAL -> last = text(header);
                case StatusCodec.ATTEMPT -> attempt = text(header);
                case StatusCodec.RECEIPT -> receipt = text(header);
                case StatusCodec.REASON -> reason = text(header);
                case StatusCodec.REQUESTED -> requestedAt = millis(text(header));
                default -> {}
            }
        }
        Status status = word == null ? null : STATUSES.get(word);
        if (id == null || country == null || status == null || requestedAt < 0) {
            return null;
        }
        String provider = part(PROVIDER, attempt);
        String state = part(WORD, receipt);
        return new Sighting(
                hash(id),
                country,
                status,
                "true".equals(last),
                state == null ? null : RECEIPTS.get(state),
                reason == null ? null : REASONS.get(reason),
                provider != null ? provider : part(PROVIDER, receipt),
                requestedAt,
                record.timestamp());
    }

    /** What the attempt came to that the event tells of; null where it tells of none. */
    static @Nullable String result(ConsumerRecord<byte[], byte[]> record) {
        Header attempt = record.headers().lastHeader(StatusCodec.ATTEMPT);
        return attempt == null ? null : part(WORD, text(attempt));
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

    /** Of {@code number/round/provider/word} the part behind so many slashes; null where it is no such thing. */
    private static @Nullable String part(int slashesBefore, @Nullable String text) {
        int slashes = 0;
        int begin = 0;
        int end = text == null ? 0 : text.length();
        for (int i = 0; text != null && i < text.length(); i++) {
            if (text.charAt(i) == '/') {
                slashes++;
                if (slashes == slashesBefore) {
                    begin = i + 1;
                } else if (slashes == slashesBefore + 1) {
                    end = i;
                }
            }
        }
        return text != null && slashes == WORD ? text.substring(begin, end) : null;
    }

    private static long millis(@Nullable String text) {
        try {
            return text == null ? -1 : Long.parseLong(text);
        } catch (NumberFormatException foreign) {
            return -1;
        }
    }

    private static @Nullable String text(Header header) {
        return header.value() == null ? null : new String(header.value(), UTF_8);
    }
}
