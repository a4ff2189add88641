package dev.petrel.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.health.DeliveryHealth.Silence;
import dev.petrel.message.ReasonClass;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Outages on a timeline, with traffic that believes what the health says. */
class TimelinesTest {
    private static final Duration CALM = s(120);

    private final Traffic traffic = new Traffic();

    @Test
    void aSilentProviderIsOutBySecondTenWhereOthersAreHeard() {
        traffic.run(CALM, 100, "a>b", "b>a");
        traffic.provider("a").silent();

        traffic.run(s(15), 100, "a>b", "b>a");

        assertThat(outAfter(CALM, "a")).isBetween(s(10), Duration.ofMillis(10_900));
        assertThat(traffic.bad("b")).isFalse();
        assertThat(traffic.selfCalls).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 100, 500})
    void aSilentProviderIsOutWithinSecondsThoughTheOtherWasIdle(int perSecond) {
        traffic.run(CALM, perSecond, "a>b");
        traffic.provider("a").silent();

        traffic.run(s(17), perSecond, "a>b");

        assertThat(traffic.bad("a")).isTrue();
        assertThat(traffic.bad("b")).isFalse();
        int before = traffic.submissions.get("a");
        traffic.run(s(60), perSecond, "a>b");
        assertThat(traffic.submissions.get("a") - before).isLessThanOrEqualTo(31);
        assertThat(traffic.alerts()).isZero();
    }

    @Test
    void exploringTakesFromTenToFourteenSeconds() {
        traffic.run(CALM, 100, "a>b");
        traffic.provider("a").silent();
        Duration out = null;
        for (int i = 0; i < 2000 && out == null; i++) {
            traffic.run(Duration.ofMillis(10), 100, "a>b");
            out = traffic.bad("a") ? traffic.time.elapsed().minus(CALM) : null;
        }

        assertThat(out).isBetween(s(10), s(15));
        assertThat(traffic.submissions.get("b")).isBetween(10, 60);
        assertThat(traffic.failovers).isZero();
    }

    @ParameterizedTest
    @CsvSource({"true, 30", "true, 60", "true, 120", "false, 15", "false, 30", "false, 60", "false, 300"})
    void whileWebhooksAreCutOffOnlyTheProbeShareFailsOver(boolean reachable, int seconds) {
        traffic.reachable = reachable;
        cutOff(seconds, 0);

        assertThat(traffic.failovers).isLessThanOrEqualTo(traffic.unreceipted / 20 + seconds);
        assertThat(traffic.bad("a")).isFalse();
        assertThat(traffic.bad("b")).isFalse();
        int repeated = reachable ? 0 : (seconds - 17) / 5;
        assertThat(traffic.selfCalls).isEqualTo(seconds > 17 ? 1 + repeated : 0);
        assertThat(traffic.alerts()).isEqualTo(seconds >= 60 || !reachable && seconds > 17 ? 1 : 0);
        assertThat(traffic.deaf()).isFalse();
    }

    @Test
    void typedCodesDoNotHideThatWebhooksAreCutOff() {
        traffic.provider("a").conversion = 0.6;
        traffic.provider("b").conversion = 0.6;
        cutOff(60, 0);

        assertThat(traffic.failovers).isLessThanOrEqualTo(traffic.unreceipted / 20 + 60);
        assertThat(traffic.bad("a")).isFalse();
        assertThat(traffic.bad("b")).isFalse();
        assertThat(traffic.alerts()).isEqualTo(1);
    }

    @Test
    void typedCodesOfAProviderWithoutReceiptsDoNotHideItEither() {
        for (String name : new String[] {"a", "b", "c"}) {
            traffic.provider(name).conversion = 0.5;
        }
        traffic.provider("c").reports = false;
        String[] orders = {"a>b", "b>a", "c"};
        traffic.run(CALM, 100, orders);
        traffic.webhooks = false;
        traffic.run(s(60), 100, orders);
        traffic.webhooks = true;
        traffic.run(s(60), 100, orders);

        assertThat(traffic.failovers).isLessThanOrEqualTo(traffic.unreceipted / 20 + 60);
        assertThat(traffic.bad("a")).isFalse();
        assertThat(traffic.bad("b")).isFalse();
    }

    /** No probe can tell: the public URL has the last word. */
    @ParameterizedTest
    @ValueSource(ints = {20, 100})
    void aSilentProviderIsOutThoughTheOnlyOtherGivesNoReceipts(int perSecond) {
        traffic.provider("c").reports = false;
        traffic.run(CALM, perSecond, "a>c");
        traffic.provider("a").silent();
        traffic.run(s(13), perSecond, "a>c");

        assertThat(traffic.bad("a")).isTrue();
        traffic.run(s(60), perSecond, "a>c");
        assertThat(traffic.silences.getOrDefault(Silence.DEAF, 0)).isZero();
        assertThat(traffic.alerts()).isZero();
        traffic.provider("a").fine();
        traffic.run(s(120), perSecond, "a>c");
        assertThat(traffic.bad("a")).isFalse();
    }

    @Test
    void nobodyFailsOverToOneWithoutReceiptsWhileNobodyReachesUs() {
        traffic.provider("c").reports = false;
        traffic.run(CALM, 100, "a>c");
        traffic.reachable = false;
        traffic.webhooks = false;
        traffic.run(s(60), 100, "a>c");
        traffic.webhooks = true;
        traffic.run(s(60), 100, "a>c");

        assertThat(traffic.failovers).isZero();
        assertThat(traffic.bad("a")).isFalse();
        assertThat(traffic.alerts()).isEqualTo(1);
    }

    /** Twice the same vendor, and one that works but gives no receipts. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whereTwoAreSilentCodesGetToTheThirdThatGivesNoReceipts(boolean heardElsewhere) {
        traffic.provider("c").reports = false;
        traffic.run(CALM, 20, "a>b>c");
        traffic.provider("a").silent();
        traffic.provider("b").silent();
        Duration start = traffic.time.elapsed();
        for (int i = 0; i < 30; i++) {
            traffic.run(s(1), 20, "a>b>c");
            if (heardElsewhere) {
                traffic.health.submitted("fr" + i, "z", "FR", true, true).delivered();
            }
        }

        assertThat(traffic.bad("a")).isTrue();
        assertThat(traffic.bad("b")).isTrue();
        assertThat(traffic.firstOut.get("b").minus(start)).isLessThan(s(26));
        int before = traffic.submissions.get("c");
        traffic.run(s(300), 20, "a>b>c");
        assertThat(traffic.submissions.get("c") - before).isGreaterThan(5600);
        assertThat(traffic.alerts()).isZero();
        traffic.provider("a").fine();
        traffic.run(s(30), 20, "a>b>c");
        assertThat(traffic.bad("a")).isFalse();
    }

    @Test
    void oneFailedSelfCallDoesNotStopFailoverForTheRestOfTheOutage() {
        traffic.provider("c").reports = false;
        traffic.run(CALM, 20, "a>c");
        traffic.provider("a").silent();
        traffic.failingSelfCalls = 1;
        traffic.run(s(40), 20, "a>c");

        assertThat(traffic.selfCalls).isGreaterThan(1);
        assertThat(traffic.deaf()).isFalse();
        assertThat(traffic.bad("a")).isTrue();
        int before = traffic.submissions.get("a");
        traffic.run(Duration.ofMinutes(10), 20, "a>c");
        assertThat(traffic.submissions.get("a") - before).as("the trickle").isLessThanOrEqualTo(301);
    }

    @Test
    void aSelfCallThatIsAnsweredAgainCondemnsNobodyForWhatWasSentBefore() {
        traffic.provider("c").reports = false;
        traffic.run(CALM, 100, "a>c");
        traffic.reachable = false;
        traffic.webhooks = false;
        traffic.run(s(58), 100, "a>c"); // a call at 57 s, and the next at 62
        traffic.reachable = true;
        traffic.run(s(6), 100, "a>c");
        assertThat(traffic.deaf()).isFalse();
        assertThat(traffic.bad("a")).isFalse();
        traffic.webhooks = true;
        traffic.run(s(60), 100, "a>c");

        assertThat(traffic.failovers).isZero();
        assertThat(traffic.bad("a")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"12, 1", "12, 5", "12, 20", "12, 100", "15, 2", "15, 20", "16, 20"})
    void aProviderThatTakesItsTimeIsNotSilent(int seconds, int perSecond) {
        slow("a", seconds);

        traffic.run(Duration.ofMinutes(5), perSecond, "a>b");

        assertThat(traffic.firstOut).isEmpty();
        assertThat(traffic.submissions).containsOnlyKeys("a");
        assertThat(traffic.failovers).isZero();
    }

    @ParameterizedTest
    @CsvSource({"true, 50", "true, 5", "false, 50", "false, 20"})
    void whileWebhooksOfSlowProvidersAreCutOffOnlyTheProbeShareFailsOver(boolean reachable, int perSecond) {
        traffic.reachable = reachable;
        slow("a", 12);
        slow("b", 12);
        String[] orders = {"a>b", "b>a"};
        traffic.run(s(300), perSecond, orders);
        traffic.webhooks = false;
        traffic.run(s(60), perSecond, orders);
        traffic.webhooks = true;
        traffic.run(s(60), perSecond, orders);

        assertThat(traffic.failovers).isLessThanOrEqualTo(60 * perSecond / 20 + 60);
        assertThat(traffic.bad("a")).isFalse();
        assertThat(traffic.bad("b")).isFalse();
    }

    @Test
    void aSlowProviderThatFallsSilentIsOutOnceItsClocksRunOut() {
        slow("a", 12);
        traffic.run(s(300), 20, "a>b", "b");
        traffic.provider("a").silent();
        traffic.provider("a").sentFirst = false;
        traffic.run(s(30), 20, "a>b", "b");

        assertThat(outAfter(s(300), "a")).isBetween(s(20), s(24));
    }

    private void slow(String provider, int seconds) {
        traffic.provider(provider).latency = s(seconds);
        traffic.provider(provider).spread = 0.2;
        traffic.provider(provider).sentFirst = true;
    }

    @Test
    void codesLostBeforeWebhooksWereCutOffChangeNothing() {
        traffic.provider("a").lost = 0.1;
        traffic.provider("b").lost = 0.1;
        cutOff(60, 0.1);

        assertThat(traffic.bad("a")).isFalse();
        assertThat(traffic.bad("b")).isFalse();
    }

    private void cutOff(int seconds, double lost) {
        traffic.run(CALM, 100, "a>b", "b>a");
        int before = traffic.failovers;
        traffic.webhooks = false;
        traffic.run(s(seconds), 100, "a>b", "b>a");
        traffic.webhooks = true;
        traffic.run(s(60), 100, "a>b", "b>a");
        if (lost == 0) {
            assertThat(before).isZero();
        }
    }

    @Test
    void deafnessIsToldAtOnceWhereNobodyReachesUs() {
        traffic.reachable = false;
        traffic.run(CALM, 100, "a>b");
        traffic.webhooks = false;
        traffic.run(Duration.ofMillis(16_500), 100, "a>b");
        assertThat(traffic.deaf()).isFalse();

        traffic.run(s(2), 100, "a>b");

        assertThat(traffic.deaf()).isTrue();
        assertThat(traffic.failovers).isLessThanOrEqualTo(1);
        assertThat(traffic.silences.get(Silence.DEAF)).isPositive();
        assertThat(traffic.alerts()).isEqualTo(1);
    }

    @Test
    void silenceOfBothIsDeafnessOnceProbesAreSilentToo() {
        traffic.run(CALM, 20, "a>b", "b>a");
        traffic.provider("a").silent();
        traffic.provider("b").silent();

        traffic.run(s(35), 20, "a>b", "b>a");
        assertThat(traffic.deaf()).isFalse();
        traffic.run(s(6), 20, "a>b", "b>a");

        assertThat(traffic.deaf()).isTrue();
    }

    @Test
    void atNightDeafnessCannotBeToldAndSilenceCounts() {
        traffic.run(Duration.ofMinutes(20), 1 / 60.0, "a>b");
        traffic.provider("a").silent();

        traffic.run(Duration.ofMinutes(10), 1 / 60.0, "a>b");

        assertThat(traffic.bad("a")).isTrue();
        assertThat(traffic.failovers).isBetween(5, 8);
        assertThat(traffic.silences).doesNotContainKeys(Silence.UNDECIDED, Silence.DEAF);
        assertThat(traffic.selfCalls).isZero();
    }

    @Test
    void aProviderThatDeliversAgainIsBackByItsTrickle() {
        traffic.run(CALM, 50, "a>b", "b>a");
        traffic.provider("a").silent();
        traffic.run(s(60), 50, "a>b", "b>a");
        assertThat(traffic.bad("a")).isTrue();
        traffic.provider("a").fine();

        traffic.run(s(9), 50, "a>b", "b>a");
        traffic.run(s(9), 50, "a>b", "b>a");

        assertThat(traffic.bad("a")).isFalse();
        traffic.run(Duration.ofMinutes(3), 50, "a>b", "b>a");
        assertThat(traffic.bad("a")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void losingAFifthByChanceNeverPutsAProviderOut(long seed) {
        traffic.random.setSeed(seed);
        traffic.provider("a").lost = 0.2;
        traffic.run(Duration.ofHours(1), 10, "a>b");

        assertThat(traffic.firstOut).doesNotContainKey("a");
    }

    @Test
    void badReceiptsActAtOnce() {
        traffic.run(CALM, 50, "a>b");
        traffic.provider("a").lost = 1;
        traffic.provider("a").why = ReasonClass.NO_ROUTE;
        traffic.provider("a").latency = Duration.ofMillis(200);

        traffic.run(s(4), 50, "a>b");

        assertThat(outAfter(CALM, "a")).isLessThan(s(4));
    }

    @Test
    void badReceiptsThatAreFasterThanGoodOnesDoNotCondemn() {
        traffic.provider("a").lost = 0.3;
        traffic.provider("a").why = ReasonClass.NO_ROUTE;
        traffic.run(s(3), 100, "a>b"); // good and bad ones take the same time here
        var slow = new Traffic();
        for (int i = 0; i < 300; i++) {
            var copy = slow.health.submitted("x" + i, "a", Traffic.COUNTRY, true, true);
            if (i % 10 < 3) {
                slow.time.after(Duration.ofMillis(100), () -> copy.undelivered(ReasonClass.NO_ROUTE));
            } else {
                slow.time.after(s(5), copy::delivered);
            }
            slow.time.advance(Duration.ofMillis(10));
        }

        assertThat(slow.bad("a")).isFalse();
        slow.time.advance(s(30));
        assertThat(slow.health.isOut("a", Traffic.COUNTRY, true)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"RECIPIENT_INVALID", "RECIPIENT_UNREACHABLE", "OPTED_OUT", "CONTENT"})
    void whatIsTheHandsetsFaultIsNotTheProviders(ReasonClass why) {
        traffic.provider("a").lost = 1;
        traffic.provider("a").why = why;

        traffic.run(s(60), 20, "a>b");

        assertThat(traffic.bad("a")).isFalse();
    }

    @Test
    void aCountryWithoutHandsetReportsIsNeverOutAndItsClocksStop() {
        traffic.provider("a").sentOnly = true;

        traffic.run(Duration.ofMinutes(20), 5, "a>b");

        assertThat(traffic.firstOut).isEmpty();
        assertThat(traffic.failovers).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a>b", "a"})
    void aBurstOfBadReceiptsWhereHandsetsDoNotReportIsOverOnceTheyStop(String route) {
        traffic.provider("a").sentOnly = true;
        traffic.run(Duration.ofMinutes(10), 5, route);
        traffic.provider("a").sentOnly = false;
        traffic.provider("a").lost = 1;
        traffic.provider("a").why = ReasonClass.UNAVAILABLE;
        traffic.run(s(30), 5, route);
        assertThat(traffic.bad("a")).isTrue();

        traffic.provider("a").fine();
        traffic.provider("a").sentOnly = true;
        traffic.run(s(19), 5, route);
        assertThat(traffic.bad("a")).isTrue();
        traffic.run(route.equals("a") ? Duration.ofMinutes(10) : s(30), 5, route);

        assertThat(traffic.bad("a")).isFalse();
    }

    /** Its bad receipts come long after its sent. */
    @Test
    void sentIsNoArrivalWhileBadReceiptsFollow() {
        traffic.provider("a").sentFirst = true;
        traffic.provider("a").lost = 1;
        traffic.provider("a").why = ReasonClass.UNAVAILABLE;
        traffic.provider("a").latency = s(15);
        traffic.run(s(60), 5, "a>b");
        assertThat(traffic.bad("a")).isTrue();

        traffic.firstOut.clear();
        for (int i = 0; i < 300; i++) {
            traffic.run(s(1), 5, "a>b");
            assertThat(traffic.bad("a")).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.3, 1, 5, 100})
    void stoppingAtSentWhereHandsetsReportIsSeenAtAnyRate(double perSecond) {
        double minutes = Math.max(10, 4 / perSecond);
        traffic.run(Duration.ofMinutes((long) minutes), perSecond, "a>b");
        traffic.provider("a").sentOnly = true;

        traffic.run(Duration.ofMinutes(8), perSecond, "a>b");

        assertThat(traffic.firstOut).containsKey("a");
        traffic.provider("a").fine();
        traffic.run(Duration.ofMinutes((long) Math.max(1, 2 / perSecond)), perSecond, "a>b");
        assertThat(traffic.bad("a")).isFalse();
        traffic.firstOut.clear();
        traffic.provider("a").sentOnly = true;
        traffic.run(Duration.ofMinutes(8), perSecond, "a>b");
        assertThat(traffic.firstOut).as("the record outlived the outage").containsKey("a");
    }

    /** That handsets report was found out by those before. */
    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.3, 1, 5, 100})
    void stoppingAtSentIsSeenByAProcessThatStartsMeanwhile(double perSecond) {
        var restarted = new Traffic((provider, country) -> country.equals(Traffic.COUNTRY));
        restarted.provider("a").sentOnly = true;

        restarted.run(Duration.ofMinutes(8), perSecond, "a>b");

        assertThat(restarted.firstOut).containsKey("a");
        restarted.provider("a").fine();
        restarted.run(Duration.ofMinutes((long) Math.max(1, 2 / perSecond)), perSecond, "a>b");
        assertThat(restarted.bad("a")).isFalse();
    }

    @Test
    void ofHandsetsOnesOwnRecordIsBelievedBeforeOthers() {
        var restarted = new Traffic((provider, country) -> true);
        restarted.provider("a").lost = 0.35;
        restarted.run(Duration.ofMinutes(2), 5, "a>b");
        assertThat(restarted.firstOut).isEmpty();
        restarted.provider("a").fine();
        restarted.provider("a").sentOnly = true;

        restarted.run(Duration.ofMinutes(8), 5, "a>b");

        assertThat(restarted.firstOut).isEmpty();
    }

    @Test
    void whereAllAreBadItIsTheCountry() {
        traffic.run(CALM, 50, "a>b", "b>a");
        for (String name : new String[] {"a", "b"}) {
            traffic.provider(name).lost = 1;
            traffic.provider(name).why = ReasonClass.NO_ROUTE;
        }
        traffic.run(s(30), 50, "a>b", "b>a");

        assertThat(traffic.countryBad()).isTrue();
        assertThat(traffic.health.isOut("a", Traffic.COUNTRY, true)).isFalse();
        assertThat(traffic.health.isOut("b", Traffic.COUNTRY, true)).isFalse();
        traffic.provider("a").fine();
        traffic.provider("b").fine();
        traffic.run(s(30), 50, "a>b", "b>a");
        assertThat(traffic.countryBad()).isFalse();
        assertThat(traffic.bad("a")).isFalse();
        assertThat(traffic.bad("b")).isFalse();
    }

    @Test
    void twoBadAndAThirdGoodAreOut() {
        String[] orders = {"a>c", "b>c", "c"};
        traffic.run(CALM, 50, orders);
        for (String name : new String[] {"a", "b"}) {
            traffic.provider(name).lost = 1;
            traffic.provider(name).why = ReasonClass.NO_ROUTE;
        }
        traffic.run(s(30), 50, orders);

        assertThat(traffic.countryBad()).isFalse();
        assertThat(traffic.health.isOut("a", Traffic.COUNTRY, true)).isTrue();
        assertThat(traffic.health.isOut("b", Traffic.COUNTRY, true)).isTrue();
    }

    @Test
    void theOnlyProviderIsNeverOut() {
        traffic.run(CALM, 20, "a");
        traffic.provider("a").lost = 0.55;
        traffic.provider("a").why = ReasonClass.NO_ROUTE;
        traffic.run(Duration.ofMinutes(10), 20, "a");

        assertThat(traffic.firstOut).isEmpty();
        assertThat(traffic.countryBad()).isTrue();
        traffic.provider("a").fine();
        traffic.run(s(30), 20, "a");
        assertThat(traffic.bad("a")).isFalse();
        assertThat(traffic.countryBad()).isFalse();
    }

    @Test
    void losingNineOfTenIsBadThoughItIsHeardNowAndThen() {
        traffic.run(CALM, 5, "a>b");
        traffic.provider("a").lost = 0.9;

        traffic.run(s(60), 5, "a>b");

        assertThat(traffic.firstOut).containsKey("a");
        assertThat(traffic.alerts()).isZero();
    }

    private Duration outAfter(Duration start, String provider) {
        assertThat(traffic.firstOut).containsKey(provider);
        return traffic.firstOut.get(provider).minus(start);
    }

    private static Duration s(int seconds) {
        return Duration.ofSeconds(seconds);
    }
}
