package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.delivery.Term;
import dev.petrel.message.Advice;
import dev.petrel.message.Reason;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.Source;
import dev.petrel.message.Status;
import dev.petrel.message.StatusEvent;
import dev.petrel.metrics.Meters;
import dev.petrel.testing.Loop;
import dev.petrel.testing.ManualTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class KafkaStatusSinkTest {
    private final Loop loop = new Loop();
    private final ManualTime time = new ManualTime();
    private final ScriptedProducer producer = new ScriptedProducer();
    private final List<Throwable> fatal = new ArrayList<>();
    private final KafkaStatusSink sink = new KafkaStatusSink(
            producer,
            "sms.status",
            new StatusCodec("sms.status", new Writer("petrel", "1")),
            loop.context(),
            time,
            new Meters(new SimpleMeterRegistry()),
            fatal::add);
    private final Term term = new Term(0, 1);

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void tellsOfAnEventOnceItIsAcknowledgedAndNotBefore() {
        Future<Void> told = publish("a", 0);
        loop.settle();
        assertThat(told.isComplete()).isFalse();
        assertThat(sink.unacknowledged()).isEqualTo(1);
        assertThat(term.outstanding()).isEqualTo(1);
        producer.completeNext();
        loop.settle();
        assertThat(told.succeeded()).isTrue();
        assertThat(sink.unacknowledged()).isZero();
        assertThat(term.outstanding()).isZero();
    }

    @Test
    void endsADrainOnlyAfterEverythingThatFollowsFromTheAcknowledgement() {
        List<String> order = new ArrayList<>();
        loop.run(() -> {
            sink.publish(event("a", 0), term).onSuccess(told -> order.add("followed"));
            term.drain().onSuccess(drained -> order.add("drained"));
        });
        producer.completeNext();
        loop.settle();
        assertThat(order).containsExactly("followed", "drained");
    }

    @Test
    void repeatsWhatCouldNotBeQueuedInTheOrderOfItsPartition() {
        producer.refuses = record -> record.partition() == 0 ? new TimeoutException("no metadata") : null;
        publish("a", 0);
        publish("b", 0);
        publish("c", 1);
        assertThat(sent()).containsExactly("c");
        assertThat(producer.sends).isEqualTo(2); // b waits behind a
        repeat();
        assertThat(producer.sends).isEqualTo(3);
        producer.refuses = record -> null;
        publish("d", 0);
        assertThat(sent()).containsExactly("c");
        repeat();
        assertThat(sent()).containsExactly("c", "a", "b", "d");
        publish("e", 0);
        assertThat(sent()).containsExactly("c", "a", "b", "d", "e");
        assertThat(fatal).isEmpty();
    }

    @Test
    void repeatsWhatFoundNoRoomInTheBuffer() {
        producer.refuses = record -> new BufferExhaustedException("full");
        Future<Void> told = publish("a", 0);
        producer.refuses = record -> null;
        repeat();
        producer.completeNext();
        loop.settle();
        assertThat(told.succeeded()).isTrue();
    }

    @Test
    void publishesNoMoreOnceAQueuedRecordHasFailed() {
        Future<Void> told = publish("a", 0);
        producer.errorNext(new RecordTooLargeException("large"));
        loop.settle();
        assertThat(fatal).hasSize(1).first().isInstanceOf(RecordTooLargeException.class);
        Future<Void> next = publish("b", 0);
        assertThat(sent()).containsExactly("a");
        assertThat(told.isComplete() || next.isComplete()).isFalse();
    }

    @Test
    void publishesNoMoreWithoutAuthorization() {
        producer.refuses = record -> new TopicAuthorizationException("sms.status");
        Future<Void> told = publish("a", 0);
        publish("b", 0);
        repeat();
        assertThat(producer.sends).isEqualTo(1);
        assertThat(fatal).hasSize(1);
        assertThat(told.isComplete()).isFalse();
    }

    @Test
    void publishesNoMoreWhereTheProducerThrows() {
        producer.sendException = new IllegalStateException("fenced");
        publish("a", 0);
        assertThat(fatal).hasSize(1);
    }

    @Test
    void whatFailsWhileItIsClosedIsNotFatal() {
        publish("a", 0);
        loop.run(() -> sink.close(Duration.ofMillis(1)));
        producer.errorNext(new TimeoutException("closed"));
        loop.settle();
        assertThat(fatal).isEmpty();
    }

    @Test
    void saysOfWhichRequestSomethingWasTold() {
        List<Source> told = new ArrayList<>();
        loop.run(() -> {
            sink.whenTold((source, of) -> told.add(source));
            sink.mark(term);
        });
        publish("a", 0);
        producer.completeNext();
        producer.completeNext();
        loop.settle();
        assertThat(told).containsExactly(new Source("sms.requests", 0, 7));
    }

    private Future<Void> publish(String requestId, int partition) {
        return loop.call(() -> sink.publish(event(requestId, partition), term));
    }

    private void repeat() {
        loop.run(() -> time.advance(Duration.ofMillis(20)));
    }

    private List<String> sent() {
        return producer.history().stream()
                .map(record -> new String(record.key(), UTF_8))
                .toList();
    }

    private static StatusEvent event(String requestId, int partition) {
        return new StatusEvent(
                requestId,
                Status.FAILED,
                true,
                ManualTime.START,
                null,
                Reason.of(ReasonClass.UNAVAILABLE, "no provider is left"),
                List.of(),
                false,
                Advice.when(ReasonClass.UNAVAILABLE),
                null,
                null,
                null,
                Duration.ZERO,
                null,
                null,
                new Source("sms.requests", partition, 7));
    }
}
