package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.delivery.OpenRequest;
import dev.petrel.delivery.Outcome;
import dev.petrel.delivery.Term;
import dev.petrel.journal.JournalEvent;
import dev.petrel.journal.PartitionJournal;
import dev.petrel.journal.PartitionJournal.Known;
import dev.petrel.journal.SeenRequests;
import dev.petrel.testing.Requests;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class PartitionTermTest {
    private static final Duration WINDOW = Duration.ofMinutes(11);
    private static final Instant NOW = Instant.ofEpochMilli(1_000_000);

    private final PartitionTerm term = new PartitionTerm(
            new TopicPartition("sms.requests", 3), new Term(3, 1, () -> true), new AtomicBoolean(), () -> 1_000_000);

    @Test
    void commitsItsPositionUntilItIsOpen() {
        assertThat(term.positioned()).isFalse();
        term.startAt(7);
        assertThat(term.toCommit(7)).isEqualTo(7);
    }

    @Test
    void commitsWhatIsDoneAndNoMore() {
        openAt(7);
        term.handed(8);
        OffsetTracker tracker = term.begin(7, 0);
        term.begin(8, 0);
        assertThat(term.toCommit(9)).isEqualTo(7);
        term.done(tracker, 7);
        assertThat(term.toCommit(9)).isEqualTo(8);
    }

    @Test
    void countsWhatIsLeftOfTheEndAsDoneOnceAllRecordsAre() {
        openAt(7);
        term.handed(8);
        OffsetTracker tracker = term.begin(7, 0);
        term.begin(8, 0);
        term.done(tracker, 7);
        term.done(tracker, 8);
        assertThat(term.toCommit(12)).isEqualTo(12);
    }

    @Test
    void countsNothingAsDoneThatWasHandedOverAndNotBegun() {
        openAt(7);
        term.handed(7);
        term.done(term.begin(7, 0), 7);
        term.handed(9); // a batch that the event loop has not seen yet
        assertThat(term.toCommit(10)).isEqualTo(8);
    }

    @Test
    void startsAnewWhenTheTopicDid() {
        openAt(700);
        OffsetTracker old = term.begin(700, 0);
        term.handed(0);
        OffsetTracker anew = term.begin(0, 0);
        term.done(old, 700);
        assertThat(term.toCommit(1)).isZero();
        term.done(anew, 0);
        assertThat(term.toCommit(1)).isEqualTo(1);
    }

    @Test
    void isPausedFromTheBeginningAndToldOnceOfEachChange() {
        assertThat(term.paused()).isTrue();
        assertThat(term.pauseChanged()).isFalse();
        term.pause(false);
        assertThat(term.pauseChanged()).isTrue();
        assertThat(term.pauseChanged()).isFalse();
    }

    @Test
    void knowsHowOldTheOldestIsOfWhichNothingWasTold() {
        openAt(0);
        for (int offset = 0; offset < 10; offset++) {
            term.begin(offset, 10_000 + offset * 1_000L);
        }
        assertThat(term.oldestUntold()).isEqualTo(10_000);
        term.told(0);
        term.told(1);
        term.told(3);
        assertThat(term.oldestUntold()).isEqualTo(12_000);
        for (int offset = 2; offset < 10; offset++) {
            term.told(offset);
        }
        assertThat(term.oldestUntold()).isEqualTo(Long.MAX_VALUE);
        term.end(11);
        assertThat(term.lag()).isEqualTo(1);
        assertThat(term.oldestUntold()).isEqualTo(19_000);
    }

    @Test
    void isCrowdedFromAThousandDeadLettersUntilHalfOfThemAreWritten() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(term.crowded()).isFalse();
            term.letterWaits(10);
        }
        assertThat(term.crowded()).isTrue();
        for (int i = 0; i < 499; i++) {
            term.letterLeaves(10);
            assertThat(term.crowded()).isTrue();
        }
        term.letterLeaves(10);
        assertThat(term.crowded()).isFalse();
    }

    @Test
    void isCrowdedByAFewLargeDeadLetters() {
        term.letterWaits(20 << 20);
        assertThat(term.crowded()).isTrue();
        term.letterLeaves(20 << 20);
        assertThat(term.crowded()).isFalse();
    }

    @Test
    void anOpenRequestHearsTheAuthServiceThoughItKnowsNoOffset() {
        openAt(7);
        Listening open = begin("v", 7);
        Listening other = begin("w", 8);
        term.toldByAnother(verified("v"));
        assertThat(open.heard).containsExactly(new JournalEvent.Verified());
        assertThat(other.heard).isEmpty();
        assertThat(term.journal().standing("v", 7, false).delivered()).isFalse(); // it is not kept besides
    }

    @Test
    void aWordOfARequestThatHasNotComeYetIsKept() {
        openAt(7);
        term.toldByAnother(verified("v"));
        assertThat(term.journal().begin("v", 7, NOW)).isEqualTo(Known.OPEN);
        assertThat(term.journal().standing("v", 7, false).delivered()).isTrue();
    }

    @Test
    void whatWasVerifiedUntilTheTakeOverCountsForWhatHasComeAndWhatComes() {
        openAt(7);
        Listening open = begin("v", 7);
        Listening other = begin("w", 8);
        SeenRequests ids = new SeenRequests(WINDOW, 1);
        ids.see("v", 0, NOW);
        ids.see("x", 0, NOW);
        term.verified(ids);
        assertThat(open.heard).containsExactly(new JournalEvent.Verified());
        assertThat(other.heard).isEmpty();
        assertThat(term.journal().begin("x", 9, NOW)).isEqualTo(Known.OPEN);
        assertThat(term.journal().standing("x", 9, false).delivered()).isTrue();
    }

    /** One that is open, and what it heard. */
    private static final class Listening implements OpenRequest {
        @Override
        public void leave() {}

        final List<JournalEvent.Word> heard = new ArrayList<>();

        @Override
        public Future<Outcome> outcome() {
            return Promise.<Outcome>promise().future();
        }

        @Override
        public void apply(JournalEvent told) {
            heard.add(told.word());
        }

        @Override
        public void supersede() {}
    }

    private Listening begin(String id, long offset) {
        assertThat(term.journal().begin(id, offset, NOW)).isEqualTo(Known.OPEN);
        term.begin(offset, NOW.toEpochMilli());
        Listening open = new Listening();
        term.begun(Requests.request(id, NOW, Duration.ofMinutes(5)), open);
        return open;
    }

    private static JournalEvent verified(String id) {
        return JournalEvent.verified(id.getBytes(US_ASCII), NOW.toEpochMilli());
    }

    private void openAt(long position) {
        term.startAt(position);
        term.handOver(new PartitionJournal(position, WINDOW, 0, 1));
        term.open();
    }
}
