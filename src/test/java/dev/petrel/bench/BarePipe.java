package dev.petrel.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.petrel.testing.Platform;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.kafka.client.common.TopicPartition;
import io.vertx.kafka.client.consumer.KafkaConsumer;
import io.vertx.kafka.client.consumer.KafkaConsumerRecord;
import io.vertx.kafka.client.consumer.OffsetAndMetadata;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The least that does the same thing while nothing goes wrong: JSON in by the Vert.x client, one POST, one record out
 * with {@code acks=all}, offsets committed once what lies below them is done. It bounds what is in flight, pauses
 * partitions, and knows no checks, no limits in time, no breaker, no second provider, no order of events.
 */
final class BarePipe implements Pipeline {
    private final Place place;
    private Vertx vertx;

    BarePipe(Place place) {
        this.place = place;
    }

    @Override
    public void start() throws Exception {
        vertx = Vertx.vertx();
        Platform.get(vertx.deployVerticle(new Pipe(place.requests())));
    }

    @Override
    public void stop() throws Exception {
        Platform.get(vertx.close());
    }

    /** Without its record: one that never comes back must not keep all that follow in the heap. */
    private static final class Open {
        final TopicPartition partition;
        final long offset;
        boolean done;

        Open(TopicPartition partition, long offset) {
            this.partition = partition;
            this.offset = offset;
        }
    }

    private record Waiting(Open open, byte[] value) {}

    private final class Pipe extends VerticleBase {
        private final String topic;
        private final URI provider = URI.create(place.twilioUrl());
        private final String credentials = "Basic "
                + Base64.getEncoder().encodeToString("AC00000000000000000000000000000000:invented".getBytes(UTF_8));
        private final Deque<Waiting> waiting = new ArrayDeque<>();
        private final Map<TopicPartition, Deque<Open>> open = new HashMap<>();
        private final Map<TopicPartition, OffsetAndMetadata> committable = new HashMap<>();
        private KafkaConsumer<byte[], byte[]> consumer;
        private KafkaProducer<byte[], byte[]> producer;
        private HttpClient client;
        private int inFlight;
        private boolean paused;
        private boolean stopped;
        private long committing;

        Pipe(String topic) {
            this.topic = topic;
        }

        @Override
        public Future<?> start() {
            client = vertx.createHttpClient(
                    new PoolOptions().setHttp1MaxSize(place.inFlight()).setMaxWaitQueueSize(place.inFlight()));
            producer = new KafkaProducer<>(
                    Map.of("bootstrap.servers", place.bootstrapServers(), "acks", "all", "linger.ms", 2),
                    new ByteArraySerializer(),
                    new ByteArraySerializer());
            consumer = KafkaConsumer.create(
                    vertx,
                    Map.of(
                            "bootstrap.servers",
                            place.bootstrapServers(),
                            "group.id",
                            topic,
                            "auto.offset.reset",
                            "earliest",
                            "enable.auto.commit",
                            "false",
                            "max.poll.records",
                            "200",
                            "key.deserializer",
                            "org.apache.kafka.common.serialization.ByteArrayDeserializer",
                            "value.deserializer",
                            "org.apache.kafka.common.serialization.ByteArrayDeserializer"));
            consumer.pollTimeout(Duration.ofMillis(10));
            consumer.handler(this::take);
            committing = vertx.setPeriodic(1000, tick -> commit());
            return vertx.executeBlocking(() -> producer.partitionsFor(place.status()))
                    .compose(known -> consumer.subscribe(topic));
        }

        @Override
        public Future<?> stop() {
            stopped = true;
            vertx.cancelTimer(committing);
            return client.close()
                    .eventually(consumer::close)
                    .eventually(() -> vertx.executeBlocking(() -> {
                        producer.close();
                        return null;
                    }));
        }

        private void take(KafkaConsumerRecord<byte[], byte[]> record) {
            TopicPartition partition = new TopicPartition(record.topic(), record.partition());
            Open taken = new Open(partition, record.offset());
            open.computeIfAbsent(partition, absent -> new ArrayDeque<>()).add(taken);
            waiting.add(new Waiting(taken, record.value()));
            next();
        }

        private void next() {
            while (!stopped && inFlight < place.inFlight() && !waiting.isEmpty()) {
                inFlight++;
                post(waiting.remove());
            }
            if (stopped) {
                return;
            }
            if (!paused && waiting.size() > 200) {
                paused = true;
                consumer.pause(open.keySet());
            } else if (paused && waiting.size() < 100) {
                paused = false;
                consumer.resume(open.keySet());
            }
        }

        private void post(Waiting next) {
            JsonObject request = new JsonObject(Buffer.buffer(next.value()));
            String form = "To=" + URLEncoder.encode(request.getString("to"), UTF_8) + "&From=%2B15005550006&Body="
                    + URLEncoder.encode(request.getString("text"), UTF_8) + "&ValidityPeriod="
                    + request.getInteger("lifetimeSeconds");
            client.request(new RequestOptions()
                            .setMethod(HttpMethod.POST)
                            .setHost(provider.getHost())
                            .setPort(provider.getPort())
                            .setURI("/2010-04-01/Accounts/AC00000000000000000000000000000000/Messages.json")
                            .putHeader(HttpHeaders.AUTHORIZATION, credentials)
                            .putHeader(HttpHeaders.CONTENT_TYPE, "application/x-www-form-urlencoded"))
                    .compose(post -> post.send(form))
                    .compose(HttpClientResponse::body)
                    .onSuccess(answer -> tell(next.open(), request.getString("requestId"), answer));
        }

        private void tell(Open taken, String requestId, Buffer answer) {
            if (stopped) {
                return;
            }
            Buffer event = new JsonObject()
                    .put("requestId", requestId)
                    .put("status", "submitted")
                    .put("providerMessageId", new JsonObject(answer).getString("sid"))
                    .toBuffer();
            Context here = context;
            producer.send(
                    new ProducerRecord<>(
                            place.status(),
                            taken.partition.getPartition(),
                            requestId.getBytes(UTF_8),
                            event.getBytes()),
                    (where, failure) -> here.runOnContext(back -> done(taken)));
        }

        private void done(Open taken) {
            taken.done = true;
            Deque<Open> inOrder = open.get(taken.partition);
            while (!inOrder.isEmpty() && inOrder.element().done) {
                committable.put(taken.partition, new OffsetAndMetadata(inOrder.remove().offset + 1, ""));
            }
            inFlight--;
            next();
        }

        private void commit() {
            if (!committable.isEmpty()) {
                consumer.commit(new HashMap<>(committable));
                committable.clear();
            }
        }
    }
}
