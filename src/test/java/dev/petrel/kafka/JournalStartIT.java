package dev.petrel.kafka;

import static dev.petrel.kafka.History.ago;
import static dev.petrel.kafka.History.hoursAgo;
import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.kafka.JournalStart.Start;
import dev.petrel.testing.EmbeddedBroker;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Where the reading of a status partition begins. */
class JournalStartIT {
    private static final Duration WINDOW = Duration.ofMinutes(11);

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
    void atTheEndWhereNothingIsThere() {
        try (History history = history("nothing")) {
            Start start = find(history, 0);
            assertThat(start.offset()).isZero();
            assertThat(start.end()).isZero();
            assertNow(start);
        }
    }

    @Test
    void atTheEndWhereNothingWasToldYet() {
        try (History history = history("untold")) {
            history.ask("u0", hoursAgo(1));
            Start start = find(history, 0);
            assertThat(start.offset()).isZero();
            assertThat(start.end()).isZero();
            assertNow(start);
        }
    }

    @Test
    void aWindowBeforeTheLastEventWhereNoRequestIsLeft() {
        try (History history = history("all-done")) {
            Instant last = hoursAgo(3);
            history.submitted("d0", 0, last.minus(WINDOW).minusSeconds(1));
            history.submitted("d1", 1, last.minus(WINDOW));
            history.submitted("d2", 2, last);
            assertThat(find(history, 0)).isEqualTo(new Start(1, 3, windowBefore(last), last.toEpochMilli()));
        }
    }

    @Test
    void aWindowBeforeTheLastEventWhereTheRequestIsNewer() {
        try (History history = history("newer-request")) {
            Instant last = hoursAgo(3);
            history.submitted("n0", 0, last.minus(WINDOW).minusSeconds(1));
            history.submitted("n1", 1, last);
            history.ask("n2", hoursAgo(1));
            assertThat(find(history, 0)).isEqualTo(new Start(1, 2, windowBefore(last), last.toEpochMilli()));
        }
    }

    @Test
    void withTheCommittedRequestWhereThatIsOlder() {
        try (History history = history("older-request")) {
            Instant first = hoursAgo(5);
            history.ask("o0", first);
            history.ask("o1", hoursAgo(4));
            history.submitted("o0", 0, hoursAgo(5).plusSeconds(5));
            history.submitted("o1", 1, hoursAgo(4).plusSeconds(5));
            history.submitted("o2", 2, hoursAgo(2));
            assertThat(find(history, 1).offset()).isEqualTo(1);
            Start start = find(history, 0);
            assertThat(start.offset()).isZero();
            assertThat(start.since()).isEqualTo(first.toEpochMilli());
        }
    }

    @Test
    void withTheFirstRequestThatIsLeftWhereTheCommittedOneIsDeleted() throws Exception {
        try (History history = history("deleted")) {
            history.ask("x0", hoursAgo(5));
            history.ask("x1", hoursAgo(4));
            history.submitted("x0", 0, hoursAgo(5).plusSeconds(5));
            history.submitted("x1", 1, hoursAgo(4).plusSeconds(5));
            history.submitted("x2", 2, hoursAgo(2));
            delete(history.names.requests(), 1);
            assertThat(find(history, 0).offset()).isEqualTo(1);
        }
    }

    @Test
    void atTheFirstEventThatIsLeft() throws Exception {
        try (History history = history("events-deleted")) {
            history.ask("y0", hoursAgo(5));
            history.submitted("y0", 0, hoursAgo(4));
            history.submitted("y1", 1, hoursAgo(3));
            delete(history.names.status(), 1);
            assertThat(find(history, 0).offset()).isEqualTo(1);
            delete(history.names.status(), 2);
            Start none = find(history, 0);
            assertThat(none.offset()).isEqualTo(2);
            assertThat(none.end()).isEqualTo(2);
            assertNow(none);
        }
    }

    @Test
    void theMarkersOfTransactionsAreNoEvents() {
        try (History history = history("markers")) {
            Instant last = hoursAgo(3);
            history.submitted("m0", 0, last.minus(WINDOW).minusSeconds(1));
            history.submitted("m1", 1, last.minus(WINDOW));
            history.submitted("m2", 2, last);
            for (int i = 0; i < 3; i++) {
                history.abort("m" + i, i, ago(Duration.ofSeconds(1)));
            }
            Start start = find(history, 0);
            assertThat(start.offset()).isEqualTo(1);
            assertThat(start.end()).isEqualTo(9);
            assertThat(start.lastAt()).isEqualTo(last.toEpochMilli());
        }
    }

    @Test
    void anEventOfATransactionIsOneThoughItsMarkerIsLast() {
        try (History history = history("in-transaction")) {
            Instant last = hoursAgo(3);
            history.submitted("t0", 0, last.minus(WINDOW).minusSeconds(1));
            history.tellInTransaction("t1", 1, last);
            assertThat(find(history, 0)).isEqualTo(new Start(1, 3, windowBefore(last), last.toEpochMilli()));
        }
    }

    private static long windowBefore(Instant last) {
        return last.minus(WINDOW).toEpochMilli();
    }

    private static void assertNow(Start start) {
        assertThat(Duration.between(Instant.ofEpochMilli(start.lastAt()), Instant.now()))
                .isBetween(Duration.ZERO, Duration.ofSeconds(10));
    }

    private static Start find(History history, long position) {
        KafkaConfig config = new KafkaConfig(
                "stage",
                broker.bootstrapServers(),
                "group",
                KafkaConfig.GroupProtocol.CLASSIC,
                new KafkaConfig.Topics(
                        history.names.requests(),
                        history.names.status(),
                        history.names.deadLetter(),
                        history.names.requests() + ".feedback",
                        history.names.requests() + ".availability",
                        history.names.requests() + ".control",
                        history.names.requests() + ".instances"),
                Map.of(),
                Duration.ofSeconds(3),
                Duration.ofSeconds(5));
        try (JournalStart start = new JournalStart(new KafkaClients(config).journalConsumer(), WINDOW)) {
            return start.find(
                    new TopicPartition(history.names.requests(), 0),
                    position,
                    new TopicPartition(history.names.status(), 0));
        }
    }

    private static void delete(String topic, long before) throws Exception {
        topics.admin
                .deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(before)))
                .all()
                .get();
    }

    private static History history(String test) {
        return new History(broker, topics, test);
    }
}
