package dev.petrel.kafka;

import static dev.petrel.kafka.History.ago;
import static dev.petrel.kafka.History.hoursAgo;
import static dev.petrel.kafka.IntakeStage.numbered;
import static dev.petrel.kafka.IntakeStage.request;
import static dev.petrel.kafka.TopicReader.header;
import static dev.petrel.message.ReasonClass.AMBIGUOUS;
import static dev.petrel.message.ReasonClass.FRAUD_BLOCKED;
import static dev.petrel.message.ReasonClass.SENDER_REFUSED;
import static dev.petrel.message.ReasonClass.THROTTLED;
import static dev.petrel.message.ReasonClass.UNAVAILABLE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.petrel.journal.Standing;
import dev.petrel.kafka.IntakeStage.Arrived;
import dev.petrel.kafka.IntakeStage.Names;
import dev.petrel.kafka.IntakeStage.Setting;
import dev.petrel.kafka.KafkaConfig.GroupProtocol;
import dev.petrel.message.SubmitResult.Kind;
import dev.petrel.testing.EmbeddedBroker;
import dev.petrel.testing.Requests;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a new owner of a partition knows of it, however the former one has left. */
class RecoveryIT {
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
    void theFirstStartTakesAllThatIsThere() {
        try (History history = history("first-start")) {
            history.ask("f0", hoursAgo(1));
            history.ask("f1", ago(Duration.ofSeconds(10)));
            try (IntakeStage stage = stage(history)) {
                awaitAllDone(history);
                assertThat(stage.arrived).extracting(Arrived::id).containsExactly("f0", "f1");
                assertThat(stage.arrived)
                        .extracting(Arrived::standing)
                        .allMatch(Standing::possiblySent) // for all that we know
                        .allMatch(standing -> standing.attempts() == 0);
                history.ask("f2", Instant.now());
                awaitAllDone(history);
                assertThat(arrived(stage, "f2").standing().possiblySent()).isFalse();
            }
        }
    }

    @Test
    void startsOnEmptyTopics() {
        try (History history = history("empty");
                IntakeStage stage = stage(history)) {
            await().atMost(SOON).until(stage::ready);
            history.ask("e0", Instant.now());
            awaitAllDone(history);
            assertThat(stage.attempted).containsExactly("e0");
            assertThat(arrived(stage, "e0").standing().possiblySent()).isFalse();
        }
    }

    @Test
    void withoutItsOffsetsTheGroupBeginsAtTheFirstRequestAndRepeatsNone() throws Exception {
        try (History history = history("offsets-gone")) {
            for (String id : numbered("o", 4)) {
                history.ask(id, hoursAgo(2));
            }
            history.submitted("o0", 0, hoursAgo(2));
            history.submitted("o1", 1, hoursAgo(2));
            history.failed("o2", 2, 1, 1, "a", Kind.UNAVAILABLE, UNAVAILABLE, hoursAgo(2));
            history.commit(4);
            topics.admin
                    .deleteConsumerGroupOffsets(
                            "group-" + history.names.requests(),
                            Set.of(new TopicPartition(history.names.requests(), 0)))
                    .all()
                    .get();
            try (IntakeStage stage = stage(history)) {
                awaitAllDone(history);
                assertThat(stage.arrived).extracting(Arrived::id).containsExactly("o2", "o3");
                assertThat(arrived(stage, "o2").standing().attempts()).isEqualTo(1);
            }
        }
    }

    @Test
    void whereTheCommittedRequestIsDeletedTheFirstThatIsLeftIsTheBeginning() throws Exception {
        try (History history = history("requests-deleted")) {
            for (String id : numbered("d", 5)) {
                history.ask(id, hoursAgo(1));
            }
            history.submitted("d1", 1, hoursAgo(1));
            history.submitted("d3", 3, hoursAgo(1));
            history.commit(1);
            topics.admin
                    .deleteRecords(
                            Map.of(new TopicPartition(history.names.requests(), 0), RecordsToDelete.beforeOffset(3)))
                    .all()
                    .get();
            try (IntakeStage stage = stage(history)) {
                awaitAllDone(history);
                assertThat(stage.arrived).extracting(Arrived::id).containsExactly("d4");
            }
        }
    }

    @Test
    void afterHoursOfDowntimeWhatWasToldOfABacklogStands() throws Exception {
        try (History history = history("backlog")) {
            askTen(history);
            history.submitted("b6", 6, hoursAgo(2));
            history.failed("b7", 7, 1, 1, "a", Kind.UNAVAILABLE, UNAVAILABLE, hoursAgo(2));
            history.submitted("b8", 8, hoursAgo(2));
            assertB6AndB8StandAndB7GoesOn(history);
        }
    }

    @Test
    void whatWasToldLongBeforeTheLastEventStandsToo() throws Exception {
        try (History history = history("backlog-long")) {
            askTen(history);
            history.submitted("b6", 6, hoursAgo(3.5));
            history.failed("b7", 7, 1, 1, "a", Kind.UNAVAILABLE, UNAVAILABLE, hoursAgo(3));
            history.submitted("b8", 8, hoursAgo(2));
            assertB6AndB8StandAndB7GoesOn(history);
        }
    }

    @Test
    void whatWasToldLongBeforeAnOwnerThatToldNothingStandsToo() throws Exception {
        try (History history = history("backlog-marked")) {
            askTen(history);
            history.submitted("b6", 6, hoursAgo(2));
            history.failed("b7", 7, 1, 1, "a", Kind.UNAVAILABLE, UNAVAILABLE, hoursAgo(2));
            history.submitted("b8", 8, hoursAgo(2));
            history.mark(ago(Duration.ofSeconds(5)));
            assertB6AndB8StandAndB7GoesOn(history);
        }
    }

    @Test
    void whatWasToldLongBeforeAReceiptOfSomethingElseStandsToo() throws Exception {
        try (History history = history("backlog-receipt")) {
            askTen(history);
            history.submitted("b4", 4, hoursAgo(4));
            history.submitted("b6", 6, hoursAgo(4));
            history.failed("b7", 7, 1, 1, "a", Kind.UNAVAILABLE, UNAVAILABLE, hoursAgo(4));
            history.submitted("b8", 8, hoursAgo(4));
            history.receipt("b4", 4, hoursAgo(1));
            assertB6AndB8StandAndB7GoesOn(history);
        }
    }

    @Test
    void aLateReceiptDoesNotOpenAgainWhatIsFinished() throws Exception {
        try (History history = history("backlog-own-receipt")) {
            askTen(history);
            history.submitted("b6", 6, hoursAgo(4));
            history.failed("b7", 7, 1, 1, "a", Kind.UNAVAILABLE, UNAVAILABLE, hoursAgo(4));
            history.submitted("b8", 8, hoursAgo(4));
            history.receipt("b7", 7, hoursAgo(1));
            history.receipt("b8", 8, hoursAgo(1));
            assertB6AndB8StandAndB7GoesOn(history);
        }
    }

    @Test
    void aReceiptWithinTheWindowDoesNotOpenAgainWhatIsFinished() throws Exception {
        try (History history = history("backlog-soon-receipt")) {
            askTen(history);
            history.submitted("b6", 6, hoursAgo(4));
            history.failed("b7", 7, 1, 1, "a", Kind.UNAVAILABLE, UNAVAILABLE, hoursAgo(4));
            history.submitted("b8", 8, hoursAgo(4));
            history.receipt("b7", 7, hoursAgo(4).plusSeconds(60));
            history.receipt("b8", 8, hoursAgo(4).plusSeconds(60));
            assertB6AndB8StandAndB7GoesOn(history);
        }
    }

    private static void askTen(History history) throws Exception {
        for (String id : numbered("b", 10)) {
            history.ask(id, hoursAgo(4));
        }
        history.commit(5);
    }

    private static void assertB6AndB8StandAndB7GoesOn(History history) {
        try (IntakeStage stage = stage(history)) {
            awaitAllDone(history);
            assertThat(stage.arrived).extracting(Arrived::id).containsExactly("b5", "b7", "b9");
            Standing standing = arrived(stage, "b7").standing();
            assertThat(standing.attempts()).isEqualTo(1);
            assertThat(standing.tried("a")).isTrue();
        }
        assertThat(finals(history, "b6")).isEqualTo(1);
        assertThat(finals(history, "b8")).isEqualTo(1);
    }

    @Test
    void aWindowThatWasShortenedForgetsNothingOfWhatIsNotCommitted() throws Exception {
        try (History history = history("shortened")) {
            history.ask("s0", ago(Duration.ofMinutes(5)));
            history.ask("s1", ago(Duration.ofMinutes(5)));
            history.ask("s2", ago(Duration.ofSeconds(20)));
            history.failed("s0", 0, 1, 1, "a", Kind.AMBIGUOUS, AMBIGUOUS, ago(Duration.ofSeconds(290)));
            history.submitted("s1", 1, ago(Duration.ofSeconds(280)));
            history.submitted("s2", 2, ago(Duration.ofSeconds(10)));
            history.commit(0);
            RequestConfig shortened = new RequestConfig(Duration.ofSeconds(10), Duration.ofSeconds(10));
            try (IntakeStage stage = stage(history, Setting.USUAL.with(shortened))) {
                awaitAllDone(history);
                assertThat(stage.arrived).extracting(Arrived::id).containsExactly("s0");
                assertThat(arrived(stage, "s0").standing().attempts()).isEqualTo(1);
                assertThat(arrived(stage, "s0").standing().copies()).hasSize(1);
            }
        }
    }

    @Test
    void withANewStatusTopicWhatIsNotCommittedIsOpenAgain() throws Exception {
        try (History history = history("status-anew")) {
            for (String id : numbered("a", 3)) {
                history.ask(id, ago(Duration.ofMinutes(1)));
                history.submitted(id, id.charAt(1) - '0', ago(Duration.ofMinutes(1)));
            }
            history.commit(1);
            makeStatusAnew(history.names);
            try (IntakeStage stage = stage(history)) {
                awaitAllDone(history);
                assertThat(stage.arrived).extracting(Arrived::id).containsExactly("a1", "a2");
                assertThat(stage.arrived).extracting(Arrived::standing).allMatch(Standing::possiblySent);
            }
        }
    }

    @Test
    void goesOnWhenTheStatusTopicIsMadeAnewWithItsMarkUnread() throws Exception {
        Setting slowToRead = Setting.USUAL.with(Map.of("fetch.min.bytes", "10000000", "fetch.max.wait.ms", "4000"));
        try (History history = history("status-anew-marked")) {
            history.ask("q0", ago(Duration.ofSeconds(5)));
            history.commit(0);
            try (IntakeStage stage = stage(history, slowToRead)) {
                await().atMost(SOON)
                        .until(() -> topics.read(history.names.status(), 0).size() == 1);
                makeStatusAnew(history.names);
                await().atMost(Duration.ofMinutes(1)).until(() -> topics.allCommitted(history.names));
                assertThat(stage.attempted).containsExactly("q0");
            }
        }
    }

    @Test
    void goesOnWhenTheStatusTopicIsMadeAnewUnderIt() throws Exception {
        try (History history = history("status-anew-running");
                IntakeStage stage = stage(history)) {
            for (String id : numbered("r", 20)) {
                history.ask(id, Instant.now());
            }
            awaitAllDone(history);
            makeStatusAnew(history.names);
            for (String id : numbered("s", 20)) {
                history.ask(id, Instant.now());
            }
            awaitAllDone(history);
            for (String id : numbered("s", 20)) {
                assertThat(finals(history, id)).isEqualTo(1);
            }
            assertThat(stage.fatal).isEmpty();
            assertThat(stage.attempted).hasSize(40);
        }
    }

    @Test
    void theMarkerOfATransactionAtTheEndHoldsNothingUp() throws Exception {
        try (History history = history("marker-last")) {
            history.ask("m0", ago(Duration.ofMinutes(1)));
            history.ask("m1", ago(Duration.ofMinutes(1)));
            history.tellInTransaction("m0", 0, ago(Duration.ofSeconds(50)));
            history.commit(0);
            try (IntakeStage stage = stage(history)) {
                awaitAllDone(history);
                assertThat(stage.arrived).extracting(Arrived::id).containsExactly("m1");
            }
        }
    }

    @Test
    void anOpenRequestGoesOnWhereItStood() throws Exception {
        try (History history = history("standings")) {
            for (String id : numbered("w", 4)) {
                history.ask(id, ago(Duration.ofSeconds(30)));
            }
            Instant then = ago(Duration.ofSeconds(20));
            history.failed("w0", 0, 1, 1, "a", Kind.AMBIGUOUS, AMBIGUOUS, then);
            history.failed("w0", 0, 2, 1, "b", Kind.THROTTLED, THROTTLED, then);
            history.failed("w0", 0, 3, 2, "a", Kind.REJECTED, SENDER_REFUSED, then);
            history.failed("w1", 1, 1, 1, "a", Kind.REJECTED, FRAUD_BLOCKED, then);
            history.submitted("w2", 2, false, then);
            history.commit(0);
            try (IntakeStage stage = stage(history)) {
                awaitAllDone(history);
                Standing first = arrived(stage, "w0").standing();
                assertThat(first.attempts()).isEqualTo(3);
                assertThat(first.round()).isEqualTo(2);
                assertThat(first.tried("a")).isTrue();
                assertThat(first.tried("b")).isFalse();
                assertThat(first.ownSenders()).isTrue();
                assertThat(first.copies()).hasSize(1);
                assertThat(first.possiblySent()).isTrue();
                assertThat(first.mustEnd()).isFalse();
                Standing blocked = arrived(stage, "w1").standing();
                assertThat(blocked.stopped()).isTrue();
                assertThat(blocked.lastReason()).isNotNull();
                assertThat(blocked.lastReason().reasonClass()).isEqualTo(FRAUD_BLOCKED);
                assertThat(arrived(stage, "w2").standing().taken()).isTrue();
                assertThat(arrived(stage, "w3").standing().attempts()).isZero();
            }
        }
    }

    @Test
    void whatMustEndComesFirstAndThenTheNewestThatSupersedesOthers() throws Exception {
        try (History history = history("order")) {
            Instant then = ago(Duration.ofSeconds(30));
            history.ask("plain-0", then);
            history.askInstead("newer-1", "unknown-1", "web", then);
            history.ask("blocked-2", then);
            history.askInstead("newer-3", "newer-1", "web", then);
            history.ask("taken-4", then);
            history.ask("plain-5", then);
            history.failed("blocked-2", 2, 1, 1, "a", Kind.REJECTED, FRAUD_BLOCKED, then);
            history.submitted("taken-4", 4, false, then);
            history.commit(0);
            try (IntakeStage stage = stage(history)) {
                awaitAllDone(history);
                assertThat(stage.attempted)
                        .containsExactly("blocked-2", "taken-4", "newer-3", "newer-1", "plain-0", "plain-5");
            }
        }
    }

    @Test
    void whatANewerRequestHadSupersededStaysSo() throws Exception {
        try (History history = history("superseded")) {
            Instant then = ago(Duration.ofSeconds(30));
            history.askInstead("older", "unknown", "web", then);
            history.askInstead("of-another-tenant", "unknown", "app", then);
            history.ask("without-tenant", then);
            history.askInstead("newer", "older", "web", then);
            history.failedInstead("newer", "older", "web", 3, then);
            history.failedInstead("newer-too", "of-another-tenant", "web", 4, then);
            history.failedInstead("newest", "without-tenant", null, 5, then);
            history.commit(0);
            try (IntakeStage stage = stage(history)) {
                awaitAllDone(history);
                assertThat(stage.arrived)
                        .filteredOn(Arrived::superseded)
                        .extracting(Arrived::id)
                        .containsExactlyInAnyOrder("older", "without-tenant");
                assertThat(stage.arrived).hasSize(4);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"source", "attempt", "reason", "supersedes"})
    void rubbishAmongTheStatusesHidesNothing(String header) throws Exception {
        try (History history = history("rubbish-" + header)) {
            for (String id : numbered("u", 2)) {
                history.ask(id, ago(Duration.ofSeconds(10)));
            }
            history.valueless("u0", header, ago(Duration.ofSeconds(8)));
            history.submitted("u1", 1, ago(Duration.ofSeconds(8)));
            history.commit(0);
            try (IntakeStage stage = stage(history)) {
                awaitAllDone(history);
                assertThat(stage.arrived).extracting(Arrived::id).containsExactly("u0");
            }
        }
    }

    @Test
    void sendsNothingBeforeItsMarkIsOnTheStatusPartitionAndKnowsWhatWasToldBeforeIt() throws Exception {
        Setting slowToWrite = Setting.USUAL.with(Map.of("linger.ms", "4000"));
        try (History history = history("mark-first")) {
            for (String id : numbered("k", 3)) {
                history.ask(id, ago(Duration.ofSeconds(10)));
            }
            history.commit(0);
            try (IntakeStage stage = stage(history, slowToWrite)) {
                await().atMost(SOON).until(() -> stage.timer("petrel.replay.duration") == 1);
                history.submitted("k1", 1, Instant.now());
                await().atMost(SOON).until(() -> {
                    boolean begun = !stage.arrived.isEmpty();
                    int told = topics.read(history.names.status(), 0).size();
                    assertThat(begun && told < 2).as("begun without a mark").isFalse();
                    return begun;
                });
                awaitAllDone(history);
                assertThat(stage.arrived).extracting(Arrived::id).containsExactly("k0", "k2");
            }
            assertThat(topics.read(history.names.status(), 0))
                    .extracting(TopicReader::keyAndStatus)
                    .startsWith("k1 submitted", "_owner ", "k0 attempt_failed");
        }
    }

    @Test
    void whatOthersTellBetweenTheMarkAndTheFirstRequestCounts() throws Exception {
        KafkaFutureImpl<Void> released = new KafkaFutureImpl<>();
        try (History history = history("after-mark")) {
            for (String id : numbered("l", 3)) {
                history.ask(id, ago(Duration.ofSeconds(10)));
            }
            history.commit(0);
            try (IntakeStage stage = stage(history, Setting.USUAL.asking(real -> slowToListOffsets(real, released)))) {
                await().atMost(SOON)
                        .until(() -> topics.read(history.names.status(), 0).size() == 1); // our mark
                history.submitted("l1", 1, Instant.now());
                await().during(Duration.ofSeconds(2))
                        .atMost(SOON)
                        .until(stage.arrived::isEmpty); // it is read meanwhile
                released.complete(null);
                awaitAllDone(history);
                assertThat(stage.arrived).extracting(Arrived::id).containsExactly("l0", "l2");
            }
        }
    }

    @Test
    void whatOthersTellBeforeOurMarkIsAcknowledgedCounts() throws Exception {
        KafkaFutureImpl<Void> released = new KafkaFutureImpl<>();
        try (History history = history("mark-unanswered")) {
            for (String id : numbered("n", 3)) {
                history.ask(id, ago(Duration.ofSeconds(10)));
            }
            history.commit(0);
            try (IntakeStage stage = stage(history, Setting.USUAL.telling(real -> slowToAnswer(real, released)))) {
                await().atMost(SOON)
                        .until(() -> topics.read(history.names.status(), 0).size() == 1); // our mark
                history.submitted("n1", 1, Instant.now());
                await().during(Duration.ofSeconds(2))
                        .atMost(SOON)
                        .until(stage.arrived::isEmpty); // it is read meanwhile
                released.complete(null);
                awaitAllDone(history);
                assertThat(stage.arrived).extracting(Arrived::id).containsExactly("n0", "n2");
            }
        }
    }

    @Test
    void hearsWhatOthersTellWhileThePartitionIsOurs() {
        try (History history = history("tail");
                IntakeStage stage = stage(history)) {
            stage.unanswered.add("t0");
            history.ask("t0", Instant.now());
            await().atMost(SOON).until(() -> stage.attempted.contains("t0"));
            history.submitted("t1", 1, Instant.now()); // before it has come
            history.submitted("t0", 0, Instant.now());
            await().atMost(SOON).until(() -> stage.applied.size() == 1);
            assertThat(stage.applied).allMatch(told -> told.last() && told.offset() == 0);
            history.ask("t1", Instant.now());
            history.ask("t2", Instant.now());
            await().atMost(SOON).until(() -> stage.attempted.contains("t2") && stage.held.get() == 1);
            assertThat(stage.arrived).extracting(Arrived::id).containsExactly("t0", "t2");
            assertThat(stage.applied).hasSize(1); // and nothing of our own
        }
    }

    @Test
    void aPartitionTakenAgainByTheSameProcessIsReadBackLikeAnyOther() {
        Names names = Names.of("again");
        topics.create(names, 2);
        try (IntakeStage first = stage(names)) {
            first.failing.addAll(List.of("p0", "p1"));
            topics.send(names, 0, request("p0", Requests.US));
            topics.send(names, 1, request("p1", Requests.US));
            await().atMost(SOON).until(() -> first.arrived.size() == 2);
            assertThat(first.arrived).extracting(Arrived::standing).allMatch(standing -> standing.attempts() == 0);
            Arrived moved;
            try (IntakeStage second = stage(names)) {
                second.unanswered.addAll(List.of("p0", "p1"));
                await().atMost(SOON).until(() -> second.arrived.size() == 1);
                moved = second.arrived.element();
                assertThat(moved.standing().attempts()).isEqualTo(1);
                assertThat(moved.standing().tried("fake")).isTrue();
            }
            await().atMost(SOON).until(() -> first.arrived.size() == 3);
            first.failing.clear();
            Arrived again = List.copyOf(first.arrived).get(2);
            assertThat(again.id()).isEqualTo(moved.id());
            assertThat(again.standing().attempts()).isEqualTo(1);
            assertThat(again.standing().tried("fake")).isTrue();
            assertThat(again.standing().possiblySent()).isTrue();
            int partition = moved.request().source().partition();
            topics.send(names, partition, request("after", Requests.US));
            await().atMost(SOON).until(() -> first.attempted.contains("after") && first.held.get() == 3);
            assertThat(writers(names, partition)).containsExactly("1", "1", "2");
            assertThat(writers(names, 1 - partition)).containsExactly("1");
        }
    }

    /** The terms of the owners that have marked this partition. */
    private static List<String> writers(Names names, int partition) {
        return topics.read(names.status(), partition).stream()
                .filter(record -> TopicReader.keyAndStatus(record).equals("_owner "))
                .map(record -> header(record, "writer").replaceFirst(".*/", ""))
                .toList();
    }

    private static Arrived arrived(IntakeStage stage, String id) {
        return stage.arrived.stream()
                .filter(one -> one.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static long finals(History history, String id) {
        return topics.read(history.names.status(), 0).stream()
                .filter(record -> new String(record.key(), UTF_8).equals(id))
                .filter(record -> header(record, "final").equals("true"))
                .count();
    }

    private static void awaitAllDone(History history) {
        await().atMost(SOON).until(() -> topics.allCommitted(history.names));
    }

    private static void makeStatusAnew(Names names) throws ExecutionException, InterruptedException {
        topics.admin.deleteTopics(List.of(names.status())).all().get();
        await().atMost(SOON)
                .until(() -> !topics.admin.listTopics().names().get().contains(names.status()));
        broker.createTopic(names.status(), 1);
    }

    /** One whose answers to this question come once it is released. */
    private static Admin slowToListOffsets(Admin real, KafkaFutureImpl<Void> released) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            Object answer = method.invoke(real, arguments);
            if (!(answer instanceof ListOffsetsResult offsets)) {
                return answer;
            }
            Map<TopicPartition, KafkaFuture<ListOffsetsResultInfo>> later = new HashMap<>();
            for (Object partition : ((Map<?, ?>) arguments[0]).keySet()) {
                KafkaFutureImpl<ListOffsetsResultInfo> future = new KafkaFutureImpl<>();
                var unused = offsets.partitionResult((TopicPartition) partition)
                        .toCompletionStage()
                        .thenAcceptBoth(released.toCompletionStage(), (end, now) -> future.complete(end));
                later.put((TopicPartition) partition, future);
            }
            return new ListOffsetsResult(later);
        };
        return (Admin) Proxy.newProxyInstance(Admin.class.getClassLoader(), new Class<?>[] {Admin.class}, handler);
    }

    /** One whose answers come once it is released. */
    @SuppressWarnings("unchecked")
    private static Producer<byte[], byte[]> slowToAnswer(
            Producer<byte[], byte[]> real, KafkaFutureImpl<Void> released) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (!method.getName().equals("send")) {
                return method.invoke(real, arguments);
            }
            Callback answered = (Callback) arguments[1];
            Callback later = (metadata, failure) -> {
                var unused = released.toCompletionStage().thenRun(() -> answered.onCompletion(metadata, failure));
            };
            return real.send((ProducerRecord<byte[], byte[]>) arguments[0], later);
        };
        return (Producer<byte[], byte[]>)
                Proxy.newProxyInstance(Producer.class.getClassLoader(), new Class<?>[] {Producer.class}, handler);
    }

    private static History history(String test) {
        return new History(broker, topics, test);
    }

    private static IntakeStage stage(History history) {
        return stage(history.names);
    }

    private static IntakeStage stage(History history, Setting setting) {
        return new IntakeStage(broker, history.names, GroupProtocol.CLASSIC, setting);
    }

    private static IntakeStage stage(Names names) {
        return new IntakeStage(broker, names, GroupProtocol.CLASSIC);
    }
}
