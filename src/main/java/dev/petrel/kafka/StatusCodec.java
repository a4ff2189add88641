package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import dev.petrel.delivery.Term;
import dev.petrel.message.Advice;
import dev.petrel.message.AttemptTicket;
import dev.petrel.message.Reason;
import dev.petrel.message.ReceiptEvent;
import dev.petrel.message.Recipient;
import dev.petrel.message.Skip;
import dev.petrel.message.Status;
import dev.petrel.message.StatusEvent;
import dev.petrel.message.StatusEvent.AttemptRef;
import dev.petrel.message.StatusEvent.AttemptReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * Writes status events as records for the partition of their request: the value for the world; the headers so that
 * readers can filter and the journal be replayed without parsing a value.
 *
 * <p>Not safe for several threads.
 */
final class StatusCodec {
    static final String STATUS = "status";
    static final String FINAL = "final";
    static final String COUNTRY = "country";
    static final String SOURCE = "source";
    static final String ATTEMPT = "attempt";
    /** Of the attempt that the event is about. Without {@link #ATTEMPT} and {@link #RECEIPT} it is one that is given up. */
    static final String ATTEMPT_ID = "attempt-id";

    static final String RECEIPT = "receipt";
    /** When the request's record was written, in milliseconds since the epoch. */
    static final String REQUESTED = "requested";

    static final String REASON = "reason";
    static final String SUPERSEDES = "supersedes";
    /** Beside {@link #SUPERSEDES} only: whose requests the older one must be among. */
    static final String TENANT = "tenant";

    static final String WRITER = "writer";
    /** The key of a record that marks a take-over of its partition. */
    static final String OWNER = "_owner";

    private static final int VERSION = 1;
    private static final int INITIAL_BYTES = 1024;

    private final JsonFactory json = new JsonFactory();
    private final Map<Status, Header> statusHeaders = new EnumMap<>(Status.class);
    private final Header yes = header(FINAL, "true");
    private final Header no = header(FINAL, "false");
    private final ByteArrayBuilder bytes = new ByteArrayBuilder(INITIAL_BYTES);
    private final Millis at = new Millis();
    private final Millis expiry = new Millis();
    private final String topic;
    private final String requestTopic;
    private final Writer writer;
    private long counter;

    StatusCodec(String topic, String requestTopic, Writer writer) {
        this.topic = topic;
        this.requestTopic = requestTopic;
        this.writer = writer;
        for (Status status : Status.values()) {
            statusHeaders.put(status, header(STATUS, status.wire()));
        }
    }

    ProducerRecord<byte[], byte[]> encode(StatusEvent event, Term term) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topic, event.source().partition(), event.requestId().getBytes(UTF_8), value(event));
        Header status = statusHeaders.get(event.status());
        if (status != null) {
            record.headers().add(status);
        }
        record.headers().add(event.last() ? yes : no);
        Recipient recipient = event.recipient();
        if (recipient != null) {
            record.headers().add(header(COUNTRY, recipient.country()));
        }
        record.headers()
                .add(header(
                        SOURCE,
                        event.source().partition() + ":" + event.source().offset()));
        AttemptReport attempt = event.attempt();
        if (attempt != null) {
            record.headers()
                    .add(header(
                            ATTEMPT,
                            attempt.number() + "/" + attempt.round() + "/" + attempt.provider() + "/"
                                    + attempt.result().wire()));
            record.headers().add(header(ATTEMPT_ID, attempt.id()));
        }
        AttemptRef about = event.about();
        if (about != null) {
            record.headers().add(header(ATTEMPT_ID, about.id()));
        }
        record.headers()
                .add(header(
                        REQUESTED,
                        Long.toString(event.at().minus(event.elapsed()).toEpochMilli())));
        Reason reason = event.reason();
        if (reason != null) {
            record.headers().add(header(REASON, reason.reasonClass().wire()));
        }
        String supersedes = event.supersedes();
        if (supersedes != null) {
            record.headers().add(header(SUPERSEDES, supersedes));
            record.headers().add(header(TENANT, event.tenant() == null ? "" : event.tenant()));
        }
        TraceHeaders.add(event.trace(), record.headers());
        record.headers().add(writer(term));
        return record;
    }

    /** A receipt, on whatever instance it was heard: as an event of its own, by no owner. */
    ProducerRecord<byte[], byte[]> encode(ReceiptEvent event) {
        AttemptTicket attempt = event.attempt();
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topic, attempt.partition(), attempt.requestId().getBytes(UTF_8), value(event));
        Header status = statusHeaders.get(Status.RECEIPT);
        if (status != null) {
            record.headers().add(status);
        }
        record.headers().add(no);
        record.headers().add(header(COUNTRY, attempt.country()));
        record.headers().add(header(SOURCE, attempt.partition() + ":" + attempt.offset()));
        record.headers()
                .add(header(
                        RECEIPT,
                        attempt.number() + "/" + attempt.round() + "/" + attempt.provider() + "/"
                                + event.receipt().state().wire()));
        record.headers().add(header(ATTEMPT_ID, attempt.attemptId()));
        record.headers()
                .add(header(REQUESTED, Long.toString(attempt.recordedAt().toEpochMilli())));
        Reason reason = event.receipt().reason();
        if (reason != null) {
            record.headers().add(header(REASON, reason.reasonClass().wire()));
        }
        record.headers().add(header(WRITER, writer.instance() + "/" + writer.start() + "/0")); // 0: under no term
        return record;
    }

    /** Marks that a term begins. */
    ProducerRecord<byte[], byte[]> mark(Term term) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, term.partition(), OWNER.getBytes(UTF_8), null);
        record.headers().add(writer(term));
        return record;
    }

    /** Who writes under this term, as the header says it. */
    Header writer(Term term) {
        return header(WRITER, writer.instance() + "/" + writer.start() + "/" + term.number());
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(UTF_8));
    }

    private byte[] value(StatusEvent event) {
        bytes.reset();
        try {
            try (JsonGenerator out = json.createGenerator(bytes)) {
                write(event, out);
            }
            return bytes.toByteArray();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private byte[] value(ReceiptEvent event) {
        bytes.reset();
        try {
            try (JsonGenerator out = json.createGenerator(bytes)) {
                write(event, out);
            }
            return bytes.toByteArray();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private void write(ReceiptEvent event, JsonGenerator out) throws IOException {
        AttemptTicket attempt = event.attempt();
        out.writeStartObject();
        writeHead(attempt.requestId(), Status.RECEIPT, false, event.at(), out);
        out.writeObjectFieldStart("attempt");
        out.writeStringField("id", attempt.attemptId());
        out.writeNumberField("number", attempt.number());
        out.writeNumberField("round", attempt.round());
        out.writeStringField("provider", attempt.provider());
        writeNullable("providerMessageId", event.providerMessageId(), out);
        out.writeEndObject();
        out.writeStringField("receipt", event.receipt().state().wire());
        writeReason(event.receipt().reason(), out);
        writeSkipped(List.of(), out);
        out.writeBooleanField("possiblySent", true);
        writeAdvice(null, out);
        out.writeStringField("expiresAt", expiry.of(attempt.expiresAt()));
        writeRecipient(attempt.masked(), attempt.country(), out);
        out.writeNullField("segments");
        Duration elapsed = Duration.between(attempt.recordedAt(), event.at());
        out.writeNumberField("elapsedMs", Math.max(0, elapsed.toMillis()));
        out.writeNullField("tenant");
        out.writeNullField("purpose");
        out.writeObjectFieldStart("source");
        out.writeStringField("topic", requestTopic);
        out.writeNumberField("partition", attempt.partition());
        out.writeNumberField("offset", attempt.offset());
        out.writeEndObject();
        out.writeEndObject();
    }

    private void writeHead(String requestId, Status status, boolean last, Instant when, JsonGenerator out)
            throws IOException {
        out.writeNumberField("version", VERSION);
        out.writeStringField("eventId", requestId + "/" + writer.instance() + "." + writer.start() + "/" + ++counter);
        out.writeStringField("requestId", requestId);
        out.writeStringField("status", status.wire());
        out.writeBooleanField("final", last);
        out.writeStringField("at", at.of(when));
    }

    private void write(StatusEvent event, JsonGenerator out) throws IOException {
        out.writeStartObject();
        writeHead(event.requestId(), event.status(), event.last(), event.at(), out);
        AttemptRef about = event.about();
        if (about == null) {
            writeAttempt(event.attempt(), out);
        } else {
            writeAttempt(about, out);
        }
        writeReason(event.reason(), out);
        writeSkipped(event.skipped(), out);
        out.writeBooleanField("possiblySent", event.possiblySent());
        writeAdvice(event.advice(), out);
        Instant expiresAt = event.expiresAt();
        writeNullable("expiresAt", expiresAt == null ? null : expiry.of(expiresAt), out);
        Recipient recipient = event.recipient();
        if (recipient == null) {
            out.writeNullField("recipient");
        } else {
            writeRecipient(recipient.masked(), recipient.country(), out);
        }
        Integer segments = event.segments();
        if (segments == null) {
            out.writeNullField("segments");
        } else {
            out.writeNumberField("segments", segments);
        }
        out.writeNumberField("elapsedMs", event.elapsed().toMillis());
        if (event.late()) {
            out.writeBooleanField("late", true);
        }
        writeNullable("tenant", event.tenant(), out);
        writeNullable("purpose", event.purpose(), out);
        out.writeObjectFieldStart("source");
        out.writeStringField("topic", event.source().topic());
        out.writeNumberField("partition", event.source().partition());
        out.writeNumberField("offset", event.source().offset());
        out.writeEndObject();
        out.writeEndObject();
    }

    private static void writeAttempt(@Nullable AttemptReport attempt, JsonGenerator out) throws IOException {
        if (attempt == null) {
            out.writeNullField("attempt");
            return;
        }
        out.writeObjectFieldStart("attempt");
        out.writeStringField("id", attempt.id());
        out.writeNumberField("number", attempt.number());
        out.writeNumberField("round", attempt.round());
        out.writeStringField("provider", attempt.provider());
        out.writeStringField("result", attempt.result().wire());
        out.writeBooleanField("sent", attempt.sent());
        writeNullable("providerMessageId", attempt.providerMessageId(), out);
        out.writeNumberField("durationMs", attempt.duration().toMillis());
        out.writeEndObject();
    }

    private static void writeAttempt(AttemptRef attempt, JsonGenerator out) throws IOException {
        out.writeObjectFieldStart("attempt");
        out.writeStringField("id", attempt.id());
        out.writeNumberField("number", attempt.number());
        out.writeNumberField("round", attempt.round());
        out.writeStringField("provider", attempt.provider());
        out.writeEndObject();
    }

    private static void writeReason(@Nullable Reason reason, JsonGenerator out) throws IOException {
        if (reason == null) {
            out.writeNullField("reason");
            return;
        }
        out.writeObjectFieldStart("reason");
        out.writeStringField("class", reason.reasonClass().wire());
        writeNullable("code", reason.code(), out);
        writeNullable("detail", reason.detail(), out);
        out.writeEndObject();
    }

    private static void writeSkipped(List<Skip> skipped, JsonGenerator out) throws IOException {
        out.writeArrayFieldStart("skipped");
        for (Skip skip : skipped) {
            out.writeStartObject();
            out.writeStringField("provider", skip.provider());
            out.writeStringField("reason", skip.reason().wire());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static void writeAdvice(@Nullable Advice advice, JsonGenerator out) throws IOException {
        if (advice == null) {
            out.writeNullField("advice");
            return;
        }
        out.writeObjectFieldStart("advice");
        out.writeStringField("next", advice.next().wire());
        if (advice.after() != null) {
            out.writeNumberField("afterSeconds", advice.after().toSeconds());
        }
        out.writeBooleanField("chargeUser", advice.chargeUser());
        out.writeEndObject();
    }

    private static void writeRecipient(String masked, String country, JsonGenerator out) throws IOException {
        out.writeObjectFieldStart("recipient");
        out.writeStringField("masked", masked);
        out.writeStringField("country", country);
        out.writeEndObject();
    }

    private static void writeNullable(String name, @Nullable String value, JsonGenerator out) throws IOException {
        if (value == null) {
            out.writeNullField(name);
        } else {
            out.writeStringField(name, value);
        }
    }

    /** Instants in milliseconds as text. Those of one field are mostly of one second, whose text is kept. */
    static final class Millis {
        private long second = Long.MIN_VALUE;
        private String text = "";

        String of(Instant instant) {
            if (instant.getEpochSecond() != second) {
                second = instant.getEpochSecond();
                String whole = Instant.ofEpochSecond(second).toString();
                text = whole.substring(0, whole.length() - 1);
            }
            int millis = instant.getNano() / 1_000_000;
            if (millis == 0) {
                return text + "Z";
            }
            return text + (millis < 10 ? ".00" : millis < 100 ? ".0" : ".") + millis + "Z";
        }
    }
}
