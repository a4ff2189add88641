package dev.petrel.kafka;

import static dev.petrel.kafka.IntakeStage.request;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.petrel.delivery.Term;
import dev.petrel.kafka.IntakeStage.Names;
import dev.petrel.message.Reason;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.Source;
import dev.petrel.message.Status;
import dev.petrel.message.StatusEvent;
import dev.petrel.message.StatusEvent.AttemptReport;
import dev.petrel.message.SubmitResult;
import dev.petrel.testing.EmbeddedBroker;
import dev.petrel.testing.Requests;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * What was asked and told before a test begins, with timestamps of then, on topics of one partition: requests, and what
 * an earlier owner has told of them, with the headers that owners write.
 */
final class History implements AutoCloseable {
    private static final String PROVIDER_MESSAGE = "SM0123456789abcdef0123456789abcdef";

    final Names names;
    private final TopicReader topics;
    private final KafkaProducer<byte[], byte[]> producer;
    private final StatusCodec codec;
    private final Term term = new Term(0, 7, () -> true);

    /** Makes the topics: {@code CreateTime} throughout, so that old timestamps stay. */
    History(EmbeddedBroker broker, TopicReader topics, String test) {
        this(broker, topics, Names.of(test));
        Map<String, String> settings = Map.of("message.timestamp.type", "CreateTime", "retention.ms", "604800000");
        broker.createTopic(names.requests(), 1, settings);
        broker.createTopic(names.status(), 1, settings);
        broker.createTopic(names.deadLetter(), 1);
    }

    /** On topics that are there. */
    History(EmbeddedBroker broker, TopicReader topics, Names names) {
        this.topics = topics;
        this.names = names;
        codec = new StatusCodec(names.status(), names.requests(), new Writer("earlier", "1s4kx9"));
        producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "linger.ms",
                        0,
                        "acks",
                        "1",
                        "enable.idempotence",
                        false),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    static Instant ago(Duration time) {
        return Instant.now().minus(time);
    }

    static Instant hoursAgo(double hours) {
        return ago(Duration.ofSeconds((long) (hours * 3600)));
    }

    /** @return its offset */
    long ask(String requestId, Instant at) {
        return ask(request(requestId, Requests.US), at);
    }

    long ask(byte[] value, Instant at) {
        return write(new ProducerRecord<>(names.requests(), 0, at.toEpochMilli(), null, value));
    }

    /** A request that lives for ten minutes, and names an older one. */
    long askInstead(String requestId, String older, String tenant, Instant at) {
        return ask(
                ("{\"requestId\":\"" + requestId + "\",\"to\":\"" + Requests.US
                                + "\",\"text\":\"000000 is your test code.\",\"lifetimeSeconds\":600,\"tenant\":\""
                                + tenant
                                + "\",\"supersedes\":\"" + older + "\"}")
                        .getBytes(UTF_8),
                at);
    }

    /** An attempt that was not accepted. */
    void failed(
            String requestId,
            long offset,
            int number,
            int round,
            String provider,
            SubmitResult.Kind result,
            ReasonClass reasonClass,
            Instant at) {
        tell(event(
                requestId,
                Status.ATTEMPT_FAILED,
                false,
                new AttemptReport("a8XkQ1", number, round, provider, result, true, null, Duration.ofMillis(83)),
                new Reason(reasonClass, "500", null),
                null,
                null,
                offset,
                at));
    }

    /** A provider took it, and that is its final, or not yet. */
    void submitted(String requestId, long offset, boolean last, Instant at) {
        tell(event(
                requestId,
                Status.SUBMITTED,
                last,
                new AttemptReport(
                        "a8XkQ2", 1, 1, "a", SubmitResult.Kind.ACCEPTED, true, PROVIDER_MESSAGE, Duration.ofMillis(83)),
                null,
                null,
                null,
                offset,
                at));
    }

    void submitted(String requestId, long offset, Instant at) {
        submitted(requestId, offset, true, at);
    }

    /** The final of a request that named an older one. */
    void ended(
            String requestId,
            Status status,
            ReasonClass reasonClass,
            @Nullable String older,
            @Nullable String tenant,
            long offset,
            Instant at) {
        tell(event(requestId, status, true, null, new Reason(reasonClass, null, null), older, tenant, offset, at));
    }

    /** A first attempt at {@code a} that failed, of a request that named an older one. */
    void failedInstead(String requestId, String older, @Nullable String tenant, long offset, Instant at) {
        tell(event(
                requestId,
                Status.ATTEMPT_FAILED,
                false,
                new AttemptReport(
                        "a8XkQ3", 1, 1, "a", SubmitResult.Kind.UNAVAILABLE, false, null, Duration.ofMillis(3)),
                new Reason(ReasonClass.UNAVAILABLE, null, null),
                older,
                tenant,
                offset,
                at));
    }

    /** What whoever got the webhook writes. */
    void receipt(String requestId, long offset, Instant at) {
        ProducerRecord<byte[], byte[]> receipt = new ProducerRecord<>(
                names.status(), 0, at.toEpochMilli(), requestId.getBytes(UTF_8), "{}".getBytes(UTF_8));
        header(receipt, "status", "receipt");
        header(receipt, "final", "false");
        header(receipt, "source", "0:" + offset);
        header(receipt, "writer", "webhook/9xk2/1");
        write(receipt);
    }

    /** Rubbish, by somebody who sets headers without value. */
    void valueless(String requestId, String header, Instant at) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(names.status(), 0, at.toEpochMilli(), requestId.getBytes(UTF_8), new byte[0]);
        if (!header.equals("source")) {
            header(record, "source", "0:0");
        }
        if (header.equals("reason")) {
            header(record, "attempt", "1/1/a/throttled"); // without it nobody looks
        }
        record.headers().add(header, (byte[]) null);
        write(record);
    }

    /** The auth service has something to say, on a topic that the test has made. */
    void feedback(String value, Instant at) {
        write(new ProducerRecord<>(names.feedback(), 0, at.toEpochMilli(), null, value.getBytes(UTF_8)));
    }

    void verified(String requestId, Instant at) {
        feedback("{\"requestId\":\"" + requestId + "\",\"verified\":true,\"at\":\"" + at + "\"}", at);
    }

    /** A former owner has taken over, and told nothing. */
    void mark(Instant at) {
        tell(codec.mark(term), at);
    }

    void tellInTransaction(String requestId, long offset, Instant at) {
        inTransaction(requestId, offset, at, KafkaProducer::commitTransaction);
    }

    /** As if it had never been told: only the offsets are there. */
    void abort(String requestId, long offset, Instant at) {
        inTransaction(requestId, offset, at, KafkaProducer::abortTransaction);
    }

    private void inTransaction(String requestId, long offset, Instant at, Consumer<KafkaProducer<byte[], byte[]>> end) {
        try (KafkaProducer<byte[], byte[]> transactional = topics.transactional()) {
            transactional.initTransactions();
            transactional.beginTransaction();
            ProducerRecord<byte[], byte[]> event = new ProducerRecord<>(
                    names.status(), 0, at.toEpochMilli(), requestId.getBytes(UTF_8), "{}".getBytes(UTF_8));
            header(event, "final", "true");
            header(event, "source", "0:" + offset);
            transactional.send(event);
            transactional.flush();
            end.accept(transactional);
        }
    }

    void commit(long offset) throws ExecutionException, InterruptedException {
        topics.admin
                .alterConsumerGroupOffsets(
                        "group-" + names.requests(),
                        Map.of(new TopicPartition(names.requests(), 0), new OffsetAndMetadata(offset)))
                .all()
                .get();
    }

    private StatusEvent event(
            String requestId,
            Status status,
            boolean last,
            @Nullable AttemptReport attempt,
            @Nullable Reason reason,
            @Nullable String supersedes,
            @Nullable String tenant,
            long offset,
            Instant at) {
        return new StatusEvent(
                requestId,
                status,
                last,
                at,
                attempt,
                null,
                reason,
                List.of(),
                true,
                null,
                at.plusSeconds(300),
                Requests.NUMBERS.recipient(Requests.US).orElseThrow(),
                1,
                Duration.ofMillis(100),
                false,
                tenant,
                "login",
                supersedes,
                new Source(names.requests(), 0, offset),
                null);
    }

    private void tell(StatusEvent event) {
        tell(codec.encode(event, term), event.at());
    }

    private void tell(ProducerRecord<byte[], byte[]> record, Instant at) {
        write(new ProducerRecord<>(
                record.topic(), record.partition(), at.toEpochMilli(), record.key(), record.value(), record.headers()));
    }

    private static void header(ProducerRecord<byte[], byte[]> record, String name, String value) {
        record.headers().add(name, value.getBytes(UTF_8));
    }

    private long write(ProducerRecord<byte[], byte[]> record) {
        try {
            return producer.send(record).get().offset();
        } catch (ExecutionException | InterruptedException failed) {
            throw new IllegalStateException("not written", failed);
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(1));
    }
}
