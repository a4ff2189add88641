package dev.petrel.kafka;

import static dev.petrel.kafka.History.ago;
import static dev.petrel.kafka.History.hoursAgo;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.journal.JournalEvent;
import dev.petrel.journal.Standing;
import dev.petrel.kafka.IntakeStage.Arrived;
import dev.petrel.kafka.IntakeStage.Names;
import dev.petrel.kafka.KafkaConfig.GroupProtocol;
import dev.petrel.message.ReasonClass;
import dev.petrel.testing.EmbeddedBroker;
import dev.petrel.testing.Requests;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the auth services say of requests, before the partition is taken over and while it is ours. */
class FeedbackIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    private static EmbeddedBroker broker;
    private static TopicReader topics;

    @BeforeAll
    static void start() {
        broker = EmbeddedBroker.start();
        topics = new TopicReader(broker);
    }

    @AfterAll
    static void stop() {
        topics.close();
        broker.close();
    }

    @Test
    void anOpenRequestHearsThatItsCodeWasTyped() {
        try (History history = history("live");
                IntakeStage stage = stage(history.names)) {
            stage.unanswered.add("l0");
            stage.unanswered.add("l1");
            history.ask("l0", Instant.now());
            history.ask("l1", Instant.now());
            await().atMost(SOON).until(() -> stage.attempted.size() == 2);
            history.verified("l1", Instant.now());
            history.verified("other", Instant.now());
            await().atMost(SOON).until(() -> stage.verified.size() == 2);
            assertThat(stage.verified).containsExactly("l1", "other");
            assertThat(stage.applied).hasSize(1);
            JournalEvent told = stage.applied.element();
            assertThat(told.requestId()).asString(US_ASCII).isEqualTo("l1");
            assertThat(told.word()).isEqualTo(new JournalEvent.Verified());
            assertThat(told.offset()).isEqualTo(-1);
        }
    }

    @Test
    void aWordThatComesBeforeItsRequestIsKept() {
        try (History history = history("early");
                IntakeStage stage = stage(history.names)) {
            await().atMost(SOON).until(stage::ready);
            history.verified("e0", Instant.now());
            await().atMost(SOON).until(() -> stage.verified.contains("e0"));
            history.ask("e0", Instant.now());
            history.ask("e1", Instant.now());
            await().atMost(SOON).until(() -> stage.arrived.size() == 2);
            assertVerified(arrived(stage, "e0"));
            assertThat(arrived(stage, "e1").delivered()).isFalse();
        }
    }

    @Test
    void whatWasSaidWhileNobodyOwnedThePartitionCountsAndIsNotTold() throws Exception {
        try (History history = history("unowned")) {
            history.ask("u0", ago(Duration.ofSeconds(90)));
            history.ask("u1", ago(Duration.ofSeconds(90)));
            history.ask("u2", ago(Duration.ofSeconds(90)));
            history.submitted("u0", 0, false, ago(Duration.ofSeconds(80)));
            history.submitted("u1", 1, false, ago(Duration.ofSeconds(80)));
            history.verified("u0", ago(Duration.ofSeconds(60)));
            history.verified("u2", ago(Duration.ofSeconds(50)));
            history.commit(0);
            try (IntakeStage stage = stage(history.names)) {
                await().atMost(SOON).until(() -> stage.arrived.size() == 3);
                assertVerified(arrived(stage, "u0"));
                assertThat(arrived(stage, "u0").attempts()).isEqualTo(1);
                assertThat(arrived(stage, "u1").delivered()).isFalse();
                assertVerified(arrived(stage, "u2"));
                history.verified("u9", Instant.now());
                await().atMost(SOON).until(() -> !stage.verified.isEmpty());
                assertThat(stage.verified).containsExactly("u9");
                assertThat(stage.counter("petrel.feedback.verified")).isEqualTo(3);
            }
        }
    }

    @Test
    void isReadFromWhereTheJournalIsThoughThatWasHoursAgo() throws Exception {
        try (History history = history("hours")) {
            Instant asked = hoursAgo(4);
            history.verified("older", asked.minus(Duration.ofHours(1)));
            history.ask("h0", asked);
            history.verified("h0", asked.plusSeconds(20));
            history.submitted("h0", 0, false, asked.plusSeconds(2));
            history.submitted("done", 7, hoursAgo(1));
            history.verified("done", hoursAgo(1));
            history.commit(0);
            try (IntakeStage stage = stage(history.names)) {
                await().atMost(SOON).until(() -> stage.arrived.size() == 1);
                assertVerified(arrived(stage, "h0"));
                assertThat(stage.counter("petrel.feedback.verified")).isEqualTo(2); // and not the older one
            }
        }
    }

    @Test
    void isReadBackWhereThePartitionIsTakenAgain() {
        try (History history = history("again")) {
            try (IntakeStage first = stage(history.names)) {
                first.unanswered.add("a0");
                history.ask("a0", Instant.now());
                await().atMost(SOON).until(() -> first.attempted.contains("a0"));
                assertThat(arrived(first, "a0").delivered()).isFalse();
            }
            history.verified("a0", Instant.now());
            try (IntakeStage second = stage(history.names)) {
                await().atMost(SOON).until(() -> second.arrived.size() == 1);
                assertVerified(arrived(second, "a0"));
                assertThat(second.verified).isEmpty();
            }
        }
    }

    @Test
    void whatSaysNothingIsPassedOverAndCounted() {
        try (History history = history("malformed")) {
            history.ask("m0", ago(Duration.ofSeconds(10)));
            history.feedback("no json", ago(Duration.ofSeconds(8)));
            history.verified("m0", ago(Duration.ofSeconds(7)));
            try (IntakeStage stage = stage(history.names)) {
                await().atMost(SOON).until(() -> stage.arrived.size() == 1);
                assertVerified(arrived(stage, "m0"));
                history.feedback("{\"requestId\":\"m1\",\"verified\":false}", Instant.now());
                history.feedback("{\"verified\":true}", Instant.now());
                history.verified("not an id", Instant.now());
                history.verified("m2", Instant.now());
                await().atMost(SOON).until(() -> !stage.verified.isEmpty());
                assertThat(stage.verified).containsExactly("m2");
                assertThat(stage.counter("petrel.feedback.malformed")).isEqualTo(4);
                assertThat(stage.counter("petrel.feedback.verified")).isEqualTo(2);
                assertThat(stage.fatal).isEmpty();
            }
        }
    }

    @Test
    void theMarkerOfATransactionAtTheEndHoldsNothingUp() {
        try (History history = history("marker")) {
            history.ask("t0", Instant.now());
            try (KafkaProducer<byte[], byte[]> producer = topics.transactional()) {
                producer.initTransactions();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>(
                        history.names.feedback(), "{\"requestId\":\"t0\",\"verified\":true}".getBytes(US_ASCII)));
                producer.commitTransaction();
            }
            try (IntakeStage stage = stage(history.names)) {
                await().atMost(SOON).until(() -> stage.arrived.size() == 1);
                assertVerified(arrived(stage, "t0"));
            }
        }
    }

    @Test
    void goesOnWithoutATopic() {
        try (History history = new History(broker, topics, "missing")) {
            history.ask("x0", Instant.now());
            try (IntakeStage stage = stage(history.names)) {
                await().atMost(SOON).until(() -> topics.allCommitted(history.names));
                assertThat(stage.attempted).containsExactly("x0");
                assertThat(stage.fatal).isEmpty();
            }
        }
    }

    @Test
    void whatCantBeReadHoldsNothingUpForLongAndCountsWhenItCan() throws Exception {
        try (History history = history("refused")) {
            history.ask("r0", Instant.now());
            history.verified("r0", Instant.now());
            List<AclBinding> denial = unreadable(history.names.feedback());
            topics.admin.createAcls(denial).all().get();
            try (IntakeStage stage = stage(history.names)) {
                stage.unanswered.add("r0");
                await().atMost(SOON).until(() -> stage.attempted.contains("r0"));
                assertThat(arrived(stage, "r0").delivered()).isFalse();
                assertThat(stage.applied).isEmpty();
                topics.admin
                        .deleteAcls(denial.stream().map(AclBinding::toFilter).toList())
                        .all()
                        .get();
                await().atMost(SOON).until(() -> stage.applied.size() == 1);
                assertThat(stage.applied.element().word()).isEqualTo(new JournalEvent.Verified());
                assertThat(stage.verified).isEmpty(); // it was said before
                history.verified("r1", Instant.now());
                await().atMost(SOON).until(() -> stage.verified.contains("r1"));
                assertThat(stage.fatal).isEmpty();
            }
        }
    }

    private static List<AclBinding> unreadable(String topic) {
        ResourcePattern pattern = new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL);
        return List.of(
                new AclBinding(
                        pattern,
                        new AccessControlEntry("User:ANONYMOUS", "*", AclOperation.READ, AclPermissionType.DENY)),
                new AclBinding(
                        pattern,
                        new AccessControlEntry("User:ANONYMOUS", "*", AclOperation.ALL, AclPermissionType.ALLOW)));
    }

    @Test
    void goesOnWhereTheTopicHasFewerPartitions() {
        Names names = Names.of("fewer");
        topics.create(names, 2);
        broker.createTopic(names.feedback(), 1);
        try (History history = new History(broker, topics, names);
                IntakeStage stage = stage(names)) {
            stage.unanswered.add("f0");
            history.ask("f0", Instant.now());
            topics.send(names, 1, IntakeStage.request("f1", Requests.US));
            await().atMost(SOON).until(() -> stage.attempted.size() == 2);
            history.verified("f0", Instant.now());
            await().atMost(SOON).until(() -> stage.applied.size() == 1);
            assertThat(stage.verified).containsExactly("f0");
        }
    }

    private static void assertVerified(Standing standing) {
        assertThat(standing.delivered()).isTrue();
        assertThat(standing.lastReason().reasonClass()).isEqualTo(ReasonClass.VERIFIED);
    }

    private static Standing arrived(IntakeStage stage, String id) {
        return stage.arrived.stream()
                .filter(one -> one.id().equals(id))
                .map(Arrived::standing)
                .findFirst()
                .orElseThrow();
    }

    private static History history(String test) {
        History history = new History(broker, topics, test);
        broker.createTopic(
                history.names.feedback(),
                1,
                Map.of("message.timestamp.type", "CreateTime", "retention.ms", "604800000"));
        return history;
    }

    private static IntakeStage stage(Names names) {
        return new IntakeStage(broker, names, GroupProtocol.CLASSIC);
    }
}
