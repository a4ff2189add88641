package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.petrel.journal.JournalEvent;
import dev.petrel.journal.JournalEvent.Attempt;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.SubmitResult;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Reads what {@link StatusCodec} writes: keys and headers alone, for a million of them must be read in seconds. */
final class JournalCodec {
    private static final byte[] TRUE = "true".getBytes(UTF_8);
    private static final byte[] OWNER = StatusCodec.OWNER.getBytes(UTF_8);
    private static final Map<String, ReasonClass> REASONS =
            Arrays.stream(ReasonClass.values()).collect(Collectors.toMap(ReasonClass::wire, Function.identity()));
    private static final Map<String, SubmitResult.Kind> RESULTS = Arrays.stream(SubmitResult.Kind.values())
            .collect(Collectors.toMap(SubmitResult.Kind::wire, Function.identity()));

    private JournalCodec() {}

    /** Null where the record is no event of a request of this partition, as the mark of an owner is not. */
    static @Nullable JournalEvent read(ConsumerRecord<byte[], byte[]> event) {
        Headers headers = event.headers();
        Header source = headers.lastHeader(StatusCodec.SOURCE);
        byte[] id = event.key();
        if (source == null || source.value() == null || id == null) {
            return null;
        }
        long offset = offset(source.value(), event.partition());
        if (offset < 0) {
            return null;
        }
        Header last = headers.lastHeader(StatusCodec.FINAL);
        boolean isLast = last != null && Arrays.equals(last.value(), TRUE);
        String attempt = isLast ? null : text(headers.lastHeader(StatusCodec.ATTEMPT)); // of no use beside a final
        String reason = attempt == null ? null : text(headers.lastHeader(StatusCodec.REASON));
        String supersedes = text(headers.lastHeader(StatusCodec.SUPERSEDES));
        return new JournalEvent(
                id,
                offset,
                event.timestamp(),
                isLast,
                attempt == null ? null : attempt(attempt),
                reason == null ? null : REASONS.get(reason),
                supersedes,
                supersedes == null ? null : text(headers.lastHeader(StatusCodec.TENANT)));
    }

    /** Whether it marks a take-over by this writer. */
    static boolean isMark(ConsumerRecord<byte[], byte[]> record, byte[] writer) {
        return Arrays.equals(record.key(), OWNER) && isBy(record, writer);
    }

    static boolean isBy(ConsumerRecord<byte[], byte[]> record, byte[] writer) {
        Header header = record.headers().lastHeader(StatusCodec.WRITER);
        return header != null && Arrays.equals(header.value(), writer);
    }

    /** Of {@code partition:offset}; -1 where this is no such thing, or of another partition. */
    private static long offset(byte[] source, int partition) {
        long of = 0;
        int i = 0;
        for (; i < source.length && source[i] != ':'; i++) {
            of = of * 10 + source[i] - '0';
            if (source[i] < '0' || source[i] > '9' || of > Integer.MAX_VALUE) {
                return -1;
            }
        }
        if (i == 0 || of != partition || i + 1 >= source.length || source.length - i > 19) {
            return -1;
        }
        long offset = 0;
        for (i++; i < source.length; i++) {
            if (source[i] < '0' || source[i] > '9') {
                return -1;
            }
            offset = offset * 10 + source[i] - '0';
        }
        return offset;
    }

    /** Of {@code number/round/provider/result}; null where this is no such thing. */
    private static @Nullable Attempt attempt(String header) {
        String[] parts = header.split("/", -1);
        SubmitResult.Kind result = parts.length == 4 ? RESULTS.get(parts[3]) : null;
        try {
            return result == null
                    ? null
                    : new Attempt(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), parts[2], result);
        } catch (NumberFormatException foreign) {
            return null;
        }
    }

    private static @Nullable String text(@Nullable Header header) {
        return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
    }
}
