package dev.petrel.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.delivery.Term;
import dev.petrel.journal.PartitionJournal;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class PartitionTermTest {
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

    private void openAt(long position) {
        term.startAt(position);
        term.handOver(new PartitionJournal(position, Duration.ofMinutes(11), 0, 1));
        term.open();
    }
}
