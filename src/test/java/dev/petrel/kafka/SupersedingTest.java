package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.delivery.OpenRequest;
import dev.petrel.delivery.Outcome;
import dev.petrel.delivery.Term;
import dev.petrel.journal.JournalEvent;
import dev.petrel.journal.PartitionJournal;
import dev.petrel.journal.Standing;
import dev.petrel.message.SendRequest;
import dev.petrel.message.Status;
import dev.petrel.message.SubmitResult;
import dev.petrel.testing.DeliveryStage;
import dev.petrel.testing.Requests;
import dev.petrel.testing.Results;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One code in place of another: the real delivery and the real term of a partition, on virtual time. */
class SupersedingTest {
    private static final Duration LIFE = Duration.ofMinutes(5);
    private static final Duration WINDOW = Duration.ofMinutes(11);

    private final DeliveryStage stage = DeliveryStage.ab();
    private final PartitionJournal journal = new PartitionJournal(0, WINDOW, 0, 1);
    private final PartitionTerm term = new PartitionTerm(
            new TopicPartition("sms.requests", 0),
            new Term(0, 1, () -> true),
            new AtomicBoolean(),
            () -> stage.time.now().toEpochMilli());

    @BeforeEach
    void open() {
        term.startAt(0);
        term.handOver(journal);
        term.open();
        stage.siblings = term;
    }

    @Test
    void anOlderOneThatWaitsEndsBeforeTheNewOneIsSent() {
        stage.provider("a").then(Results.refused());
        stage.provider("b").then(Results.refused());
        OpenRequest older = deliver(request("old"));

        deliver(Requests.superseding("old", request("new")));

        assertThat(stage.sink.events())
                .extracting(event -> event.requestId() + " " + event.status().wire())
                .containsExactly("old attempt_failed", "old attempt_failed", "old superseded", "new submitted");
        assertThat(older.outcome().result()).isEqualTo(Outcome.SETTLED);
        assertThat(stage.lastEvent("new").supersedes()).isEqualTo("old");
        assertThat(stage.lastEvent("old").last()).isTrue();
        assertThat(stage.lastEvent("old").reason()).isNull();
        assertThat(stage.lastEvent("old").possiblySent()).isFalse();
        assertThat(stage.lastEvent("old").advice().next()).hasToString("WAIT");
        stage.advance(LIFE);
        assertThat(stage.story("old")).hasSize(3);
        assertThat(stage.held.count()).isZero();
    }

    @Test
    void anAttemptInFlightIsNotWaitedForAndIsTold() {
        stage.provider("a").then(Results.accepted("m"), Duration.ofSeconds(1));
        OpenRequest older = deliver(request("old"));

        deliver(Requests.superseding("old", request("new")));
        assertThat(stage.story("old")).containsExactly("superseded");
        assertThat(stage.lastEvent("old").possiblySent()).isTrue();
        stage.advance(Duration.ofSeconds(1));

        assertThat(stage.story("old")).containsExactly("superseded", "submitted a");
        assertThat(stage.lastEvent("old").last()).isFalse();
        assertThat(older.outcome().result()).isEqualTo(Outcome.SETTLED);
        assertThat(stage.inFlight.count()).isZero();
    }

    @Test
    void anAttemptInFlightThatFailsIsNotFollowedByAnother() {
        stage.provider("a").then(Results.refused(), Duration.ofSeconds(1));
        deliver(request("old"));
        deliver(Requests.superseding("old", request("new")));
        stage.advance(LIFE);

        assertThat(stage.story("old")).containsExactly("superseded", "attempt_failed a unavailable");
    }

    @Test
    void whatSomebodyTookIsNotSuperseded() {
        deliver(request("old"));
        deliver(Requests.superseding("old", request("new")));

        assertThat(stage.story("old")).containsExactly("submitted a");
        assertThat(stage.story("new")).containsExactly("submitted a");
    }

    @Test
    void oneThatComesLaterThanItsSuccessorIsNotSent() {
        deliver(Requests.superseding("old", request("new")));
        deliver(request("old"));

        assertThat(stage.story("old")).containsExactly("superseded");
        assertThat(stage.provider("a").seen()).hasSize(1);
    }

    @Test
    void aChainEndsWithItsLast() {
        deliver(Requests.superseding("second", request("third")));
        deliver(request("first"), Results.refused());
        deliver(Requests.superseding("first", request("second")));

        assertThat(stage.lastEvent("second").status()).isEqualTo(Status.SUPERSEDED);
        assertThat(stage.lastEvent("first").status()).isEqualTo(Status.SUPERSEDED);
    }

    @Test
    void oneThatIsNotAdmittedSupersedesNothing() {
        stage.provider("a").then(Results.refused());
        stage.provider("b").then(Results.refused());
        deliver(request("old"));
        deliver(Requests.superseding("old", stage.request("late", Duration.ofMillis(-1))));
        assertThat(stage.story("late")).containsExactly("expired expired");
        assertThat(stage.lastEvent("late").supersedes()).isNull(); // or the next owner would believe it
        stage.advance(Duration.ofSeconds(2));

        assertThat(stage.lastEvent("old").status()).isEqualTo(Status.SUBMITTED);
    }

    @Test
    void onlyOneOfTheSameRecipientIsMeant() {
        stage.provider("a").then(Results.refused());
        stage.provider("b").then(Results.refused());
        deliver(request("old"));
        deliver(Requests.superseding("old", Requests.request("new", Requests.GB, stage.time.now(), LIFE, null, null)));
        stage.advance(Duration.ofSeconds(2));
        assertThat(stage.lastEvent("old").status()).isEqualTo(Status.SUBMITTED);

        deliver(Requests.superseding(
                "later", Requests.request("newer", Requests.GB, stage.time.now(), LIFE, null, null)));
        deliver(request("later"));
        assertThat(stage.story("later")).containsExactly("submitted a");
    }

    @Test
    void onlyOneOfTheSameTenantIsMeant() {
        SendRequest other = Requests.superseding("old", Requests.ofTenant("app", request("new")));
        deliver(other);
        deliver(request("old"));

        assertThat(stage.story("old")).containsExactly("submitted a");
    }

    @Test
    void isKnownAfterATakeOverByTheHeaderOfTheNewOne() {
        hear("new", "old", "web");
        deliver(request("old"));
        assertThat(stage.story("old")).containsExactly("superseded");

        hear("newer", "other", "app");
        deliver(request("other"));
        assertThat(stage.story("other")).containsExactly("submitted a");
    }

    private OpenRequest deliver(SendRequest request) {
        OpenRequest open = stage.deliver(request, new Standing(false));
        term.begun(request, open);
        return open;
    }

    private void deliver(SendRequest request, SubmitResult firstOfEach) {
        stage.provider("a").then(firstOfEach);
        stage.provider("b").then(firstOfEach);
        deliver(request);
    }

    private SendRequest request(String id) {
        return stage.request(id, LIFE);
    }

    /** An event with the header {@code supersedes} is read. */
    private void hear(String id, String supersedes, String tenant) {
        long now = stage.time.now().toEpochMilli();
        byte[] key = id.getBytes(US_ASCII);
        journal.apply(new JournalEvent(key, 900, now, true, null, null, supersedes, tenant), now);
    }
}
