package dev.petrel.kafka;

import dev.petrel.delivery.Term;
import dev.petrel.journal.JournalEvent;
import dev.petrel.message.NumberPlan;
import dev.petrel.message.Source;
import dev.petrel.message.StatusEvent;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Lets the bench read and write what stands on topics, as a gateway does. Not safe for several threads. */
public final class CodecBridge {
    private static final String REQUESTS = "sms.requests";

    private final RequestCodec requests =
            new RequestCodec(new NumberPlan(), new RequestConfig(Duration.ofMinutes(5), Duration.ofMinutes(10)));
    private final StatusCodec statuses = new StatusCodec("sms.status", REQUESTS, new Writer("petrel-7f", "1s4kx9"));
    private final Term term = new Term(0, 1, () -> true);

    /** What the gateway works with, or why it is no request. */
    public Object decode(byte[] request, long offset, Instant now) {
        return requests.decode(request, now.toEpochMilli(), new Source(REQUESTS, 0, offset), now);
    }

    public ProducerRecord<byte[], byte[]> encode(StatusEvent event) {
        return statuses.encode(event, term);
    }

    /** A record as whoever reads it gets it. */
    public static ConsumerRecord<byte[], byte[]> written(ProducerRecord<byte[], byte[]> record) {
        ConsumerRecord<byte[], byte[]> written =
                new ConsumerRecord<>(record.topic(), record.partition(), 0, record.key(), record.value());
        record.headers().forEach(header -> written.headers().add(header));
        return written;
    }

    public static @Nullable JournalEvent read(ConsumerRecord<byte[], byte[]> status) {
        return JournalCodec.read(status);
    }
}
