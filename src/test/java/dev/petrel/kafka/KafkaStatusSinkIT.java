package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.delivery.Term;
import dev.petrel.message.Advice;
import dev.petrel.message.Reason;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.Source;
import dev.petrel.message.Status;
import dev.petrel.message.StatusEvent;
import dev.petrel.testing.EmbeddedBroker;
import dev.petrel.testing.ManualTime;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class KafkaStatusSinkIT {
    private static EmbeddedBroker broker;

    private final Term term = new Term(0, 1, () -> true);

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void tellsOfAnEventOnceItIsAcknowledgedAndNotBefore() {
        broker.createTopic("acknowledged.status", 1);
        try (SinkStage stage = new SinkStage(broker, "acknowledged", Map.of())) {
            Future<Void> first = publish(stage, "first");
            await().until(first::succeeded);
            broker.stop();
            Future<Void> second = publish(stage, "second");
            stage.loop.settle();
            assertThat(second.isComplete()).isFalse();
            assertThat(stage.statuses.unacknowledged()).isEqualTo(1);
            assertThat(stage.loop.call(term::outstanding)).isEqualTo(1);

            broker.startAgain();
            await().atMost(Duration.ofSeconds(60)).until(second::succeeded);
            assertThat(stage.statuses.unacknowledged()).isZero();
            assertThat(stage.loop.call(term::outstanding)).isZero();
        }
        assertThat(keys("acknowledged.status")).containsExactly("first", "second");
    }

    @Test
    void endsADrainOnlyAfterEverythingThatFollowsFromTheAcknowledgement() {
        broker.createTopic("drained.status", 1);
        List<String> order = new CopyOnWriteArrayList<>();
        try (SinkStage stage = new SinkStage(broker, "drained", Map.of())) {
            stage.loop.run(() -> {
                stage.statuses.publish(event("a"), term).onSuccess(told -> order.add("followed"));
                term.drain().onSuccess(drained -> order.add("drained"));
            });
            await().until(() -> order.size() == 2);
        }
        assertThat(order).containsExactly("followed", "drained");
    }

    @Test
    void repeatsInOrderWhatCouldNotBeQueuedForWantOfMetadata() {
        try (SinkStage stage = new SinkStage(broker, "late", Map.of())) {
            List<Future<Void>> told = publishAll(stage, 20);
            await().until(() -> stage.counter("petrel.status.repeated") > 3);
            assertThat(told).noneMatch(Future::isComplete);

            broker.createTopic("late.status", 1);
            await().atMost(Duration.ofSeconds(30)).until(() -> told.stream().allMatch(Future::succeeded));
            assertThat(stage.fatal).isEmpty();
        }
        assertThat(keys("late.status")).containsExactlyElementsOf(ids(20));
    }

    @Test
    void repeatsInOrderWhatFoundNoRoomInTheBuffer() {
        broker.createTopic("crowded.status", 1);
        try (SinkStage stage =
                new SinkStage(broker, "crowded", Map.of("buffer.memory", "20000", "batch.size", "4000"))) {
            await().until(publish(stage, "first")::succeeded);
            List<Future<Void>> told = publishAll(stage, 300);
            assertThat(stage.statuses.unacknowledged()).isPositive();
            await().atMost(Duration.ofSeconds(30)).until(() -> told.stream().allMatch(Future::succeeded));
            assertThat(stage.counter("petrel.status.repeated")).isPositive();
            assertThat(stage.fatal).isEmpty();
        }
        List<String> expected = new ArrayList<>(List.of("first"));
        expected.addAll(ids(300));
        assertThat(keys("crowded.status")).containsExactlyElementsOf(expected);
    }

    @Test
    void publishesNoMoreOnceTheBrokerHasRefusedAnEventForGood() {
        broker.createTopic(
                "narrow.status", 1, Map.of("message.timestamp.type", "LogAppendTime", "max.message.bytes", "300"));
        try (SinkStage stage = new SinkStage(broker, "narrow", Map.of())) {
            Future<Void> refused = publish(stage, "a");
            await().until(() -> !stage.fatal.isEmpty());
            assertThat(stage.fatal).singleElement().isInstanceOf(RecordTooLargeException.class);

            Future<Void> next = publish(stage, "b");
            stage.loop.settle();
            assertThat(refused.isComplete() || next.isComplete()).isFalse();
        }
        assertThat(keys("narrow.status")).isEmpty();
    }

    @Test
    void publishesNoMoreWithoutTheRightToWrite() {
        broker.createTopic("forbidden.status", 1);
        broker.denyWrites("forbidden.status");
        try (SinkStage stage = new SinkStage(broker, "forbidden", Map.of())) {
            Future<Void> refused = publish(stage, "a");
            await().until(() -> !stage.fatal.isEmpty());

            assertThat(stage.fatal).singleElement().isInstanceOf(TopicAuthorizationException.class);
            assertThat(refused.isComplete()).isFalse();
        }
    }

    @Test
    void whatFailsWhileItIsClosedIsNotFatal() {
        try (SinkStage stage = new SinkStage(broker, "nowhere", Map.of())) {
            Future<Void> told = publish(stage, "a");
            Future<Void> closed = stage.loop.call(() -> stage.statuses.close(Duration.ofMillis(1)));
            await().until(closed::isComplete);
            stage.loop.settle();
            assertThat(stage.fatal).isEmpty();
            assertThat(told.isComplete()).isFalse();
        }
    }

    @Test
    void saysOfWhichRequestSomethingWasToldAndNotOfMarks() {
        broker.createTopic("marked.status", 1);
        List<Source> told = new CopyOnWriteArrayList<>();
        try (SinkStage stage = new SinkStage(broker, "marked", Map.of())) {
            Future<Void> marked = stage.loop.call(() -> {
                stage.statuses.whenTold((source, of) -> told.add(source));
                return stage.statuses.mark(term);
            });
            await().until(marked::succeeded);
            await().until(publish(stage, "a")::succeeded);
        }
        assertThat(told).containsExactly(new Source("sms.requests", 0, 7));
        assertThat(keys("marked.status")).containsExactly("_owner", "a");
    }

    private List<Future<Void>> publishAll(SinkStage stage, int count) {
        return stage.loop.call(() -> {
            List<Future<Void>> told = new ArrayList<>();
            ids(count).forEach(id -> told.add(stage.statuses.publish(event(id), term)));
            return told;
        });
    }

    private Future<Void> publish(SinkStage stage, String requestId) {
        return stage.loop.call(() -> stage.statuses.publish(event(requestId), term));
    }

    private static List<String> ids(int count) {
        return IntakeStage.numbered("id-", count);
    }

    private static List<String> keys(String topic) {
        return broker.records(topic).stream()
                .map(record -> new String(record.key(), UTF_8))
                .toList();
    }

    private static StatusEvent event(String requestId) {
        return new StatusEvent(
                requestId,
                Status.FAILED,
                true,
                ManualTime.START,
                null,
                null,
                Reason.of(ReasonClass.UNAVAILABLE, "no provider is left"),
                List.of(),
                false,
                Advice.when(ReasonClass.UNAVAILABLE),
                null,
                null,
                null,
                Duration.ZERO,
                false,
                null,
                null,
                null,
                new Source("sms.requests", 0, 7),
                null);
    }
}
