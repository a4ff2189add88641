package dev.petrel.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.app.Gateway;
import dev.petrel.client.Availability.State;
import dev.petrel.testing.EmbeddedBroker;
import dev.petrel.testing.Platform;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PetrelClientIT {
    private static final String NUMBER = "+14155550132";
    private static final Duration LIFETIME = Duration.ofMinutes(5);

    private final SetClock clock = new SetClock(Instant.now());
    private Platform platform;
    private PetrelClient client;

    @BeforeEach
    void start() throws Exception {
        platform = Platform.on(EmbeddedBroker.shared());
        client = new PetrelClient(
                Map.of("bootstrap.servers", platform.bootstrapServers()),
                new Topics(
                        platform.requestTopic(),
                        platform.statusTopic(),
                        platform.feedbackTopic(),
                        platform.availabilityTopic()),
                clock);
    }

    @AfterEach
    void close() throws Exception {
        client.close();
        platform.close();
    }

    @Test
    void followsARequestToItsFinal() throws Exception {
        Gateway unused = platform.gateway();
        Queue<Event> events = new ConcurrentLinkedQueue<>();

        Final end = client.send(request("followed"), events::add).get(30, TimeUnit.SECONDS);

        assertThat(end.status()).isEqualTo("submitted");
        assertThat(end.advice()).map(Advice::next).contains("wait");
        assertThat(events).extracting(Event::last).containsExactly(true);
        assertThat(events).extracting(event -> event.provider().orElse("")).containsExactly("twilio-main");
    }

    @Test
    void feedbackGoesTheWayOfItsRequest() throws Exception {
        Gateway unused = platform.gateway();
        client.send(request("typed")).get(30, TimeUnit.SECONDS);
        client.verified("typed", NUMBER).get(30, TimeUnit.SECONDS);

        assertThat(written(platform.feedbackTopic())).isEqualTo(written(platform.requestTopic()));
    }

    @Test
    void readsAvailabilityAndTakesSilenceAsDown() throws Exception {
        Gateway gateway = platform.gateway();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> client.availability("US").since().isPresent());
        assertThat(client.availability("US").state()).isEqualTo(State.OK);
        assertThat(client.usable("US")).isTrue();

        Platform.get(gateway.stop());
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            clock.advance(Duration.ofSeconds(31));
            return !client.usable("US");
        });
    }

    @Test
    void whatIsOpenEndsWithTheClient() {
        CompletableFuture<Final> end = client.send(request("open"));
        client.close();

        assertThat(end).isCompletedExceptionally();
        assertThat(client.send(request("late"))).isCompletedExceptionally();
    }

    private static Request request(String id) {
        return Request.of(id, NUMBER, "000000 is your test code.", LIFETIME);
    }

    /** The partitions with something on them. */
    private List<Integer> written(String topic) throws Exception {
        try (Admin admin = platform.admin()) {
            Map<TopicPartition, OffsetSpec> all = IntStream.range(0, 4)
                    .mapToObj(number -> new TopicPartition(topic, number))
                    .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest()));
            return admin.listOffsets(all).all().get(10, TimeUnit.SECONDS).entrySet().stream()
                    .filter(end -> end.getValue().offset() > 0)
                    .map(end -> end.getKey().partition())
                    .toList();
        }
    }
}
