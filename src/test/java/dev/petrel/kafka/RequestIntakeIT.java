package dev.petrel.kafka;

import static dev.petrel.kafka.IntakeStage.numbered;
import static dev.petrel.kafka.IntakeStage.request;
import static dev.petrel.kafka.KafkaConfig.GroupProtocol.CLASSIC;
import static dev.petrel.kafka.TopicReader.bytes;
import static dev.petrel.kafka.TopicReader.header;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.kafka.IntakeStage.Names;
import dev.petrel.kafka.KafkaConfig.GroupProtocol;
import dev.petrel.testing.EmbeddedBroker;
import dev.petrel.testing.Requests;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RequestIntakeIT {
    private static final int PARTITIONS = 4;
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
    void settlesAndCommitsAGoodRecord() throws Exception {
        Names names = topics("good");
        try (IntakeStage stage = stage(names, CLASSIC)) {
            await().atMost(SOON).until(stage::ready);
            topics.send(names, 1, request("good-1", Requests.US));
            await().atMost(SOON).until(() -> topics.committed(names, 1) == 1);
            List<ConsumerRecord<byte[], byte[]>> statuses = topics.read(names.status(), 1);
            assertThat(statuses)
                    .extracting(TopicReader::keyAndStatus)
                    .containsExactly("_owner ", "good-1 attempt_failed", "good-1 submitted");
            assertThat(stage.gauge("petrel.lease.age")).isLessThan(2);
        }
    }

    @Test
    void commitsItsPositionBeforeAnythingComes() throws Exception {
        Names names = topics("position");
        topics.send(names, 0, request("old", Requests.US));
        try (IntakeStage stage = stage(names, CLASSIC)) {
            await().atMost(SOON).until(() -> topics.committed(names, 0) == 1 && topics.committed(names, 3) == 0);
        }
    }

    @ParameterizedTest
    @EnumSource(GroupProtocol.class)
    void handsPartitionsOverCleanlyUnderLoad(GroupProtocol protocol) throws Exception {
        Names names = topics("handover-" + protocol.name().toLowerCase(Locale.ROOT));
        List<String> ids = new ArrayList<>();
        List<String> attempted = new ArrayList<>();
        try (IntakeStage first = stage(names, protocol)) {
            first.slowDown();
            await().atMost(SOON).until(() -> sendMore(names, ids) && first.attempted.size() > 100);
            try (IntakeStage second = stage(names, protocol)) {
                second.slowDown();
                await().atMost(SOON).until(() -> sendMore(names, ids) && second.attempted.size() > 100);
                second.stop();
                attempted.addAll(second.attempted);
            }
            await().atMost(SOON)
                    .until(() -> sendMore(names, ids) && first.gauge("petrel.partitions.owned") == PARTITIONS);
            await().atMost(SOON).until(() -> topics.allCommitted(names));
            attempted.addAll(first.attempted);
        }
        assertThat(attempted).containsExactlyInAnyOrderElementsOf(ids);
        topics.assertEachTakenOnceInOrder(names, ids);
    }

    @ParameterizedTest
    @EnumSource(GroupProtocol.class)
    void isReadyWithoutAPartition(GroupProtocol protocol) {
        Names names = Names.of("idle-" + protocol.name().toLowerCase(Locale.ROOT));
        topics.create(names, 1);
        try (IntakeStage first = stage(names, protocol)) {
            await().atMost(SOON).until(first::ready);
            try (IntakeStage second = stage(names, protocol)) {
                await().atMost(SOON).until(second::ready);
                await().atMost(SOON).until(() -> first.ready() || second.gauge("petrel.partitions.owned") == 1);
            }
        }
    }

    @Test
    void goesOnThroughAFloodOfBadRecords() throws Exception {
        Names names = topics("flood");
        List<String> good = numbered("g", 200);
        try (IntakeStage stage = stage(names, CLASSIC)) {
            for (int i = 0; i < good.size(); i++) {
                for (int bad = 0; bad < 10; bad++) {
                    topics.send(
                            names,
                            i % PARTITIONS,
                            bad % 2 == 0 ? bytes("{\"to\":") : request("bad-" + i + "-" + bad, "+1"));
                }
                topics.send(names, i % PARTITIONS, request(good.get(i), Requests.GB));
            }
            await().atMost(SOON).until(() -> topics.allCommitted(names));
            assertThat(stage.attempted).containsExactlyInAnyOrderElementsOf(good);
            assertThat(topics.read(names.deadLetter(), null)).hasSize(2_000);
            assertThat(stage.fatal).isEmpty();
        }
        List<String> rejected = topics.read(names.status(), null).stream()
                .map(TopicReader::keyAndStatus)
                .filter(told -> told.endsWith(" rejected"))
                .toList();
        assertThat(rejected).hasSize(1_000).doesNotHaveDuplicates();
    }

    @Test
    void sendsNothingForADuplicateAndCountsIt() throws Exception {
        Names names = topics("duplicate");
        try (IntakeStage stage = stage(names, CLASSIC)) {
            topics.send(names, 0, request("once", Requests.US));
            topics.send(names, 0, request("once", Requests.US));
            await().atMost(SOON).until(() -> topics.committed(names, 0) == 2);
            assertThat(stage.attempted).containsExactly("once");
            assertThat(stage.counter("petrel.duplicates")).isEqualTo(1);
        }
    }

    @Test
    void countsTheMarkersOfTransactionsAsDoneAndSendsNothingThatWasAborted() throws Exception {
        Names names = topics("transactions");
        try (IntakeStage stage = stage(names, CLASSIC)) {
            await().atMost(SOON).until(stage::ready);
            topics.sendInTransaction(names, 0, request("committed", Requests.US), true);
            topics.sendInTransaction(names, 0, request("aborted", Requests.US), false);
            await().atMost(SOON).until(() -> topics.committed(names, 0) == 4);
            assertThat(stage.attempted).containsExactly("committed");
        }
    }

    @Test
    void doesNotBeginWhatAnEarlierOwnerHasFinished() throws Exception {
        Names names = topics("finished");
        topics.send(names, 0, request("finished", Requests.US));
        topics.send(names, 0, request("open", Requests.US));
        topics.send(names, 0, request("another", Requests.US));
        topics.tellFinal(names, 0, "finished", "0:0");
        topics.tellFinal(names, 0, "from an older topic", "0:2");
        topics.tellFinal(names, 0, "of another partition", "1:1");
        topics.tellFinal(names, 0, "rubbish", "x");
        try (IntakeStage stage = stage(names, CLASSIC)) {
            await().atMost(SOON).until(() -> topics.committed(names, 0) == 3);
            assertThat(stage.attempted).containsExactly("open", "another");
        }
    }

    @Test
    void aDuplicateOfWhatAnEarlierOwnerHasSeenIsOne() throws Exception {
        Names names = topics("seen-earlier");
        topics.tellFinal(names, 0, "known", "0:7");
        topics.send(names, 0, request("known", Requests.US));
        try (IntakeStage stage = stage(names, CLASSIC)) {
            await().atMost(SOON).until(() -> topics.committed(names, 0) == 1);
            assertThat(stage.attempted).isEmpty();
            assertThat(stage.counter("petrel.duplicates")).isEqualTo(1);
        }
    }

    @Test
    void commitsNothingPastWhatIsUnfinished() throws Exception {
        Names names = topics("unfinished");
        try (IntakeStage stage = stage(names, CLASSIC)) {
            stage.unanswered.add("open");
            topics.send(names, 0, request("before", Requests.US));
            topics.send(names, 0, request("open", Requests.US));
            topics.send(names, 0, request("after", Requests.US));
            await().atMost(SOON).until(() -> topics.committed(names, 0) == 1);
            await().atMost(SOON).until(() -> topics.read(names.status(), 0).size() == 5);
            await().during(Duration.ofMillis(1_200)).until(() -> topics.committed(names, 0) == 1);
        }
        assertThat(topics.committed(names, 0)).isEqualTo(1);
    }

    @Test
    void pausesWhenFullAndKeepsItsPlaceInTheGroup() throws Exception {
        Names names = topics("full");
        List<String> ids = numbered("f", 1_000);
        try (IntakeStage stage = stage(names, CLASSIC)) {
            stage.heldMax = 100;
            stage.unanswered.addAll(ids);
            await().atMost(SOON).until(stage::ready);
            topics.send(names, ids);
            await().atMost(SOON).until(() -> stage.gauge("petrel.partitions.paused") == PARTITIONS);
            String member = topics.member(names);
            int taken = stage.attempted.size();
            assertThat(taken).isBetween(100, 100 + 200);
            await().during(Duration.ofSeconds(3))
                    .atMost(Duration.ofSeconds(4))
                    .until(() -> stage.attempted.size() == taken && stage.gauge("petrel.lease.age") < 2);
            assertThat(topics.member(names)).isEqualTo(member);
            await().atMost(SOON).until(() -> stage.gauge("petrel.lag.records") == ids.size() - taken);
            assertThat(stage.gauge("petrel.oldest.request.age")).isGreaterThan(2);
            stage.unanswered.clear();
            stage.held.set(0);
            await().atMost(SOON).until(() -> stage.attempted.size() == ids.size());
        }
    }

    @Test
    void holdsTheOffsetOfADeadLetterThatCantBeWrittenWhileGoodOnesGoOn() throws Exception {
        Names names = Names.of("stuck");
        broker.createTopic(names.requests(), PARTITIONS);
        broker.createTopic(names.status(), PARTITIONS);
        try (IntakeStage stage = stage(names, CLASSIC)) {
            topics.send(names, 0, bytes("no request"));
            for (String id : numbered("s", 50)) {
                topics.send(names, 0, request(id, Requests.US));
            }
            await().atMost(SOON).until(() -> stage.attempted.size() == 50 && stage.held.get() == 0);
            await().atMost(SOON).until(() -> stage.counter("petrel.alerts") == 1);
            assertThat(topics.committed(names, 0)).isZero();
            assertThat(stage.fatal).isEmpty();
            broker.createTopic(names.deadLetter(), 1);
            await().atMost(SOON).until(() -> topics.committed(names, 0) == 51);
            ConsumerRecord<byte[], byte[]> letter =
                    topics.read(names.deadLetter(), 0).get(0);
            assertThat(letter.value()).isEqualTo(bytes("no request"));
            assertThat(header(letter, "dlq.reason")).startsWith("value: ");
            assertThat(header(letter, "dlq.topic")).isEqualTo("stuck");
            assertThat(header(letter, "dlq.partition")).isEqualTo("0");
            assertThat(header(letter, "dlq.offset")).isEqualTo("0");
        }
    }

    @Test
    void keepsARequestPartitionWithoutItsStatusPartitionPaused() throws Exception {
        Names names = Names.of("missing");
        broker.createTopic(names.requests(), 2);
        broker.createTopic(names.status(), 1);
        broker.createTopic(names.deadLetter(), 1);
        try (IntakeStage stage = stage(names, CLASSIC)) {
            topics.send(names, 0, request("m0", Requests.US));
            topics.send(names, 1, request("m1", Requests.US));
            await().atMost(SOON).until(() -> topics.committed(names, 0) == 1);
            await().atMost(SOON).until(() -> stage.counter("petrel.alerts") == 1);
            assertThat(stage.attempted).containsExactly("m0");
            assertThat(stage.ready()).isFalse();
            topics.admin
                    .createPartitions(Map.of(names.status(), NewPartitions.increaseTo(2)))
                    .all()
                    .get();
            await().atMost(SOON).until(() -> topics.committed(names, 1) == 1);
            await().atMost(SOON).until(stage::ready);
        }
    }

    @Test
    void stopsCleanlyUnderLoad() throws Exception {
        Names names = topics("stop");
        List<String> ids = numbered("q", 3_000);
        List<String> attempted = new ArrayList<>();
        try (IntakeStage stage = stage(names, CLASSIC)) {
            stage.slowDown();
            await().atMost(SOON).until(stage::ready);
            topics.send(names, ids);
            await().atMost(SOON).until(() -> stage.attempted.size() > 300);
            stage.stop();
            stage.stop();
            attempted.addAll(stage.attempted);
            assertThat(attempted).hasSizeLessThan(ids.size());
        }
        try (IntakeStage next = stage(names, CLASSIC)) {
            await().atMost(SOON).until(() -> topics.allCommitted(names));
            attempted.addAll(next.attempted);
        }
        assertThat(attempted).containsExactlyInAnyOrderElementsOf(ids);
        topics.assertEachTakenOnceInOrder(names, ids);
    }

    private static Names topics(String test) {
        Names names = Names.of(test);
        topics.create(names, PARTITIONS);
        return names;
    }

    private static boolean sendMore(Names names, List<String> ids) {
        List<String> more = numbered("n" + ids.size() + "-", 40);
        topics.send(names, more);
        return ids.addAll(more);
    }

    private static IntakeStage stage(Names names, GroupProtocol protocol) {
        return new IntakeStage(broker, names, protocol);
    }
}
