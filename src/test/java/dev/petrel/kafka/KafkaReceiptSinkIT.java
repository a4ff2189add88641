package dev.petrel.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.journal.JournalEvent;
import dev.petrel.message.AttemptTicket;
import dev.petrel.message.DeliveryReceipt;
import dev.petrel.message.Reason;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.ReceiptEvent;
import dev.petrel.message.ReceiptState;
import dev.petrel.metrics.Meters;
import dev.petrel.testing.EmbeddedBroker;
import dev.petrel.testing.Loop;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class KafkaReceiptSinkIT {
    private static final Instant NOW = Instant.parse("2026-11-24T04:05:00Z");
    private static EmbeddedBroker broker;

    private final Loop loop = new Loop();
    private KafkaReceiptSink sink;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @AfterEach
    void close() {
        await().until(sink.close(Duration.ofMillis(100))::isComplete);
        loop.close();
    }

    @Test
    void theJournalReadsWhatItWrites() {
        broker.createTopic("written.status", 3);
        sink = sink("written");
        await().until(sink.warmUp()::succeeded);
        Future<Void> told = tell(event("a1", ReceiptState.UNDELIVERABLE));
        await().until(told::succeeded);

        try (TopicReader reader = new TopicReader(broker)) {
            List<ConsumerRecord<byte[], byte[]>> records = reader.read("written.status", 2);
            assertThat(records).singleElement().satisfies(record -> {
                JournalEvent event = JournalCodec.read(record);
                assertThat(event.word())
                        .isEqualTo(new JournalEvent.Receipt("a1", 2, 1, "twilio-main", ReceiptState.UNDELIVERABLE));
                assertThat(event.offset()).isEqualTo(17);
                assertThat(event.last()).isFalse();
                assertThat(event.reasonClass()).isEqualTo(ReasonClass.RECIPIENT_UNREACHABLE);
                assertThat(TopicReader.keyAndStatus(record)).isEqualTo("request-1 receipt");
            });
        }
    }

    @Test
    void tellsWhoeverAskedOnItsOwnEventLoop() {
        broker.createTopic("loop.status", 3);
        sink = sink("loop");
        CompletableFuture<Thread> there = new CompletableFuture<>();
        Thread asking = loop.call(() -> {
            sink.tell(event("a1", ReceiptState.DELIVERED)).onComplete(told -> there.complete(Thread.currentThread()));
            return Thread.currentThread();
        });

        assertThat(there.join()).isSameAs(asking);
    }

    @Test
    void waitsAMomentForMetadataAndThenFails() {
        sink = sink("late");
        Future<Void> lost = tell(event("a1", ReceiptState.DELIVERED));
        await().atMost(Duration.ofSeconds(5)).until(lost::failed);

        broker.createTopic("late.status", 3);
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            Future<Void> told = tell(event("a1", ReceiptState.DELIVERED));
            await().until(told::isComplete);
            return told.succeeded();
        });
    }

    @Test
    void failsWhileTheBrokerIsAway() {
        broker.createTopic("away.status", 3);
        sink = sink("away");
        await().until(tell(event("a1", ReceiptState.ENROUTE))::succeeded);
        broker.stop();
        try {
            Future<Void> lost = tell(event("a1", ReceiptState.DELIVERED));
            await().atMost(Duration.ofSeconds(8)).until(lost::failed);
        } finally {
            broker.startAgain();
        }
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            Future<Void> told = tell(event("a1", ReceiptState.DELIVERED));
            await().atMost(Duration.ofSeconds(8)).until(told::isComplete);
            return told.succeeded();
        });
    }

    @Test
    void takesNoMoreThanSoManyAtATime() {
        sink = sink("nowhere");
        List<Future<Void>> told = loop.call(() -> {
            List<Future<Void>> all = new ArrayList<>();
            for (int i = 0; i <= BriefWriter.MOST_OUTSTANDING; i++) {
                all.add(sink.tell(event("a" + i, ReceiptState.DELIVERED)));
            }
            assertThat(all.subList(0, BriefWriter.MOST_OUTSTANDING)).noneMatch(Future::isComplete);
            assertThat(all.get(BriefWriter.MOST_OUTSTANDING).failed()).isTrue();
            return all;
        });
        await().until(() -> told.stream().allMatch(Future::failed));
    }

    @Test
    void oneThatIsRefusedDoesNotStopTheNext() {
        broker.createTopic(
                "narrow.status", 3, Map.of("message.timestamp.type", "LogAppendTime", "max.message.bytes", "2000"));
        sink = sink("narrow");
        Future<Void> refused = tell(event("a".repeat(3000), ReceiptState.DELIVERED));
        await().until(refused::isComplete);
        assertThat(refused.cause()).isInstanceOf(RecordTooLargeException.class);

        await().until(tell(event("a1", ReceiptState.DELIVERED))::succeeded);
    }

    private Future<Void> tell(ReceiptEvent event) {
        return loop.call(() -> sink.tell(event));
    }

    private KafkaReceiptSink sink(String topic) {
        KafkaConfig config = new KafkaConfig(
                "stage",
                broker.bootstrapServers(),
                "group",
                KafkaConfig.GroupProtocol.CLASSIC,
                new KafkaConfig.Topics(
                        topic + ".requests",
                        topic + ".status",
                        topic,
                        topic + ".feedback",
                        topic + ".availability",
                        topic + ".control",
                        topic + ".instances"),
                Map.of(),
                Duration.ofSeconds(3),
                Duration.ofSeconds(5));
        Vertx vertx = loop.context().owner();
        return new KafkaReceiptSink(
                vertx, new KafkaClients(config), config, new Random(), new Meters(new SimpleMeterRegistry()));
    }

    private static ReceiptEvent event(String attemptId, ReceiptState state) {
        return new ReceiptEvent(
                new AttemptTicket(
                        "request-1",
                        2,
                        17,
                        attemptId,
                        2,
                        1,
                        "twilio-main",
                        "US",
                        "+1•••••••32",
                        NOW,
                        NOW.plusSeconds(300)),
                new DeliveryReceipt(
                        state,
                        state.bad() ? new Reason(ReasonClass.RECIPIENT_UNREACHABLE, "30003", "not reached") : null),
                "SM00000000000000000000000000000001",
                NOW.plusSeconds(3));
    }
}
