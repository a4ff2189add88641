package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.petrel.journal.JournalEvent;
import dev.petrel.journal.JournalEvent.Attempt;
import dev.petrel.journal.JournalEvent.Receipt;
import dev.petrel.journal.JournalEvent.Undelivered;
import dev.petrel.journal.JournalEvent.Word;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.ReceiptState;
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

    private static final Map<String, ReceiptState> STATES =
            Arrays.stream(ReceiptState.values()).collect(Collectors.toMap(ReceiptState::wire, Function.identity()));

    private JournalCodec() {}

    /** Null where the record is no event of a request of this partition, as the mark of an owner is not. */
    static @Nullable JournalEvent read(ConsumerRecord<byte[], byte[]> event) {
        Headers headers = event.headers();
        byte[] id = event.key();
        long offset = source(event);
        if (id == null || offset < 0) {
            return null;
        }
        Header last = headers.lastHeader(StatusCodec.FINAL);
        boolean isLast = last != null && Arrays.equals(last.value(), TRUE);
        Word word = isLast ? null : word(headers); // of no use beside a final
        String reason = word == null ? null : text(headers.lastHeader(StatusCodec.REASON));
        String supersedes = text(headers.lastHeader(StatusCodec.SUPERSEDES));
        return new JournalEvent(
                id,
                offset,
                event.timestamp(),
                isLast,
                word,
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

    /** The offset of the request that an event is about; -1 where it says none, or one of another partition. */
    static long source(ConsumerRecord<byte[], byte[]> event) {
        Header source = event.headers().lastHeader(StatusCodec.SOURCE);
        return source == null || source.value() == null ? -1 : offset(source.value(), event.partition());
    }

    /** Of {@code partition:offset}; -1 where this is no such thing, or of another partition. */
    static long offset(byte[] source, int partition) {
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

    /** Null where it says nothing, or nothing that we know. */
    private static @Nullable Word word(Headers headers) {
        String id = text(headers.lastHeader(StatusCodec.ATTEMPT_ID));
        try {
            String attempt = text(headers.lastHeader(StatusCodec.ATTEMPT));
            if (attempt != null) {
                return attempt(attempt.split("/", -1), id);
            }
            String receipt = text(headers.lastHeader(StatusCodec.RECEIPT));
            if (receipt != null && id != null) {
                return receipt(receipt.split("/", -1), id);
            }
        } catch (NumberFormatException foreign) {
            return null;
        }
        return id == null ? null : new Undelivered(id);
    }

    /** Of {@code number/round/provider/result}. */
    private static @Nullable Word attempt(String[] parts, @Nullable String id) {
        SubmitResult.Kind result = parts.length == 4 ? RESULTS.get(parts[3]) : null;
        return result == null
                ? null
                : new Attempt(id, Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), parts[2], result);
    }

    /** Of {@code number/round/provider/state}. */
    private static @Nullable Word receipt(String[] parts, String id) {
        ReceiptState state = parts.length == 4 ? STATES.get(parts[3]) : null;
        return state == null
                ? null
                : new Receipt(id, Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), parts[2], state);
    }

    private static @Nullable String text(@Nullable Header header) {
        return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
    }
}
