package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.console.Board;
import dev.petrel.console.Board.State;
import dev.petrel.console.InstanceLine;
import dev.petrel.kafka.KafkaConfig.GroupProtocol;
import dev.petrel.testing.EmbeddedBroker;
import dev.petrel.testing.Loop;
import dev.petrel.testing.Platform;
import dev.petrel.time.VertxTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class ConsoleTailIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final List<Board> boards = new CopyOnWriteArrayList<>();
    private final List<Throwable> fatal = new CopyOnWriteArrayList<>();

    @Test
    void anInstanceWhoseClockIsWrongIsNotTakenForDead() throws Exception {
        EmbeddedBroker broker = EmbeddedBroker.shared();
        KafkaConfig config = topics(broker, "skewed");
        Instant opened = Instant.now().minusSeconds(90);
        InstanceLine.Provider open = new InstanceLine.Provider("open", opened, 90, "breaker_open", null, 0);
        tell(broker, config, line(Instant.now().minusSeconds(60), Map.of("twilio-main", open)));

        try (Loop loop = new Loop()) {
            ConsoleTail tail = tail(config, loop, boards::add);
            await().atMost(SOON).until(() -> !boards.isEmpty() && last().reading() == null);

            assertThat(last().instances()).extracting(Board.Instance::state).containsExactly(State.OK);
            assertThat(last().providers())
                    .singleElement()
                    .satisfies(provider ->
                            assertThat(provider.since()).isBetween(opened.plusSeconds(55), opened.plusSeconds(65)));
            Platform.get(tail.close());
        }
    }

    @Test
    void aBoardThatIsNotTakenDoesNotEndTheReading() throws Exception {
        KafkaConfig config = topics(EmbeddedBroker.shared(), "untaken");
        AtomicInteger tries = new AtomicInteger();
        try (Loop loop = new Loop()) {
            ConsoleTail tail = tail(config, loop, board -> {
                if (tries.incrementAndGet() <= 2) {
                    throw new IllegalStateException("a mistake of ours");
                }
                boards.add(board);
            });

            await().atMost(SOON).until(() -> !boards.isEmpty());

            Platform.get(tail.close()); // the gateway waits for it
            assertThat(fatal).isEmpty();
        }
    }

    @Test
    void whileKafkaIsAwayItShowsWhatWasKnownAndThatThisIsOld() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start();
                Loop loop = new Loop()) {
            KafkaConfig config = topics(broker, "away");
            tell(broker, config, line(Instant.now(), Map.of()));
            ConsoleTail tail = tail(config, loop, boards::add);
            await().atMost(SOON).until(() -> !boards.isEmpty() && last().reading() == null);
            assertThat(last().findings()).isEmpty();

            broker.stop();
            await().atMost(SOON)
                    .until(() -> boards.stream()
                            .anyMatch(board -> board.reading() != null
                                    && Duration.between(board.at(), Instant.now())
                                                    .toSeconds()
                                            > 10));

            assertThat(last().findings()).isEmpty(); // as of then, nobody was silent
            assertThat(last().instances()).extracting(Board.Instance::state).containsExactly(State.OK);
            assertThat(last().verdict().words()).startsWith("Kafka can't be read");
            Platform.get(tail.close());
        }
    }

    private ConsoleTail tail(KafkaConfig config, Loop loop, Consumer<Board> say) {
        VertxTime time = new VertxTime(loop.context().owner());
        return new ConsoleTail(
                new KafkaClients(config), config.topics(), List::of, loop.context(), time, say, fatal::add);
    }

    private Board last() {
        return boards.get(boards.size() - 1);
    }

    private static KafkaConfig topics(EmbeddedBroker broker, String name) {
        KafkaConfig.Topics topics = new KafkaConfig.Topics(
                name + "-r", name + "-s", name + "-d", name + "-f", name + "-a", name + "-c", name + "-i");
        Map<String, String> brokersTime = Map.of("message.timestamp.type", "LogAppendTime");
        broker.createTopic(topics.requests(), 1, brokersTime);
        broker.createTopic(topics.status(), 1, brokersTime);
        broker.createTopic(topics.instances(), 1, brokersTime);
        return new KafkaConfig(
                "test",
                broker.bootstrapServers(),
                "group-" + name,
                GroupProtocol.CLASSIC,
                topics,
                Map.of(),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10));
    }

    private static InstanceLine line(Instant at, Map<String, InstanceLine.Provider> providers) {
        return new InstanceLine("petrel-0", at, true, List.of(0), Duration.ZERO, 0, 0, 0, 0, providers);
    }

    private static void tell(EmbeddedBroker broker, KafkaConfig config, InstanceLine line) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            byte[] key = line.instance().getBytes(UTF_8);
            var unused = producer.send(
                            new ProducerRecord<>(config.topics().instances(), 0, key, InstanceCodec.encode(line)))
                    .get(10, TimeUnit.SECONDS);
        }
    }
}
