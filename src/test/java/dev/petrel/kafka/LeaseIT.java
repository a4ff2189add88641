package dev.petrel.kafka;

import static dev.petrel.kafka.IntakeStage.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.kafka.IntakeStage.Names;
import dev.petrel.kafka.KafkaConfig.GroupProtocol;
import dev.petrel.testing.EmbeddedBroker;
import dev.petrel.testing.Requests;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The lease against a real group. */
class LeaseIT {
    private static final Duration SOON = Duration.ofSeconds(40);

    @ParameterizedTest
    @EnumSource(GroupProtocol.class)
    void isLostWhileTheCoordinatorIsAwayAndComesBackWithIt(GroupProtocol protocol) {
        Names names = Names.of("lease");
        try (EmbeddedBroker broker = EmbeddedBroker.start();
                TopicReader topics = new TopicReader(broker)) {
            topics.create(names, 1);
            try (IntakeStage stage = new IntakeStage(broker, names, protocol)) {
                await().atMost(SOON).until(stage::ready);
                topics.send(names, 0, request("before", Requests.US));
                await().atMost(SOON)
                        .until(() -> stage.term() != null && stage.term().leaseHeld());
                assertThat(stage.alerts("lease_lost")).isZero();

                broker.stop();
                await().atMost(SOON).until(() -> stage.alerts("lease_lost") == 1);
                assertThat(stage.term().leaseHeld()).isFalse();
                assertThat(stage.ready()).isTrue(); // receipts must still come in
                await().atMost(SOON).until(() -> stage.gauge("petrel.partitions.paused") == 1);

                broker.startAgain();
                await().atMost(SOON).until(() -> stage.term().leaseHeld());
                topics.send(names, 0, request("after", Requests.US));
                await().atMost(SOON).until(() -> topics.committed(names, 0) == 2);
                assertThat(stage.attempted).contains("after");
            }
        }
    }

    @Test
    void isDerivedFromTheSessionOfTheGroupWithTheConsumerProtocol() throws Exception {
        EmbeddedBroker broker = EmbeddedBroker.shared();
        Vertx vertx = Vertx.vertx();
        try (Admin admin = broker.admin()) {
            assertThat(lease("lease-default", GroupProtocol.CONSUMER, admin, vertx))
                    .isEqualTo(Duration.ofSeconds(38));
            set("lease-set", "consumer.session.timeout.ms", "10000", admin);
            set("lease-set", "consumer.heartbeat.interval.ms", "1000", admin);
            assertThat(lease("lease-set", GroupProtocol.CONSUMER, admin, vertx)).isEqualTo(Duration.ofSeconds(7));
            assertThat(lease("lease-set", GroupProtocol.CLASSIC, admin, vertx)).isEqualTo(Duration.ofSeconds(8));
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }

    private static void set(String group, String name, String millis, Admin admin) throws Exception {
        admin.incrementalAlterConfigs(Map.of(
                        new ConfigResource(ConfigResource.Type.GROUP, group),
                        List.of(new AlterConfigOp(new ConfigEntry(name, millis), AlterConfigOp.OpType.SET))))
                .all()
                .get();
    }

    private static Duration lease(String group, GroupProtocol protocol, Admin admin, Vertx vertx) throws Exception {
        KafkaConfig config = new KafkaConfig(
                "lease",
                "127.0.0.1:1",
                group,
                protocol,
                new KafkaConfig.Topics(
                        "lease.requests",
                        "lease.status",
                        "lease.dlq",
                        "lease.feedback",
                        "lease.availability",
                        "lease.control",
                        "lease.instances"),
                Map.of(),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10));
        return GroupSession.lease(config, admin, vertx)
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }
}
