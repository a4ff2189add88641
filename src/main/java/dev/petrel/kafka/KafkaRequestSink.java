package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.petrel.delivery.RequestSink;
import dev.petrel.message.NumberPlan;
import dev.petrel.message.SendRequest;
import dev.petrel.message.Source;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Requests on the request topic, keyed by the recipient's number, for those who can't write there themselves. What is a
 * request is {@link RequestCodec}'s to say, as of every record of the topic. How long it tries, see {@link BriefWriter}.
 *
 * <p>Only the fields of the contract are written, in its order, and null ones left out.
 */
public final class KafkaRequestSink implements RequestSink {
    /** Says that Petrel wrote it, after it had looked at its tenant's rate. Whoever may write the topic is believed. */
    private static final String VIA = "via";

    private static final byte[] HTTP = "petrel-http".getBytes(UTF_8);
    private static final String ID = "requestId";
    private static final String TENANT = "tenant";
    /** Of an id, and more than a tenant may have: what is longer was not written here. */
    private static final int LONGEST = 64;

    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> FIELDS = RequestCodec.fieldsOfARequest();

    private final BriefWriter writer;
    private final String topic;
    private final RequestCodec codec;
    private final InstantSource clock;

    public KafkaRequestSink(
            Vertx vertx,
            KafkaClients clients,
            KafkaConfig config,
            RequestConfig requests,
            NumberPlan numbers,
            InstantSource clock) {
        this(vertx, clients.requestProducer(), config.topics().requests(), new RequestCodec(numbers, requests), clock);
    }

    KafkaRequestSink(
            Vertx vertx, Producer<byte[], byte[]> producer, String topic, RequestCodec codec, InstantSource clock) {
        this.writer = new BriefWriter(vertx, producer);
        this.topic = topic;
        this.codec = codec;
        this.clock = clock;
    }

    /** Whether this has written it, on whatever instance. */
    static boolean wrote(ConsumerRecord<byte[], byte[]> record) {
        Header via = record.headers().lastHeader(VIA);
        return via != null && Arrays.equals(via.value(), HTTP);
    }

    /** Whose request it is that this has written, on whatever instance. */
    record Written(String requestId, String tenant) {}

    /** Null where somebody else has written it. */
    static @Nullable Written written(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value();
        if (value == null || !wrote(record)) {
            return null;
        }
        try {
            JsonNode json = JSON.readTree(new String(value, UTF_8));
            String requestId = json.path(ID).textValue();
            String tenant = json.path(TENANT).textValue();
            boolean ours =
                    requestId != null && requestId.length() <= LONGEST && tenant != null && tenant.length() <= LONGEST;
            return ours ? new Written(requestId, tenant) : null;
        } catch (JsonProcessingException foreign) {
            return null;
        }
    }

    /** Whether this is the value of such a request, whoever wrote it. */
    static boolean isOf(byte @Nullable [] value, String requestId, String tenant) {
        if (value == null) {
            return false;
        }
        try {
            JsonNode json = JSON.readTree(new String(value, UTF_8));
            return requestId.equals(json.path(ID).textValue())
                    && tenant.equals(json.path(TENANT).textValue());
        } catch (JsonProcessingException foreign) {
            return false;
        }
    }

    /** Learns where the topic's partitions are, so that the first requests need not wait. */
    public Future<Void> warmUp() {
        return writer.warmUp(topic);
    }

    @Override
    public Brought read(byte[] json, String tenant) {
        Instant now = clock.instant();
        Decoded decoded = codec.decode(json, now.toEpochMilli(), new Source(topic, 0, 0), now);
        if (decoded instanceof Decoded.Malformed bad) {
            return new Brought.Wrong(bad.field(), bad.rule());
        }
        SendRequest request = ((Decoded.Request) decoded).request();
        String named = request.tenant();
        if (named != null && !named.equals(tenant)) {
            return new Brought.Foreign();
        }
        return new Brought.Request(of(tenant, request), value(json, tenant));
    }

    private static SendRequest of(String tenant, SendRequest request) {
        return new SendRequest(
                request.requestId(),
                request.to(),
                request.text(),
                request.recordedAt(),
                request.expiresAt(),
                request.purpose(),
                tenant,
                request.sender(),
                request.supersedes(),
                request.providers(),
                request.source(),
                request.trace());
    }

    private static byte[] value(byte[] json, String tenant) {
        try {
            JsonNode brought = JSON.readTree(new String(json, UTF_8));
            ObjectNode value = JSON.createObjectNode();
            for (String field : FIELDS) {
                JsonNode given = brought.path(field);
                if (field.equals(TENANT)) {
                    value.put(TENANT, tenant);
                } else if (!given.isMissingNode() && !given.isNull()) {
                    value.set(field, given);
                }
            }
            return JSON.writeValueAsBytes(value);
        } catch (JsonProcessingException impossible) { // its message would quote what it can't read
            throw new IllegalStateException("what was read before can't be read again");
        }
    }

    @Override
    public Future<Source> write(Brought.Request brought, Map<String, String> trace) {
        byte[] key = brought.request().to().msisdn().e164().getBytes(UTF_8);
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, key, brought.value());
        record.headers().add(VIA, HTTP);
        trace.forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
        return writer.write(record).map(place -> new Source(topic, place.partition(), place.offset()));
    }

    @Override
    public boolean isUnheard() {
        return writer.isUnheard();
    }

    /** Writes what is queued, and no more. */
    public Future<Void> close(Duration limit) {
        return writer.close(limit);
    }
}
