package dev.petrel.guarantees;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.petrel.app.Gateway;
import dev.petrel.simulator.Behavior;
import dev.petrel.simulator.Latency;
import dev.petrel.simulator.Mode;
import dev.petrel.simulator.Rule;
import dev.petrel.testing.EmbeddedBroker;
import dev.petrel.testing.Platform;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * One case from its first request to its balance: a platform with topics of its own, an auth service, and somebody who
 * reads every status. Ends with {@link #promisesHold}.
 */
public final class Trial implements AutoCloseable {
    /** A bound for what must come at all; nothing is measured by it. */
    public static final Duration LONG = Duration.ofSeconds(60);

    /** Settings with which a provider that is well again is used again soon. */
    public static final Map<String, String> QUICK = Map.of(
            "PETREL_PROVIDERS_TWILIO_MAIN_CIRCUIT_BREAKER_OPEN_FOR", "500ms",
            "PETREL_PROVIDERS_SNS_EU_CIRCUIT_BREAKER_OPEN_FOR", "500ms",
            "PETREL_RETRY_BACKOFF", "200ms",
            "PETREL_RETRY_MAX_BACKOFF", "1s");

    private final Platform platform;
    private final RequestStream requests;
    private final StatusReader statuses;

    private Trial(Platform platform) {
        this.platform = platform;
        this.requests = platform.requests("r-");
        this.statuses = platform.statuses(event -> {});
    }

    /** On the broker of this JVM. */
    public static Trial begin() throws Exception {
        return on(EmbeddedBroker.shared());
    }

    public static Trial on(EmbeddedBroker broker) throws Exception {
        return new Trial(Platform.on(broker));
    }

    public Platform platform() {
        return platform;
    }

    public RequestStream requests() {
        return requests;
    }

    public StatusReader statuses() {
        return statuses;
    }

    public void behave(String provider, Mode mode) throws Exception {
        Platform.get(platform.provider(provider).behave(mode));
    }

    public void behave(String provider, Rule... rules) throws Exception {
        Platform.get(platform.provider(provider).behave(rules));
    }

    /** Answers take their time from now on: there is always something in flight. */
    public void keepBusy() throws Exception {
        Behavior slow = Behavior.healthy().withLatency(Latency.fixed(Duration.ofMillis(150)));
        Platform.get(platform.provider("twilio-main").behave(slow));
        Platform.get(platform.provider("sns-eu").behave(slow));
    }

    /** Waits until nearly everything that was asked has its final: what is open is in flight, and not waiting. */
    public void inStep() {
        await().atMost(LONG).until(() -> requests.asked().size() - statuses.finals() < 60);
    }

    public String ask() {
        return ask(fields -> fields);
    }

    public String ask(UnaryOperator<ObjectNode> change) {
        return requests.ask(300, change);
    }

    public void ask(int count) {
        for (int i = 0; i < count; i++) {
            ask();
        }
    }

    /** Asks for a code and gives what was told of it, up to its final. */
    public List<Told> story() {
        return story(ask());
    }

    public List<Told> story(String requestId) {
        await().atMost(LONG).until(() -> statuses.finalOf(requestId).isPresent());
        return statuses.told(requestId);
    }

    public long seenBy(String provider) {
        return platform.provider(provider).counts().taken();
    }

    /** Waits for the final of everything that was asked. */
    public void settle() {
        requests.flush();
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat(requests.asked()).allMatch(request -> statuses.isOver(request.requestId())));
    }

    /**
     * Waits for every final, stops every gateway, reads the status topic to its end, and holds all of it against the
     * promises. After a clean stop nothing is uncommitted.
     */
    public Balance promisesHold() throws Exception {
        return promisesHold(requests);
    }

    /** @param streams all that asked for something */
    public Balance promisesHold(RequestStream... streams) throws Exception {
        for (RequestStream stream : streams) {
            stream.flush();
        }
        List<Asked> asked =
                Stream.of(streams).flatMap(stream -> stream.asked().stream()).toList();
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(asked).allMatch(request -> statuses.isOver(request.requestId())));
        for (Gateway gateway : platform.gateways()) {
            Platform.get(gateway.stop());
        }
        assertThat(committed()).as("committed").isEqualTo(ends(platform.requestTopic()));
        long written = ends(platform.statusTopic()).values().stream()
                .mapToLong(end -> end)
                .sum();
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThat((long) statuses.records().size()).isEqualTo(written));
        Balance balance = new Balance(asked, statuses.told(), platform.seen());
        List<String> violations = new ArrayList<>(balance.violations());
        violations.addAll(StatusContract.violations(statuses.records()));
        assertThat(violations).isEmpty();
        return balance;
    }

    /** By partition; 0 where nothing is. */
    public Map<Integer, Long> committed() throws Exception {
        Map<Integer, Long> committed = new TreeMap<>();
        ends(platform.requestTopic()).keySet().forEach(partition -> committed.put(partition, 0L));
        try (Admin admin = platform.admin()) {
            Map<TopicPartition, OffsetAndMetadata> offsets = admin.listConsumerGroupOffsets(platform.group())
                    .partitionsToOffsetAndMetadata()
                    .get();
            offsets.forEach((partition, offset) -> committed.put(partition.partition(), offset.offset()));
        }
        return committed;
    }

    private Map<Integer, Long> ends(String topic) throws Exception {
        try (Admin admin = platform.admin()) {
            return TopicEnds.of(admin, topic);
        }
    }

    @Override
    public void close() throws Exception {
        platform.close();
    }
}
