package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.petrel.message.Source;
import dev.petrel.testing.EmbeddedBroker;
import dev.petrel.testing.Loop;
import dev.petrel.trace.EventFeed;
import dev.petrel.trace.EventFeed.Brought;
import dev.petrel.trace.TracedEvent;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

class EventTailIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    private EmbeddedBroker broker;
    private final Loop loop = new Loop();
    private final List<Throwable> fatal = new CopyOnWriteArrayList<>();
    private final List<EventTail> tails = new ArrayList<>();
    private KafkaConfig config;
    private KafkaProducer<byte[], byte[]> producer;

    @BeforeEach
    void start(TestInfo test) {
        startOn(
                EmbeddedBroker.shared(),
                "tail-" + test.getTestMethod().orElseThrow().getName());
        broker.createTopic(requests(), 2);
        broker.createTopic(status(), 2);
    }

    private void startOn(EmbeddedBroker broker, String name) {
        this.broker = broker;
        config = new KafkaConfig(
                "tail",
                broker.bootstrapServers(),
                name,
                KafkaConfig.GroupProtocol.CLASSIC,
                new KafkaConfig.Topics(
                        name + ".requests",
                        name + ".status",
                        name + ".dlq",
                        name + ".feedback",
                        name + ".availability",
                        name + ".control",
                        name + ".instances"),
                Map.of("metadata.max.age.ms", "500"),
                Duration.ofSeconds(3),
                Duration.ofSeconds(5));
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "metadata.max.age.ms", "500"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    @AfterEach
    void stop() throws Exception {
        closeClients();
        loop.close();
        assertThat(fatal).isEmpty();
    }

    private void closeClients() throws Exception {
        for (EventTail tail : tails) {
            get(tail.close());
        }
        tails.clear();
        producer.close(Duration.ofSeconds(1));
    }

    @Test
    void everyInstanceKnowsARequestFromItsRecordOn() throws Exception {
        EventTail one = tail();
        EventTail other = tail();
        List<TracedEvent> heard = new CopyOnWriteArrayList<>();
        other.follow("a", heard::add);
        Source place = bring(1, "a", "web");

        for (EventTail each : List.of(one, other)) {
            await().atMost(SOON).until(() -> each.hasRead(place));
            assertThat(each.known("a")).hasValueSatisfying(known -> {
                assertThat(known.events()).isEmpty();
                assertThat(known.brought())
                        .extracting(Brought::tenant, Brought::place)
                        .containsExactly(tuple("web", place));
            });
            assertThat(each.isBehind()).isFalse();
        }
        tell("a", place, "submitted");
        await().atMost(SOON).until(() -> heard.size() == 1);
        assertThat(statuses(other, "a")).containsExactly("submitted");
    }

    /** Of which something may have been told before. */
    @Test
    void knowsNothingOfWhatWasBroughtBeforeItsStart() throws Exception {
        Source before = bring(1, "before", "web");
        Source over = bring(1, "over", "web");
        tell("over", over, "delivered");
        EventTail tail = tail();
        assertThat(tail.hasRead(over)).as("nobody need wait for it").isTrue();
        tell("before", before, "submitted");
        Source again = bring(1, "over", "web");
        Source later = bring(1, "later", "web");
        tell("later", later, "submitted");

        await().atMost(SOON)
                .until(() -> tail.hasRead(later) && !statuses(tail, "later").isEmpty());
        assertThat(tail.known("before")).isEmpty();
        assertThat(tail.hasRead(again)).isTrue();
        assertThat(tail.known("over"))
                .as("what was told of the first is not known here")
                .isEmpty();
    }

    @Test
    void partitionsThatAreAddedAreReadFromTheirBeginning() throws Exception {
        EventTail tail = tail();
        List<TracedEvent> heard = new CopyOnWriteArrayList<>();
        tail.follow("b", heard::add);
        try (var admin = broker.admin()) {
            for (String topic : List.of(status(), requests())) {
                admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(3)))
                        .all()
                        .get();
            }
        }
        await().atMost(SOON)
                .ignoreExceptions()
                .until(() -> producer.partitionsFor(requests()).size() == 3);
        Source place = bring(2, "a", "web");
        tell("b", place, "submitted");

        await().atMost(SOON).until(() -> heard.size() == 1 && tail.known("a").isPresent() && !tail.isBehind(2));
        tell("a", place, "submitted"); // read before the request it would have made it one that is not whole
        await().atMost(SOON).until(() -> statuses(tail, "a").contains("submitted"));
    }

    @Test
    void oneWithoutALeaderKeepsNoOtherFromBeingRead() throws Exception {
        EmbeddedBroker first = EmbeddedBroker.start();
        EmbeddedBroker second = first.another();
        try {
            closeClients();
            startOn(first, "leaderless");
            Map<Integer, List<Integer>> halves = Map.of(0, List.of(first.node()), 1, List.of(second.node()));
            try (var admin = first.admin()) {
                admin.createTopics(List.of(new NewTopic(requests(), halves), new NewTopic(status(), halves)))
                        .all()
                        .get();
            }
            second.stop();
            EventTail tail = unstarted();
            Future<Void> listening = tail.start();
            await().atMost(SOON).until(() -> !tail.isBehind(0));
            Source place = bring(0, "a", "web");
            tell("a", place, "submitted");
            await().atMost(SOON).until(() -> statuses(tail, "a").contains("submitted"));
            assertThat(tail.isBehind(1)).isTrue();
            assertThat(listening.isComplete()).isFalse();

            second.startAgain();
            get(listening);
            assertThat(tail.isBehind()).isFalse();
            Source late = bring(1, "b", "web");
            tell("b", late, "submitted");
            await().atMost(SOON)
                    .until(() -> tail.hasRead(late) && statuses(tail, "b").contains("submitted"));
        } finally {
            closeClients();
            second.close();
            first.close();
        }
    }

    private EventTail tail() throws Exception {
        EventTail tail = unstarted();
        get(tail.start());
        return tail;
    }

    private EventTail unstarted() {
        EventTail tail = new EventTail(
                new KafkaClients(config),
                config.topics(),
                loop.context(),
                Clock.systemUTC(),
                fatal::add,
                Duration.ofMillis(500));
        tails.add(tail);
        return tail;
    }

    private static List<String> statuses(EventFeed feed, String requestId) {
        return feed.known(requestId)
                .map(known -> known.events().stream().map(TracedEvent::status).toList())
                .orElse(List.of());
    }

    private Source bring(int partition, String requestId, String tenant) throws Exception {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                requests(),
                partition,
                null,
                "{\"requestId\":\"%s\",\"tenant\":\"%s\"}"
                        .formatted(requestId, tenant)
                        .getBytes(UTF_8));
        record.headers().add("via", "petrel-http".getBytes(UTF_8));
        long offset = producer.send(record).get(30, TimeUnit.SECONDS).offset();
        return new Source(requests(), partition, offset);
    }

    private void tell(String requestId, Source place, String word) throws Exception {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                status(),
                place.partition(),
                requestId.getBytes(UTF_8),
                "{\"status\":\"%s\"}".formatted(word).getBytes(UTF_8));
        record.headers().add("source", (place.partition() + ":" + place.offset()).getBytes(UTF_8));
        producer.send(record).get(30, TimeUnit.SECONDS);
    }

    private String requests() {
        return config.topics().requests();
    }

    private String status() {
        return config.topics().status();
    }

    private static <T> T get(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }
}
