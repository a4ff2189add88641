package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.delivery.RequestSink.Brought;
import dev.petrel.message.SendRequest;
import dev.petrel.message.Source;
import dev.petrel.testing.EmbeddedBroker;
import dev.petrel.testing.Loop;
import dev.petrel.testing.Platform;
import dev.petrel.testing.Requests;
import dev.petrel.testing.WireSamples;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What comes by HTTP is held against the rules of the topic's records, all of them. */
class KafkaRequestSinkIT {
    private static final Instant NOW = Instant.parse("2026-11-24T04:05:00Z");
    private static final String TOPIC = "sms.requests-by-http";

    private final Loop loop = new Loop();
    private final RequestCodec codec =
            new RequestCodec(Requests.NUMBERS, new RequestConfig(Duration.ofMinutes(5), Duration.ofMinutes(10)));
    private final Producer<byte[], byte[]> producer = new KafkaProducer<>(
            Map.of("bootstrap.servers", EmbeddedBroker.shared().bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    private KafkaRequestSink sink;

    @BeforeEach
    void start() {
        Vertx vertx = loop.context().owner();
        sink = new KafkaRequestSink(vertx, producer, TOPIC, codec, () -> NOW);
    }

    @AfterEach
    void stop() throws Exception {
        producer.close(Duration.ZERO);
        loop.close();
    }

    @ParameterizedTest
    @MethodSource
    void writesWhatTheIntakeReadsAsTheSame(String name) {
        byte[] sample = WireSamples.sample(name);
        SendRequest meant = request(sample);
        String tenant = meant.tenant() == null ? "shop" : meant.tenant();

        assertThat(sink.read(sample, tenant)).isInstanceOfSatisfying(Brought.Request.class, brought -> {
            assertThat(request(brought.value())).isEqualTo(Requests.ofTenant(tenant, meant));
            assertThat(brought.request()).isEqualTo(Requests.ofTenant(tenant, meant));
            assertThat(WireSamples.faultsOfRequest(new String(brought.value(), UTF_8)))
                    .isEmpty();
        });
    }

    static List<String> writesWhatTheIntakeReadsAsTheSame() {
        return WireSamples.names("request.good.");
    }

    @ParameterizedTest
    @MethodSource
    void refusesWhatTheIntakeRefusesForTheSameField(String name) {
        byte[] sample = WireSamples.sample(name);
        Decoded.Malformed bad =
                (Decoded.Malformed) codec.decode(sample, NOW.toEpochMilli(), new Source(TOPIC, 0, 0), NOW);

        assertThat(sink.read(sample, "web")).isEqualTo(new Brought.Wrong(bad.field(), bad.rule()));
    }

    static List<String> refusesWhatTheIntakeRefusesForTheSameField() {
        return WireSamples.names("request.bad.");
    }

    @Test
    void theSameRequestIsTheSameHoweverItIsWrittenDown() {
        byte[] plain = value("{\"requestId\":\"r\",\"to\":\"+12025550142\",\"text\":\"0\"}");
        assertThat(value("{ \"text\": \"\\u0030\", \"more\": [1], \"value\": 2, \"sender\": null, \"tenant\": \"web\","
                        + " \"to\": \"+12025550142\", \"requestId\": \"r\" }"))
                .isEqualTo(plain);
        assertThat(new String(plain, UTF_8))
                .isEqualTo("{\"requestId\":\"r\",\"to\":\"+12025550142\",\"text\":\"0\",\"tenant\":\"web\"}");
    }

    @Test
    void anotherTenantsIsForeign() {
        byte[] json =
                "{\"requestId\":\"r\",\"to\":\"+12025550142\",\"text\":\"0\",\"tenant\":\"shop\"}".getBytes(UTF_8);
        assertThat(sink.read(json, "web")).isInstanceOf(Brought.Foreign.class);
    }

    @Test
    void answersWithThePlaceOfTheRecord() throws Exception {
        EmbeddedBroker.shared().createTopic(TOPIC, 4);
        byte[] json = "{\"requestId\":\"r\",\"to\":\"+12025550142\",\"text\":\"0\"}".getBytes(UTF_8);
        Source place = Platform.get(
                loop.call(() -> sink.write((Brought.Request) sink.read(json, "web"), Map.of("traceparent", "00-…"))));

        ConsumerRecord<byte[], byte[]> record =
                EmbeddedBroker.shared().records(TOPIC).get(0);
        assertThat(place).isEqualTo(new Source(TOPIC, record.partition(), record.offset()));
        assertThat(record.key()).isEqualTo("+12025550142".getBytes(UTF_8));
        assertThat(record.headers().lastHeader("traceparent").value()).isEqualTo("00-…".getBytes(UTF_8));
        assertThat(KafkaRequestSink.wrote(record)).isTrue();
        assertThat(KafkaRequestSink.isOf(record.value(), "r", "web")).isTrue();
        assertThat(KafkaRequestSink.isOf(record.value(), "r", "shop")).isFalse();
        assertThat(KafkaRequestSink.isOf(record.value(), "other", "web")).isFalse();
    }

    private byte[] value(String json) {
        return ((Brought.Request) sink.read(json.getBytes(UTF_8), "web")).value();
    }

    private SendRequest request(byte[] value) {
        return ((Decoded.Request) codec.decode(value, NOW.toEpochMilli(), new Source(TOPIC, 0, 0), NOW)).request();
    }
}
