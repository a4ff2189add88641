package dev.petrel.kafka;

import dev.petrel.delivery.Term;
import dev.petrel.journal.PartitionJournal;
import dev.petrel.message.StatusEvent;
import dev.petrel.metrics.Meters;
import dev.petrel.testing.Loop;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Lets the bench replay a status partition as a take-over does. */
public final class ReplayBridge {
    /** What the intake has with the default settings. */
    private static final Duration WINDOW = Duration.ofMinutes(11);

    private final KafkaConfig config;
    private final StatusCodec codec;
    private final Term term = new Term(0, 1, () -> true);

    /** What a replay came to. */
    public record Replayed(long events, double seconds, PartitionJournal journal) {}

    public ReplayBridge(String bootstrapServers, String requests, String status) {
        config = new KafkaConfig(
                "bench",
                bootstrapServers,
                "bench",
                KafkaConfig.GroupProtocol.CLASSIC,
                new KafkaConfig.Topics(
                        requests,
                        status,
                        status + ".dlq",
                        status + ".feedback",
                        status + ".availability",
                        status + ".control",
                        status + ".instances"),
                Map.of(),
                Duration.ofSeconds(3),
                Duration.ofSeconds(5));
        codec = new StatusCodec(status, requests, new Writer("petrel-7f", "1s4kx9"));
    }

    /** As an owner writes it. */
    public ProducerRecord<byte[], byte[]> record(StatusEvent event) {
        return codec.encode(event, term);
    }

    /** Reads the first partition back; what is known of it is all that is kept. */
    public Replayed replay() throws Exception {
        KafkaClients clients = new KafkaClients(config);
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (Loop loop = new Loop();
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", config.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            JournalTail tail = new JournalTail(
                    clients, config.topics().status(), WINDOW, 17, loop.context(), new Meters(registry), failed -> {});
            Term owner = new Term(0, 2, () -> true);
            PartitionTerm partition = new PartitionTerm(
                    new TopicPartition(config.topics().requests(), 0),
                    owner,
                    new AtomicBoolean(),
                    System::currentTimeMillis);
            long begin = System.nanoTime();
            JournalReading reading =
                    tail.follow(partition, 0, codec.writer(owner).value(), told -> {}, since -> {});
            reading.replayed().toCompletionStage().toCompletableFuture().get(5, TimeUnit.MINUTES);
            double seconds = (System.nanoTime() - begin) / 1e9;
            producer.send(codec.mark(owner)).get();
            PartitionJournal journal = reading.handedOver()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(1, TimeUnit.MINUTES);
            tail.close().toCompletionStage().toCompletableFuture().get(1, TimeUnit.MINUTES);
            long events = (long) registry.get("petrel.replay.events").counter().count();
            return new Replayed(events, seconds, journal);
        }
    }
}
