package dev.petrel.guarantees;

import static dev.petrel.guarantees.Trial.LONG;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.app.Gateway;
import dev.petrel.simulator.Behavior;
import dev.petrel.simulator.Call;
import dev.petrel.simulator.Receipts;
import dev.petrel.simulator.SimulatedProvider;
import dev.petrel.testing.Balancer;
import dev.petrel.testing.EmbeddedBroker;
import dev.petrel.testing.FreePorts;
import dev.petrel.testing.Platform;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code twilio-main} gives receipts and comes first, {@code sns-eu} gives none. */
class ReceiptsIT {
    private static final Duration FAILOVER_AFTER = Duration.ofSeconds(5);

    private final int publicPort = FreePorts.next();
    private Platform platform;
    private StatusReader statuses;
    private RequestStream requests;
    private SimulatedProvider twilio;
    private SimulatedProvider sns;

    @BeforeEach
    void start() throws Exception {
        platform = Platform.on(EmbeddedBroker.shared());
        statuses = platform.statuses(event -> {});
        requests = platform.requests("r-");
        twilio = platform.provider("twilio-main");
        sns = platform.provider("sns-eu");
        Platform.get(twilio.behave(Behavior.healthy().withReceipts(Receipts.silent())));
    }

    @AfterEach
    void stop() throws Exception {
        platform.close();
    }

    @Test
    void anyInstanceTakesAnyReceipt() throws Exception {
        Vertx vertx = Vertx.vertx();
        int firstPort = FreePorts.next();
        int secondPort = FreePorts.next();
        gateway(firstPort, "");
        gateway(secondPort, "");
        await().atMost(LONG).until(() -> Owners.are(2, statuses));
        List<String> ofFirst = askAt("petrel-0");
        List<String> ofSecond = askAt("petrel-1");
        awaitTold("submitted", ofFirst);
        awaitTold("submitted", ofSecond);

        try (Balancer toSecond = Balancer.start(vertx, publicPort, List.of(secondPort))) {
            bring(ofFirst, "delivered");
        }
        awaitOver(ofFirst);
        try (Balancer toFirst = Balancer.start(vertx, publicPort, List.of(firstPort))) {
            bring(ofSecond, "delivered");
            bring(ofFirst, "delivered"); // it has not heard this before
            awaitOver(ofSecond);
        } finally {
            Platform.get(vertx.close());
        }
        await().atMost(LONG)
                .until(() -> ofFirst.stream()
                        .allMatch(id -> story(id).stream()
                                        .filter(event -> event.startsWith("receipt"))
                                        .count()
                                >= 2));

        assertEndedBy("petrel-0", ofFirst);
        assertEndedBy("petrel-1", ofSecond);
        assertThat(twilio.calls()).hasSize(ofFirst.size() + ofSecond.size());
        assertThat(sns.calls()).isEmpty();
        assertThat(StatusContract.violations(statuses.records())).isEmpty();
    }

    @Test
    void whatIsTakenAndNotDeliveredGoesToTheNext() throws Exception {
        gateway(publicPort, "failover-after: 5s, window: 20s, ");
        List<String> ids = ask(30);
        awaitOver(ids);

        assertThat(ids).allSatisfy(id -> {
            assertThat(story(id))
                    .containsExactly(
                            "submitted twilio-main accepted",
                            "undelivered twilio-main ambiguous",
                            "submitted sns-eu accepted final");
            List<Told> told = statuses.told(id);
            assertThat(Duration.between(told.get(0).at(), told.get(1).at())).isGreaterThanOrEqualTo(FAILOVER_AFTER);
            assertThat(told).extracting(Told::number).containsExactly(1, 1, 2);
        });
        assertThat(twilio.calls()).hasSize(ids.size()).allMatch(call -> call.statusCallback() != null);
        assertThat(sns.calls()).hasSize(ids.size());
        assertThat(StatusContract.violations(statuses.records())).isEmpty();
    }

    @Test
    void theUserHasTypedIt() throws Exception {
        gateway(publicPort, "");
        List<String> ids = ask(20);
        awaitTold("submitted", ids);
        for (Asked asked : requests.asked()) {
            byte[] verified = "{\"requestId\":\"%s\",\"verified\":true}"
                    .formatted(asked.requestId())
                    .getBytes(UTF_8);
            requests.put(new ProducerRecord<>(platform.feedbackTopic(), asked.partition(), null, verified));
        }
        awaitOver(ids);

        assertThat(ids)
                .allSatisfy(id -> assertThat(story(id))
                        .containsExactly("submitted twilio-main accepted", "delivered verified final"));
        assertThat(requests.asked()).extracting(Asked::partition).contains(0, 1, 2, 3);
        assertThat(sns.calls()).isEmpty();
        assertThat(StatusContract.violations(statuses.records())).isEmpty();
    }

    /** A public URL where nobody listens: the handsets get it, and we never hear. */
    @Test
    void nobodyFailsOverWhileWebhooksAreCutOff() throws Exception {
        Platform.get(
                twilio.behave(Behavior.healthy().withReceipts(Receipts.silent().withHandset(true))));
        Gateway gateway = gateway(FreePorts.next(), "failover-after: 5s, window: 20s, ");
        Instant start = Instant.now();
        requests.start(30);
        await().atMost(LONG).until(() -> Instant.now().isAfter(start.plusSeconds(15)));
        requests.pause();
        requests.flush();

        String metrics = Platform.metrics(gateway);
        assertThat(metrics).containsPattern("(?m)^petrel_receipts_silent(\\{.*})? 1(\\.0)?$");
        assertThat(metrics).containsPattern("(?m)^petrel_alerts_total\\{.*kind=\"receipts_silent\".*} [1-9]");
        List<Asked> asked = requests.asked();
        await().atMost(LONG).until(() -> asked.stream().map(Asked::requestId).allMatch(statuses::isOver));
        // who asks others whether they are heard
        assertThat(sns.calls()).hasSizeLessThanOrEqualTo(asked.size() / 20);
        assertThat(asked)
                .allSatisfy(request -> assertThat(statuses.finalOf(request.requestId())
                                .orElseThrow()
                                .status())
                        .isIn("unconfirmed", "submitted"));
        assertThat(statuses.told().stream().filter(told -> told.status().equals("undelivered")))
                .hasSizeLessThanOrEqualTo(1);
        assertThat(StatusContract.violations(statuses.records())).isEmpty();
    }

    /** @param receipts settings, each with a comma behind it */
    private Gateway gateway(int port, String receipts) throws Exception {
        return platform.gateway("""
                  web: { port: %d, host: 127.0.0.1, public-url: "http://127.0.0.1:%d" }
                  receipts: { %skeys: "k1:%s" }
                """.formatted(port, publicPort, receipts, "0".repeat(32)));
    }

    private List<String> ask(int count) {
        List<String> ids = Stream.generate(() -> requests.ask(300, fields -> fields))
                .limit(count)
                .toList();
        requests.flush();
        return ids;
    }

    private List<String> askAt(String instance) {
        List<String> ids = Owners.numbersOf(statuses, instance).stream()
                .limit(4)
                .map(number -> requests.ask(300, fields -> fields.put("to", number)))
                .toList();
        requests.flush();
        return ids;
    }

    private void bring(List<String> ids, String status) {
        List<String> texts = requests.asked().stream()
                .filter(asked -> ids.contains(asked.requestId()))
                .map(Asked::text)
                .toList();
        for (Call call : twilio.calls()) {
            if (texts.contains(call.text())) {
                // on a connection that the balancer has just closed none arrives
                await().ignoreExceptions().until(() -> Platform.get(twilio.callback(call, status, null)) == 204);
            }
        }
    }

    private void awaitTold(String status, List<String> ids) {
        await().atMost(LONG)
                .until(() -> ids.stream()
                        .allMatch(id -> statuses.told(id).stream()
                                .anyMatch(told -> told.status().equals(status))));
    }

    private void awaitOver(List<String> ids) {
        await().atMost(LONG).until(() -> ids.stream().allMatch(statuses::isOver));
    }

    private void assertEndedBy(String instance, List<String> ids) {
        assertThat(ids)
                .allSatisfy(id -> assertThat(statuses.told(id).stream().filter(Told::isFinal))
                        .singleElement()
                        .satisfies(last -> {
                            assertThat(last.status()).isEqualTo("delivered");
                            assertThat(last.writer()).startsWith(instance + "/");
                        }));
    }

    /** Each event as {@code status provider result class final}, as far as it says so. */
    private List<String> story(String requestId) {
        return statuses.told(requestId).stream()
                .map(told -> String.join(
                                " ",
                                told.status(),
                                told.provider(),
                                told.result(),
                                told.reasonClass(),
                                told.isFinal() ? "final" : "")
                        .replaceAll(" +", " ")
                        .strip())
                .toList();
    }
}
