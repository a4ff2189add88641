package dev.petrel.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.health.DeliveryHealth.Copy;
import dev.petrel.health.DeliveryHealth.Silence;
import dev.petrel.message.ReasonClass;
import dev.petrel.metrics.Meters;
import dev.petrel.testing.ManualTime;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The boundaries of each rule, on both sides. */
class DeliveryHealthTest {
    private static final Duration FAILOVER_AFTER = Duration.ofSeconds(20);
    private static final Duration OF_AGE = Duration.ofSeconds(10);
    private static final Duration TICK = Duration.ofMillis(1);

    private final ManualTime time = new ManualTime();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final List<Promise<Boolean>> selfCalls = new ArrayList<>();
    private final DeliveryHealth health =
            new DeliveryHealth(() -> FAILOVER_AFTER, (provider, country) -> false, time, new Meters(registry), () -> {
                Promise<Boolean> answer = Promise.promise();
                selfCalls.add(answer);
                return answer.future();
            });
    private int ids;

    // verdicts by age

    @Test
    void silenceCountsFromHalfOfFailoverAfterOn() {
        takes("a", 4);

        time.advance(OF_AGE.minus(TICK));
        hearSomebody();
        assertThat(out("a")).isFalse();
        time.advance(TICK);
        hearSomebody();

        assertThat(out("a")).isTrue();
        assertThat(health.undelivered("a", "DE")).isEqualTo(100);
        assertThat(registry.get("petrel.delivery.health")
                        .tags("provider", "a", "country", "DE")
                        .gauge()
                        .value())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource({"3, 0, false", "4, 0, true", "4, 3, true", "4, 4, false", "5, 4, true", "25, 25, false", "26, 24, true"
    })
    void moreThanHalfAndAtLeastFourMustBeLost(int lost, int arrived, boolean out) {
        takes("a", lost);
        takes("a", arrived).forEach(Copy::delivered);

        listenFor(OF_AGE); // or many silent ones at once might be our own deafness

        assertThat(out("a")).isEqualTo(out);
    }

    @Test
    void onlyTheLatestFiftyCount() {
        takes("a", 3);
        listenFor(Duration.ofSeconds(1));
        takes("a", 1);
        takes("a", 49).forEach(Copy::delivered);

        listenFor(OF_AGE.minusSeconds(1));
        assertThat(health.undelivered("a", "DE")).isEqualTo(100);
        listenFor(Duration.ofSeconds(1));
        assertThat(health.undelivered("a", "DE")).isEqualTo(2);
    }

    @Test
    void fastArrivalsCountOnlyAtTheSameAgeAsSilence() {
        takes("a", 4);
        time.advance(Duration.ofSeconds(5));
        takes("a", 40).forEach(Copy::delivered);

        time.advance(Duration.ofSeconds(5));
        hearSomebody();

        assertThat(out("a")).isTrue();
    }

    @Test
    void silenceThatEndsInADeliveryIsGood() {
        List<Copy> copies = takes("a", 3);
        takes("a", 1).forEach(copy -> copy.undelivered(ReasonClass.NO_ROUTE));
        time.advance(OF_AGE);
        hearSomebody();
        assertThat(health.undelivered("a", "DE")).isEqualTo(100);

        copies.forEach(Copy::delivered);

        assertThat(health.undelivered("a", "DE")).isEqualTo(25);
    }

    @Test
    void whatIsTenMinutesOldIsForgotten() {
        takes("a", 3);
        time.advance(Duration.ofMinutes(10));
        assertThat(health.undelivered("a", "DE")).isEqualTo(100);
        time.advance(TICK);
        assertThat(health.undelivered("a", "DE")).isZero();

        takes("a", 3);
        time.advance(OF_AGE);

        assertThat(out("a")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"9.999, false", "10, true"})
    void whoIsNoLongerWaitedForWhileYoungSaysNothing(double seconds, boolean out) {
        List<Copy> copies = takes("a", 4);
        time.advance(Duration.ofMillis((long) (seconds * 1000)));
        copies.forEach(Copy::over);
        time.advance(OF_AGE);
        hearSomebody();

        assertThat(out("a")).isEqualTo(out);
    }

    @Test
    void providersWithoutReceiptsAreNotJudgedByTheirSilence() {
        for (int i = 0; i < 20; i++) {
            health.submitted("n" + i, "a", "DE", false, true);
        }
        time.advance(Duration.ofMinutes(1));

        assertThat(out("a")).isFalse();
    }

    @Test
    void copiesTakenOverSayNothingButTheirClocksRun() {
        Copy copy = null;
        for (int i = 0; i < 9; i++) {
            copy = health.resumed("o" + i, "a", "DE", false);
        }
        time.advance(FAILOVER_AFTER);

        assertThat(out("a")).isFalse();
        assertThat(copy.clockRuns()).isTrue();
        assertThat(health.silence(copy)).isEqualTo(Silence.FAIL_OVER);
    }

    @Test
    void countriesAreApart() {
        putOut("a");

        assertThat(health.isOut("a", "FR", true)).isFalse();
    }

    // receipts

    @ParameterizedTest
    @CsvSource({"9, 0, false", "10, 0, true", "6, 4, true", "5, 5, false", "9, 8, true", "25, 25, false", "26, 24, true"
    })
    void badReceiptsActAtOnceFromTenOn(int bad, int good, boolean out) {
        takes("a", good).forEach(Copy::delivered);
        takes("a", bad).forEach(copy -> copy.undelivered(ReasonClass.NO_ROUTE));

        assertThat(out("a")).isEqualTo(out);
    }

    @ParameterizedTest
    @CsvSource({"9, true", "10, false"})
    void whatIsStillAwaitedMightArrive(int awaited, boolean out) {
        takes("a", 5).forEach(copy -> copy.undelivered(ReasonClass.NO_ROUTE));
        takes("a", awaited);
        takes("a", 5).forEach(copy -> copy.undelivered(ReasonClass.NO_ROUTE));

        assertThat(out("a")).isEqualTo(out);
    }

    // sent

    @ParameterizedTest
    @CsvSource({"50, 0, true", "49, 0, false", "40, 10, true", "39, 11, false"})
    void theClockRunsOnAfterSentWhereFourFifthsOfFiftyAreDelivered(int delivered, int lost, boolean runs) {
        takes("a", delivered).forEach(Copy::delivered);
        takes("a", lost);
        listenFor(FAILOVER_AFTER);

        Copy copy = takes("a", 1).get(0);
        copy.underway();

        assertThat(copy.clockRuns()).isEqualTo(runs);
    }

    @ParameterizedTest
    @CsvSource({"19.999, true", "20.001, false"})
    void deliveredMustBeWithinFailoverAfter(double seconds, boolean runs) {
        List<Copy> copies = takes("a", 50);
        time.advance(Duration.ofMillis((long) (seconds * 1000)));
        copies.forEach(Copy::delivered);
        time.advance(TICK);

        Copy copy = takes("a", 1).get(0);
        copy.underway();

        assertThat(copy.clockRuns()).isEqualTo(runs);
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 200, 3000})
    void anOutageThatStopsAtSentDoesNotWriteItsOwnRecord(int everyMillis) {
        for (int i = 0; i < 100; i++) {
            takes("a", 1).get(0).delivered();
            time.advance(Duration.ofMillis(everyMillis));
        }
        time.advance(FAILOVER_AFTER);
        int sent = 0;
        while (!out("a")) {
            Copy copy = takes("a", 1).get(0);
            copy.underway();
            assertThat(copy.clockRuns()).as("copy %d of the outage", sent).isTrue();
            sent++;
            time.advance(Duration.ofMillis(everyMillis));
        }
        assertThat(sent).isGreaterThanOrEqualTo(26);
        time.advance(Duration.ofMinutes(1));
        takes("a", 3).forEach(Copy::delivered);
        assertThat(out("a")).isFalse();

        Copy copy = takes("a", 1).get(0);
        copy.underway();

        assertThat(copy.clockRuns()).as("after the outage").isTrue();
    }

    @Test
    void aStoppedClockIsNoSilence() {
        List<Copy> copies = takes("a", 20);
        copies.forEach(Copy::underway);
        time.advance(Duration.ofMinutes(1));

        assertThat(out("a")).isFalse();
        assertThat(copies).noneMatch(Copy::clockRuns);
        assertThat(health.silence(copies.get(0))).isEqualTo(Silence.DEAF);
        assertThat(selfCalls).isEmpty();
    }

    // recovery

    @Test
    void theTrickleIsOneInFiveAndOneInTwoSeconds() {
        putOut("a");

        int first = 0;
        for (int i = 0; i < 100; i++) {
            first += health.mayTry("a", "DE") ? 1 : 0;
        }
        assertThat(first).isEqualTo(1);
        time.advance(Duration.ofSeconds(2).minus(TICK));
        assertThat(health.mayTry("a", "DE")).isFalse();
        time.advance(TICK);
        assertThat(health.mayTry("a", "DE")).isTrue();
        time.advance(Duration.ofSeconds(60));
        List<Boolean> asked = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            asked.add(health.mayTry("a", "DE"));
        }
        assertThat(asked).containsExactly(false, false, false, false, true);
        assertThat(health.mayTry("b", "DE")).isFalse();
    }

    @Test
    void threeArrivalsInARowAndItIsBackWithNothingRemembered() {
        putOut("a");
        takes("a", 2).forEach(Copy::delivered);
        assertThat(out("a")).isTrue();

        takes("a", 1).forEach(Copy::delivered);

        assertThat(out("a")).isFalse();
        assertThat(health.undelivered("a", "DE")).isZero();
        takes("a", 3);
        time.advance(OF_AGE);
        hearSomebody();
        assertThat(out("a")).isFalse();
    }

    @Test
    void aSilentOneBreaksTheRow() {
        putOut("a");
        takes("a", 2).forEach(Copy::delivered);
        takes("a", 1);
        takes("a", 2).forEach(Copy::delivered);
        assertThat(out("a")).isTrue();
        time.advance(OF_AGE);
        hearSomebody();
        assertThat(out("a")).as("two, one silent, two").isTrue();

        takes("a", 1).forEach(Copy::delivered);

        assertThat(out("a")).isFalse();
    }

    @Test
    void aBadOneBreaksTheRowAndAHandsetsFaultDoesNot() {
        putOut("a");
        takes("a", 2).forEach(Copy::delivered);
        takes("a", 1).forEach(copy -> copy.undelivered(ReasonClass.NO_ROUTE));
        takes("a", 2).forEach(Copy::delivered);
        assertThat(out("a")).isTrue();
        takes("a", 1).forEach(copy -> copy.undelivered(ReasonClass.RECIPIENT_UNREACHABLE));

        takes("a", 1).forEach(Copy::delivered);

        assertThat(out("a")).isFalse();
    }

    @Test
    void lateArrivalsFromBeforeItWentOutDoNotBringItBack() {
        List<Copy> copies = takes("a", 8);
        time.advance(OF_AGE);
        hearSomebody();
        assertThat(out("a")).isTrue();

        copies.forEach(Copy::delivered);

        assertThat(out("a")).isTrue();
    }

    @Test
    void typedCodesBringItBackToo() {
        putOut("a");
        for (int i = 0; i < 3; i++) {
            health.submitted("v" + i, "a", "DE", true, true);
            health.verified("v" + i);
        }

        assertThat(out("a")).isFalse();
    }

    // whose silence

    @Test
    void lessThanTenWaitingAreTheProvidersSilence() {
        List<Copy> copies = takes("a", 9);
        time.advance(FAILOVER_AFTER);

        assertThat(copies).allMatch(copy -> health.silence(copy) == Silence.FAIL_OVER);
        assertThat(out("a")).isTrue();
        assertThat(selfCalls).isEmpty();
    }

    @Test
    void tenWaitingAreADoubt() {
        List<Copy> copies = takes("a", 10);
        time.advance(FAILOVER_AFTER);

        assertThat(health.silence(copies.get(0))).as("the probe").isEqualTo(Silence.FAIL_OVER);
        assertThat(health.silence(copies.get(0))).as("asked again").isEqualTo(Silence.FAIL_OVER);
        assertThat(health.silence(copies.get(1))).isEqualTo(Silence.UNDECIDED);
        time.advance(Duration.ofSeconds(1).minus(TICK));
        assertThat(health.silence(copies.get(1))).isEqualTo(Silence.UNDECIDED);
        time.advance(TICK);
        assertThat(health.silence(copies.get(1))).as("one a second").isEqualTo(Silence.FAIL_OVER);
        assertThat(selfCalls).hasSize(1);
        assertThat(registry.get("petrel.delivery.health").gauge().value()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"9.999, UNDECIDED", "10, FAIL_OVER"})
    void anEarAfterTheyCameOfAgeShowsThatOthersAreHeard(double seconds, Silence silence) {
        List<Copy> copies = takes("a", 11);
        time.advance(Duration.ofMillis((long) (seconds * 1000)));
        hearSomebody();
        time.advance(FAILOVER_AFTER.minusMillis((long) (seconds * 1000)));

        health.silence(copies.get(0));
        assertThat(health.silence(copies.get(1))).isEqualTo(silence);
    }

    @Test
    void aFailedSelfCallIsDeafness() {
        List<Copy> copies = takes("a", 30);
        time.advance(FAILOVER_AFTER);
        health.silence(copies.get(0));
        health.silence(copies.get(1));

        selfCalls.get(0).fail("no route");

        assertThat(copies.subList(1, 30)).allMatch(copy -> health.silence(copy) == Silence.DEAF);
        assertThat(registry.get("petrel.receipts.silent").gauge().value()).isEqualTo(1);
        time.advance(FAILOVER_AFTER);
        takes("b", 1).forEach(Copy::delivered);
        assertThat(registry.get("petrel.receipts.silent").gauge().value()).isZero();
        assertThat(copies.subList(1, 30)).allMatch(copy -> health.silence(copy) == Silence.DEAF);
        assertThat(out("a")).isFalse();
    }

    @Test
    void aSelfCallThatThrowsIsOneThatFailed() {
        DeliveryHealth throwing = new DeliveryHealth(
                () -> FAILOVER_AFTER,
                (provider, country) -> false,
                time,
                new Meters(new SimpleMeterRegistry()),
                DeliveryHealthTest::noClient);
        List<Copy> copies = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            copies.add(throwing.submitted("t" + i, "a", "DE", true, true));
        }
        time.advance(FAILOVER_AFTER);

        assertThat(throwing.silence(copies.get(0))).isEqualTo(Silence.DEAF);
    }

    private static Future<Boolean> noClient() {
        throw new IllegalStateException("no client");
    }

    @Test
    void anAnswerThatComesTooLateChangesNothing() {
        List<Copy> copies = takes("a", 10);
        time.advance(FAILOVER_AFTER);
        health.silence(copies.get(0));
        hearSomebody();

        selfCalls.get(0).complete(false);

        assertThat(registry.get("petrel.receipts.silent").gauge().value()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"19.999, UNDECIDED", "20, DEAF"})
    void aSilentProbeIsDeafness(double seconds, Silence silence) {
        List<Copy> copies = takes("a", 40);
        time.advance(FAILOVER_AFTER);
        health.silence(copies.get(0));
        selfCalls.get(0).complete(true);
        health.submitted("a0", "b", "DE", true, false); // the first one's id
        time.advance(Duration.ofMillis((long) (seconds * 1000)));

        health.silence(copies.get(1)); // may be the one of its second
        assertThat(health.silence(copies.get(2))).isEqualTo(silence);
    }

    @Test
    void whoIsNoProbeDoesNotStartItsTime() {
        List<Copy> copies = takes("a", 40);
        time.advance(FAILOVER_AFTER);
        health.silence(copies.get(0));
        health.submitted("other", "b", "DE", true, false);
        time.advance(FAILOVER_AFTER);

        health.silence(copies.get(1));
        assertThat(health.silence(copies.get(2))).isEqualTo(Silence.UNDECIDED);
    }

    @Test
    void aProbeThatIsHeardCondemnsTheSilentOneOnceItHadItsChance() {
        List<Copy> copies = takesOneEvery(Duration.ofMillis(100), 250);
        health.silence(copies.get(0));
        selfCalls.get(0).complete(true);
        health.submitted("a0", "b", "DE", true, false).delivered();
        assertThat(health.silence(copies.get(1))).isEqualTo(Silence.UNDECIDED);

        time.advance(Duration.ofSeconds(1));

        assertThat(health.silence(copies.get(1))).isEqualTo(Silence.FAIL_OVER);
        assertThat(out("a")).isTrue();
    }

    @Test
    void aProbeThatIsTypedCondemnsWhereItsProviderGivesNoReceipts() {
        List<Copy> copies = takesOneEvery(Duration.ofMillis(100), 250);
        health.silence(copies.get(0));
        selfCalls.get(0).complete(true);
        health.submitted("a0", "b", "DE", false, false);
        takesOneEvery(Duration.ofMillis(100), 150);
        health.verified("a0");

        time.advance(Duration.ofSeconds(1));

        assertThat(health.silence(copies.get(1))).isEqualTo(Silence.FAIL_OVER);
    }

    @Test
    void aTypedCodeOfAProviderWithReceiptsIsNoEar() {
        List<Copy> copies = takes("a", 30);
        time.advance(FAILOVER_AFTER);
        health.silence(copies.get(0));
        health.submitted("a0", "b", "DE", true, false);
        health.verified("a0");

        assertThat(health.silence(copies.get(1))).isEqualTo(Silence.UNDECIDED);
    }

    @Test
    void whereItIsHeardLikeTheOthersItsSilenceIsExcused() {
        List<Copy> copies = takesOneEvery(Duration.ofMillis(100), 250);
        health.silence(copies.get(0));
        selfCalls.get(0).complete(true);
        health.submitted("a0", "b", "DE", true, false).delivered();
        for (int i = 0; i < 10; i++) {
            takes("a", 1).forEach(Copy::delivered);
            time.advance(Duration.ofMillis(100));
        }

        assertThat(health.silence(copies.get(1))).isEqualTo(Silence.DEAF);
        assertThat(out("a")).isFalse();
    }

    @Test
    void whereTooFewFollowToTellItsSilenceCounts() {
        List<Copy> copies = takes("a", 30);
        time.advance(FAILOVER_AFTER);
        health.silence(copies.get(0));
        hearSomebody();

        time.advance(OF_AGE.minus(TICK));
        assertThat(health.silence(copies.get(1))).isEqualTo(Silence.UNDECIDED);
        time.advance(TICK);
        assertThat(health.silence(copies.get(1))).isEqualTo(Silence.FAIL_OVER);
        assertThat(out("a")).isTrue();
    }

    @Test
    void whereTooFewFollowInOneCountryTheOthersTell() {
        List<Copy> copies = takes("a", 30);
        time.advance(FAILOVER_AFTER);
        health.silence(copies.get(0));
        for (int i = 0; i < 40; i++) {
            health.submitted("f" + i, "a", "FR", true, true).delivered();
            time.advance(Duration.ofMillis(500));
        }

        assertThat(health.silence(copies.get(1))).isEqualTo(Silence.DEAF);
        assertThat(out("a")).isFalse();
    }

    @Test
    void whereNobodyWaitsAnyMoreThereIsNoDoubt() {
        List<Copy> copies = takes("a", 30);
        time.advance(FAILOVER_AFTER);
        health.silence(copies.get(0));
        selfCalls.get(0).complete(false);

        copies.forEach(Copy::over);

        assertThat(registry.get("petrel.receipts.silent").gauge().value()).isZero();
        Copy alone = takes("a", 1).get(0);
        time.advance(FAILOVER_AFTER);
        assertThat(health.silence(alone)).isEqualTo(Silence.FAIL_OVER);
        assertThat(out("a")).isFalse();
    }

    @Test
    void whileNobodyIsHeardOneInTwentyIsToldToTryTheNext() {
        takes("a", 100);
        time.advance(OF_AGE);

        int out = 0;
        int bothOut = 0;
        for (int i = 0; i < 200; i++) {
            boolean a = out("a");
            out += a ? 1 : 0;
            bothOut += a && out("b") ? 1 : 0;
        }

        assertThat(out).isBetween(10, 11);
        assertThat(bothOut).isZero();
        assertThat(health.mayTry("a", "DE")).isFalse();
        time.advance(Duration.ofSeconds(1));
        assertThat(out("a")).as("at least one a second").isTrue();
    }

    @Test
    void nobodyIsSentToAProviderThatIsOut() {
        health.isOut("a", "DE", true);
        putOut("b");
        putOut("idle");
        takes("a", 100);
        time.advance(OF_AGE);

        for (int i = 0; i < 40; i++) {
            assertThat(out("a")).isFalse();
            assertThat(out("b")).isTrue();
        }
    }

    // conversion

    @ParameterizedTest
    @CsvSource({"50, 40, 4, true", "50, 40, 5, false", "49, 40, 0, false", "50, 19, 0, false", "50, 20, 0, true"})
    void typingThatFallsToLessThanAQuarterPutsOut(int before, int percent, int typedNow, boolean out) {
        takesTyped(before, before * percent / 100);
        takesTyped(50, typedNow);
        time.advance(Duration.ofSeconds(60).minus(TICK));
        assertThat(out("n")).isFalse();
        time.advance(TICK);

        assertThat(out("n")).isEqualTo(out);
    }

    @Test
    void secondCopiesSayNothingOfConversion() {
        takesTyped(50, 25);
        takesTyped(49, 0);
        health.submitted("twice", "n", "DE", false, true);
        health.submitted("twice", "b", "DE", false, false);
        health.submitted("second", "n", "DE", false, false);
        time.advance(Duration.ofSeconds(60));
        assertThat(out("n")).isFalse();

        takesTyped(1, 0);
        time.advance(Duration.ofSeconds(60));

        assertThat(out("n")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void receiptsThatLieAreFoundOutOnlyWhileOthersAreTyped(boolean othersAre) {
        for (int i = 0; i < 150; i++) {
            health.submitted("l" + i, "l", "DE", true, true).delivered();
            if (i < 50) {
                health.verified("l" + i);
            } else if (othersAre && i % 10 == 9) {
                health.submitted("o" + i, "b", "FR", true, true).delivered();
                health.verified("o" + i);
            }
            time.advance(Duration.ofMillis(500));
        }
        time.advance(Duration.ofSeconds(60));

        assertThat(out("l")).isEqualTo(othersAre);
    }

    @Test
    void whoIsOutForTypingIsBackByTypingOnly() {
        takesTyped(50, 50);
        takesTyped(50, 0);
        time.advance(Duration.ofSeconds(60));
        assertThat(out("n")).isTrue();
        for (int i = 0; i < 5; i++) {
            health.submitted("d" + i, "n", "DE", true, true).delivered();
        }
        assertThat(out("n")).isTrue();
        time.advance(Duration.ofSeconds(60));

        takesTyped(3, 3);

        assertThat(out("n")).isFalse();
    }

    @Test
    void countsFirstCopiesAndThoseTyped() {
        health.submitted("x", "a", "DE", true, true);
        health.submitted("y", "a", "DE", true, true);
        health.submitted("y", "b", "DE", true, false);
        health.verified("x");
        health.verified("x");
        health.verified("y");
        health.verified("unknown");

        assertThat(counter("petrel.delivery.submitted", "a")).isEqualTo(2);
        assertThat(counter("petrel.delivery.verified", "a")).isEqualTo(1);
        assertThat(registry.find("petrel.delivery.submitted")
                        .tag("provider", "b")
                        .counter())
                .isNull();
        assertThat(registry.find("petrel.delivery.verified")
                        .tag("provider", "b")
                        .counter())
                .isNull();
    }

    @Test
    void remembersTheLatestHundredThousand() {
        for (int i = 0; i <= 100_000; i++) {
            health.submitted("m" + i, "a", "DE", false, true);
        }
        health.verified("m0");
        health.verified("m1");

        assertThat(counter("petrel.delivery.verified", "a")).isEqualTo(1);
    }

    // words

    private List<Copy> takes(String provider, int count) {
        List<Copy> copies = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            copies.add(health.submitted(provider + ids++, provider, "DE", true, true));
        }
        return copies;
    }

    /** Until the first one's clock has run out and some more have come. */
    private List<Copy> takesOneEvery(Duration gap, int count) {
        List<Copy> copies = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            copies.addAll(takes("a", 1));
            time.advance(gap);
        }
        return copies;
    }

    private void takesTyped(int count, int typed) {
        for (int i = 0; i < count; i++) {
            String id = "n" + ids++;
            health.submitted(id, "n", "DE", false, true);
            if (i < typed) {
                health.verified(id);
            }
        }
    }

    private void hearSomebody() {
        health.submitted("somebody" + ids++, "z", "FR", true, true).delivered();
    }

    private void listenFor(Duration duration) {
        for (long left = duration.toMillis(); left > 0; left -= 500) {
            time.advance(Duration.ofMillis(500));
            hearSomebody();
        }
    }

    private void putOut(String provider) {
        takes(provider, 4);
        time.advance(OF_AGE);
        hearSomebody();
        assertThat(out(provider)).isTrue();
    }

    /** Of two, for the only one is never out. */
    private boolean out(String provider) {
        health.undelivered("idle", "DE");
        return health.isOut(provider, "DE", true);
    }

    private double counter(String name, String provider) {
        return registry.get(name).tag("provider", provider).counter().count();
    }
}
