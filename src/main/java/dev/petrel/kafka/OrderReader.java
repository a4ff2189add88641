package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.petrel.control.Order;
import dev.petrel.control.Orders;
import dev.petrel.metrics.Meters;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the control topic, on every instance: in full before anything is sent, and on from there for as long as Petrel
 * runs. What it reads is in force at once, on its own thread; then the event loop is told.
 *
 * <p>While the topic can't be read the orders that are known stay in force, and end when they said they would.
 */
public final class OrderReader {
    private static final Logger log = LoggerFactory.getLogger(OrderReader.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final TopicPartition partition;
    private final Orders orders;
    private final InstantSource clock;
    private final Meters meters;
    private final Context context;
    private final Runnable changed;
    private final TailThread thread;
    private final Promise<Void> readInFull = Promise.promise();
    private long endAtStart;
    private boolean failing;

    /**
     * @param context of the event loop that is told
     * @param changed run there after each change; not before everything was read once
     * @param fatal told there if it can't go on
     */
    public OrderReader(
            KafkaClients clients,
            KafkaConfig.Topics topics,
            Orders orders,
            InstantSource clock,
            Meters meters,
            Context context,
            Runnable changed,
            java.util.function.Consumer<Throwable> fatal) {
        this.partition = new TopicPartition(topics.control(), 0);
        this.orders = orders;
        this.clock = clock;
        this.meters = meters;
        this.context = context;
        this.changed = changed;
        this.thread = new TailThread("petrel-orders", clients::controlReader, context, fatal, new Tail());
        for (Order.Kind kind : Order.Kind.values()) {
            meters.gauge(
                    "petrel.orders",
                    "Orders of operators that are in force, by kind",
                    null,
                    () -> count(kind),
                    "kind",
                    kind.wire().replace('-', '_'));
        }
    }

    /** Succeeds, on the event loop, once all that stood on the topic is in force. Call it once. */
    public Future<Void> start() {
        thread.start();
        return readInFull.future();
    }

    /** Succeeds once its thread has come to its end. */
    public Future<Void> close() {
        return thread.close();
    }

    private long count(Order.Kind kind) {
        return orders.inForce(clock.instant()).stream()
                .filter(order -> order.kind() == kind)
                .count();
    }

    /** On the thread. */
    private final class Tail implements TailThread.Tail {
        @Override
        public void turn() {
            Consumer<byte[], byte[]> consumer = positioned();
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            for (ConsumerRecord<byte[], byte[]> record : records) {
                take(record);
            }
            if (failing) {
                failing = false;
                log.info("{} is read again", partition.topic());
            }
            if (readInFull.future().isComplete()) {
                if (!records.isEmpty()) {
                    context.runOnContext(here -> changed.run());
                }
            } else if (consumer.position(partition, LIMIT) >= endAtStart) {
                context.runOnContext(here -> readInFull.tryComplete());
            }
        }

        private Consumer<byte[], byte[]> positioned() {
            Consumer<byte[], byte[]> consumer = thread.consumer();
            if (consumer.assignment().isEmpty()) {
                endAtStart = consumer.endOffsets(List.of(partition), LIMIT).getOrDefault(partition, 0L);
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
            }
            return consumer;
        }

        @Override
        public void failed(RuntimeException cause) {
            if (!failing) {
                log.warn("{} can't be read: {}", partition.topic(), cause.toString());
            }
            failing = true;
        }

        @Override
        public void broken(Error cause) {
            log.error("{} is read no more: {}", partition.topic(), cause.toString());
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value();
        if (value == null) {
            if (record.key() != null) {
                orders.forget(new String(record.key(), UTF_8));
            }
            return;
        }
        Optional<Order> order = OrderCodec.decode(record.key(), value, Instant.ofEpochMilli(record.timestamp()));
        if (order.isEmpty()) {
            meters.orderMalformed();
            log.warn("{} offset {}: no order that is understood here", partition.topic(), record.offset());
            return;
        }
        orders.apply(order.get());
        if (order.get().warrant().lifted() != null || order.get().warrant().holds(clock.instant())) {
            log.info(
                    "order {} {} until {}",
                    order.get().key(),
                    order.get().warrant().lifted() == null ? "holds" : "is lifted; it would have held",
                    order.get().warrant().end());
        }
    }
}
