package dev.petrel.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.twilio.exception.ApiException;
import com.twilio.http.NetworkHttpClient;
import com.twilio.http.TwilioRestClient;
import com.twilio.rest.api.v2010.account.Message;
import com.twilio.type.PhoneNumber;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.util.Timeout;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The same work as somebody who knows his tools writes it in an afternoon, with twilio-java as it is meant to be used: a
 * poll, its records to a pool of threads, each sends and tells, and when all of them are through the offsets are
 * committed. Its connections are as many as its threads; the SDK's own pool of twenty would be the first thing he mends.
 * The threads are what bounds it where a provider is slow, so their number is told beside its figures.
 */
final class PlainConsumer implements Pipeline {
    /** As many as somebody would take who has not measured. */
    static final int THREADS = 200;

    private static final int TURNS_IN_BATCH = 5;
    private static final PhoneNumber FROM = new PhoneNumber("+15005550006");

    private final Place place;
    private final int threads;
    private final ObjectMapper json = new ObjectMapper();
    private final ExecutorService pool;
    private final Thread thread = new Thread(this::run, "plain-consumer");
    private final TwilioRestClient twilio;
    private final KafkaProducer<String, String> producer;
    private volatile boolean stopped;

    PlainConsumer(Place place, int threads) {
        this.place = place;
        this.threads = threads;
        this.pool = Executors.newFixedThreadPool(threads);
        this.twilio = new TwilioRestClient.Builder(Petrel.ACCOUNT, Petrel.AUTH_TOKEN)
                .httpClient(new NetworkHttpClient(http(URI.create(place.twilioUrl()), threads)))
                .build();
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", place.bootstrapServers(), "acks", "all", "linger.ms", 2),
                new StringSerializer(),
                new StringSerializer());
    }

    /** The SDK's host is fixed; the route leads to the simulator instead. */
    private static HttpClientBuilder http(URI simulator, int connectionCount) {
        HttpRoute route = new HttpRoute(new HttpHost("http", simulator.getHost(), simulator.getPort()));
        PoolingHttpClientConnectionManager connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setMaxConnPerRoute(connectionCount)
                .setMaxConnTotal(connectionCount)
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(Timeout.ofSeconds(3))
                        .setSocketTimeout(Timeout.ofSeconds(3))
                        .build())
                .build();
        return HttpClientBuilder.create().setConnectionManager(connections).setRoutePlanner((target, context) -> route);
    }

    @Override
    public void start() {
        thread.start();
    }

    @Override
    public void stop() throws Exception {
        stopped = true;
        thread.join(TimeUnit.SECONDS.toMillis(30));
        pool.shutdown();
        producer.close();
    }

    private void run() {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        place.bootstrapServers(),
                        "group.id",
                        place.requests(),
                        "auto.offset.reset",
                        "earliest",
                        "enable.auto.commit",
                        false,
                        "max.poll.records",
                        TURNS_IN_BATCH * threads),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of(place.requests()));
            while (!stopped) {
                List<Future<Future<RecordMetadata>>> batch = new ArrayList<>();
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
                    batch.add(pool.submit(() -> send(record)));
                }
                for (Future<Future<RecordMetadata>> sent : batch) {
                    sent.get().get();
                }
                if (!batch.isEmpty()) {
                    consumer.commitSync();
                }
            }
        } catch (Exception failed) {
            failed.printStackTrace();
            System.exit(1);
        }
    }

    private Future<RecordMetadata> send(ConsumerRecord<String, String> record) throws IOException {
        JsonNode request = json.readTree(record.value());
        String requestId = request.get("requestId").asText();
        String event;
        try {
            Message message = Message.creator(
                            new PhoneNumber(request.get("to").asText()),
                            FROM,
                            request.get("text").asText())
                    .setValidityPeriod(request.get("lifetimeSeconds").asInt())
                    .create(twilio);
            event = event(requestId, "submitted")
                    .put("providerMessageId", message.getSid())
                    .toString();
        } catch (ApiException refused) {
            event = event(requestId, "failed").put("code", refused.getCode()).toString();
        }
        return producer.send(new ProducerRecord<>(place.status(), record.partition(), requestId, event));
    }

    private ObjectNode event(String requestId, String status) {
        return json.createObjectNode().put("requestId", requestId).put("status", status);
    }
}
