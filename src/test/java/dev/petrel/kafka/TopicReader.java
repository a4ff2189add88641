package dev.petrel.kafka;

import static dev.petrel.kafka.IntakeStage.request;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.kafka.IntakeStage.Names;
import dev.petrel.testing.EmbeddedBroker;
import dev.petrel.testing.Requests;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A test's own hand on the topics: writes requests, and looks at what came of them. */
final class TopicReader implements AutoCloseable {
    final Admin admin;
    private final EmbeddedBroker broker;
    private final KafkaProducer<byte[], byte[]> producer;

    TopicReader(EmbeddedBroker broker) {
        this.broker = broker;
        admin = broker.admin();
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "linger.ms", 0),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    void create(Names names, int partitions) {
        broker.createTopic(names.requests(), partitions);
        broker.createTopic(names.status(), partitions);
        broker.createTopic(names.deadLetter(), 1);
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(1));
        admin.close(Duration.ofSeconds(1));
    }

    void assertEachTakenOnceInOrder(Names names, List<String> ids) {
        Map<String, List<String>> told = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> status : read(names.status(), null)) {
            if (status.value() != null) {
                told.computeIfAbsent(new String(status.key(), UTF_8), first -> new ArrayList<>())
                        .add(header(status, "status"));
            }
        }
        assertThat(told.keySet()).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(told.values()).allMatch(List.of("attempt_failed", "submitted")::equals);
    }

    void send(Names names, int partition, byte[] value) {
        producer.send(new ProducerRecord<>(names.requests(), partition, null, value));
    }

    /** A final of a request, as an earlier owner would have left it. */
    void tellFinal(Names names, int partition, String requestId, String source) {
        ProducerRecord<byte[], byte[]> status =
                new ProducerRecord<>(names.status(), partition, requestId.getBytes(UTF_8), "{}".getBytes(UTF_8));
        status.headers().add("final", "true".getBytes(UTF_8)).add("source", source.getBytes(UTF_8));
        producer.send(status);
        producer.flush();
    }

    void sendInTransaction(Names names, int partition, byte[] value, boolean commit) {
        try (KafkaProducer<byte[], byte[]> transactional = transactional()) {
            transactional.initTransactions();
            transactional.beginTransaction();
            transactional.send(new ProducerRecord<>(names.requests(), partition, null, value));
            transactional.flush();
            if (commit) {
                transactional.commitTransaction();
            } else {
                transactional.abortTransaction();
            }
        }
    }

    KafkaProducer<byte[], byte[]> transactional() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", "test"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    void send(Names names, List<String> ids) {
        for (int i = 0; i < ids.size(); i++) {
            send(names, i % partitions(names), request(ids.get(i), Requests.US));
        }
        producer.flush();
    }

    long committed(Names names, int partition) throws ExecutionException, InterruptedException {
        OffsetAndMetadata offset = admin.listConsumerGroupOffsets("group-" + names.requests())
                .partitionsToOffsetAndMetadata()
                .get()
                .get(new TopicPartition(names.requests(), partition));
        return offset == null ? -1 : offset.offset();
    }

    boolean allCommitted(Names names) throws ExecutionException, InterruptedException {
        for (int partition = 0; partition < partitions(names); partition++) {
            TopicPartition asked = new TopicPartition(names.requests(), partition);
            long end = admin.listOffsets(Map.of(asked, OffsetSpec.latest()))
                    .partitionResult(asked)
                    .get()
                    .offset();
            if (committed(names, partition) != end) {
                return false;
            }
        }
        return true;
    }

    String member(Names names) throws ExecutionException, InterruptedException {
        return admin.describeConsumerGroups(List.of("group-" + names.requests()))
                .all()
                .get()
                .get("group-" + names.requests())
                .members()
                .iterator()
                .next()
                .consumerId();
    }

    /** All that is on a topic now, in the order of each partition. */
    List<ConsumerRecord<byte[], byte[]>> read(String topic, @Nullable Integer partition) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers(), "auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            Stream<TopicPartition> all =
                    consumer.partitionsFor(topic).stream().map(info -> new TopicPartition(topic, info.partition()));
            List<TopicPartition> asked = all.filter(one -> partition == null || one.partition() == partition)
                    .toList();
            consumer.assign(asked);
            Map<TopicPartition, Long> ends = consumer.endOffsets(asked);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            while (asked.stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records;
        }
    }

    static String keyAndStatus(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.key(), UTF_8) + " " + header(record, "status");
    }

    static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        var header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), UTF_8);
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private int partitions(Names names) {
        return producer.partitionsFor(names.requests()).size();
    }
}
