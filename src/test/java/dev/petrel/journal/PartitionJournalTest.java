package dev.petrel.journal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.journal.JournalEvent.Attempt;
import dev.petrel.journal.PartitionJournal.Known;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.SubmitResult.Kind;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PartitionJournalTest {
    private static final Duration WINDOW = Duration.ofMinutes(11);
    private static final Instant NOW = Instant.parse("2026-11-24T04:05:00Z");
    private static final long POSITION = 1000;

    private final PartitionJournal journal = new PartitionJournal(POSITION, WINDOW, 0, 7);

    @Test
    void whatHasItsFinalIsFinishedAndEverythingElseIsOpen() {
        read("a", 1000, true);
        read("b", 1001, attempt(1, 1, "x", Kind.UNAVAILABLE), ReasonClass.UNAVAILABLE);

        assertThat(journal.begin("a", 1000, NOW)).isEqualTo(Known.FINISHED);
        assertThat(journal.begin("b", 1001, NOW)).isEqualTo(Known.OPEN);
        assertThat(journal.begin("c", 1002, NOW)).isEqualTo(Known.OPEN);
    }

    @Test
    void anIdThatWasSeenAtAnotherOffsetIsADuplicateThoughThatOneIsLongCommitted() {
        read("a", 3, true);

        assertThat(journal.begin("a", 1000, NOW)).isEqualTo(Known.DUPLICATE);
    }

    @Test
    void aRecordThatComesTwiceIsNotBegunAgain() {
        assertThat(journal.begin("a", 1000, NOW)).isEqualTo(Known.OPEN);
        assertThat(journal.begin("a", 1000, NOW)).isEqualTo(Known.BEGUN);
    }

    @Test
    void whatHasComeAgainIsRememberedAsSeenOnly() {
        read("a", 1000, true);
        read("b", 1002, true);
        assertThat(journal.begin("a", 1000, NOW)).isEqualTo(Known.FINISHED);
        assertThat(journal.finished()).isEqualTo(2);
        assertThat(journal.begin("b", 1002, NOW)).isEqualTo(Known.FINISHED);

        assertThat(journal.finished()).isZero();
        assertThat(journal.begin("a", 1003, NOW)).isEqualTo(Known.DUPLICATE);
    }

    @Test
    void anOpenOneGoesOnWhereItStood() {
        read("b", 1001, attempt(1, 1, "x", Kind.REJECTED), ReasonClass.NO_ROUTE);
        read("b", 1001, attempt(2, 1, "y", Kind.THROTTLED), ReasonClass.THROTTLED);
        read("b", 1001, attempt(3, 2, "y", Kind.AMBIGUOUS), ReasonClass.AMBIGUOUS);
        assertThat(journal.begin("b", 1001, NOW)).isEqualTo(Known.OPEN);

        Standing standing = journal.standing("b", 1001, false);

        assertThat(standing.attempts()).isEqualTo(3);
        assertThat(standing.round()).isEqualTo(2);
        assertThat(standing.tried("y")).isTrue();
        assertThat(standing.tried("x")).isFalse();
        assertThat(standing.isOut("x")).isTrue();
        assertThat(standing.copies()).extracting(Copy::attemptId).containsExactly("a3");
        assertThat(standing.possiblySent()).isTrue();
        assertThat(standing.mustEnd()).isFalse();
        assertThat(standing.lastReason().reasonClass()).isEqualTo(ReasonClass.AMBIGUOUS);
    }

    @Test
    void anAttemptThatAnEarlierOwnerHadInFlightMayHaveBeenSentWhateverTheJournalSays() {
        read("b", 1001, attempt(1, 1, "x", Kind.UNAVAILABLE), ReasonClass.UNAVAILABLE);

        assertThat(journal.standing("b", 1001, true).possiblySent()).isTrue();
    }

    @Test
    void aBlockThatWasToldStaysOne() {
        read("b", 1001, attempt(1, 1, "x", Kind.REJECTED), ReasonClass.FRAUD_BLOCKED);

        assertThat(journal.standing("b", 1001, true).stopped()).isTrue();
    }

    @Test
    void aLateWordAfterTheFinalOpensNothing() {
        read("a", 1000, true);
        read("a", 1000, attempt(2, 1, "x", Kind.ACCEPTED), null);

        assertThat(journal.open()).isZero();
        assertThat(journal.begin("a", 1000, NOW)).isEqualTo(Known.FINISHED);
    }

    @Test
    void aReceiptOfSomethingThatIsNotThereOpensNothing() {
        read("a", 1000, null, null);

        assertThat(journal.open()).isZero();
        assertThat(journal.begin("a", 1000, NOW)).isEqualTo(Known.OPEN);
    }

    @Test
    void aFinalOfATopicThatWasMadeAnewSinceFinishesNobodyElse() {
        read("old", 1000, true);
        assertThat(journal.begin("new", 1000, NOW)).isEqualTo(Known.OPEN);

        read("old-2", 1001, true);
        read("new-2", 1001, attempt(1, 1, "x", Kind.UNAVAILABLE), ReasonClass.UNAVAILABLE);
        assertThat(journal.begin("new-2", 1001, NOW)).isEqualTo(Known.OPEN);
        assertThat(journal.standing("new-2", 1001, false).attempts()).isEqualTo(1);

        read("old-3", 1002, attempt(4, 2, "x", Kind.UNAVAILABLE), ReasonClass.UNAVAILABLE);
        assertThat(journal.begin("new-3", 1002, NOW)).isEqualTo(Known.OPEN);
        assertThat(journal.standing("new-3", 1002, false).attempts()).isZero();
    }

    @Test
    void aTimeInWhichNobodyWroteIsNoPartOfTheWindow() {
        Instant longAgo = NOW.minus(Duration.ofHours(5));
        PartitionJournal later =
                new PartitionJournal(POSITION, WINDOW, Duration.ofHours(5).toMillis(), 7);
        later.apply(event("a", 1000, longAgo, true, null, null), NOW.toEpochMilli());

        assertThat(later.begin("a", 1000, NOW.plus(WINDOW))).isEqualTo(Known.FINISHED);
    }

    @Test
    void noEventMakesTheOthersOld() {
        PartitionJournal later =
                new PartitionJournal(POSITION, WINDOW, Duration.ofHours(5).toMillis(), 7);
        later.apply(event("a", 1000, NOW.minus(Duration.ofHours(5)), true, null, null), NOW.toEpochMilli());
        later.apply(event("b", 1001, NOW, true, null, null), NOW.toEpochMilli()); // told by somebody now

        assertThat(later.begin("a", 1000, NOW)).isEqualTo(Known.FINISHED);
    }

    @Test
    void remembersForTheWindowWhomANewerOneSuperseded() {
        journal.supersede("old", "web", "+12025550123", NOW);

        assertThat(journal.isSuperseded("old", "web", "+12025550123", NOW.plus(WINDOW)))
                .isTrue();
        assertThat(journal.isSuperseded("old", "web", "+12025550124", NOW)).isFalse();
        assertThat(journal.isSuperseded("old", "app", "+12025550123", NOW)).isFalse();
        assertThat(journal.isSuperseded("old", null, "+12025550123", NOW)).isFalse();
        assertThat(journal.isSuperseded(
                        "old", "web", "+12025550123", NOW.plus(WINDOW).plusSeconds(60)))
                .isFalse();
    }

    @Test
    void aRequestThatWasVerifiedBeforeItCameIsDelivered() {
        verify("v", NOW);
        assertThat(journal.begin("v", 1000, NOW)).isEqualTo(Known.OPEN);

        Standing standing = journal.standing("v", 1000, false);

        assertThat(standing.delivered()).isTrue();
        assertThat(standing.mustEnd()).isTrue();
        assertThat(standing.lastReason().reasonClass()).isEqualTo(ReasonClass.VERIFIED);
    }

    @Test
    void anOpenOneIsDeliveredWhetherItsEventsOrTheWordWasReadFirst() {
        verify("u", NOW);
        read("u", 1000, attempt(1, 1, "x", Kind.ACCEPTED), null);
        read("v", 1001, attempt(1, 1, "x", Kind.ACCEPTED), null);
        verify("v", NOW);

        assertVerified("u", 1000, NOW, true);
        assertVerified("v", 1001, NOW, true);
    }

    @Test
    void nobodyElseIsVerified() {
        verify("v", NOW);

        assertVerified("w", 1000, NOW, false);
    }

    @Test
    void aWordOfARequestThatHasComeIsItsOwnersToHear() {
        assertVerified("v", 1000, NOW, false);
        int before = journal.size();
        verify("v", NOW);

        assertThat(journal.size()).isEqualTo(before);
    }

    @Test
    void aVerifiedIdIsRememberedForTheWindow() {
        verify("v", NOW);
        verify("w", NOW);

        assertVerified("v", 1000, NOW.plus(WINDOW), true);
        assertVerified("w", 1001, NOW.plus(WINDOW).plusSeconds(60), false);
    }

    @Test
    void aWordThatIsOldWhenItIsReadIsRememberedForTheWindowFromThen() {
        journal.apply(
                JournalEvent.verified(
                        "v".getBytes(US_ASCII), NOW.minus(Duration.ofHours(5)).toEpochMilli()),
                NOW.toEpochMilli());
        verify("w", NOW);

        assertVerified("v", 1000, NOW.plus(WINDOW), true);
    }

    @Test
    void takesOverTheIdsThatWereReadElsewhere() {
        SeenRequests ids = new SeenRequests(WINDOW, 7);
        ids.see("v", 0, NOW);
        journal.verified(ids);

        assertVerified("v", 1000, NOW, true);
        assertVerified("w", 1001, NOW, false);
    }

    private void verify(String id, Instant at) {
        journal.apply(JournalEvent.verified(id.getBytes(US_ASCII), at.toEpochMilli()), at.toEpochMilli());
    }

    private void assertVerified(String id, long offset, Instant now, boolean verified) {
        assertThat(journal.begin(id, offset, now)).isEqualTo(Known.OPEN);
        assertThat(journal.standing(id, offset, false).delivered()).isEqualTo(verified);
    }

    private void read(String id, long offset, boolean last) {
        journal.apply(event(id, offset, NOW, last, null, null), NOW.toEpochMilli());
    }

    private void read(String id, long offset, Attempt attempt, ReasonClass reason) {
        journal.apply(event(id, offset, NOW, false, attempt, reason), NOW.toEpochMilli());
    }

    private static Attempt attempt(int number, int round, String provider, Kind result) {
        return new Attempt("a" + number, number, round, provider, result);
    }

    private static JournalEvent event(
            String id, long offset, Instant at, boolean last, Attempt attempt, ReasonClass reason) {
        return new JournalEvent(id.getBytes(US_ASCII), offset, at.toEpochMilli(), last, attempt, reason, null, null);
    }
}
