package dev.petrel.availability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.availability.CountryState.State;
import dev.petrel.message.Advice;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.ReceiptState;
import dev.petrel.message.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AvailabilityTest {
    private static final Instant START = Instant.parse("2026-11-24T04:05:00Z");
    private static final String PROVIDER = "twilio-main";

    private Availability availability = new Availability();
    private long requests;

    @Test
    void isOkWhileNobodyHasAskedForAnything() {
        assertThat(availability.states(START))
                .containsExactly(new CountryState(
                        "*",
                        State.OK,
                        START,
                        null,
                        null,
                        null,
                        0,
                        new Advice(Advice.Next.WAIT, null, false),
                        START,
                        List.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "1000, 900, OK, 0.9",
        "1000, 899, DEGRADED, 0.899",
        "1000, 500, DEGRADED, 0.5",
        "1000, 499, DOWN, 0.499",
        "10, 9, OK, 0.9",
        "10, 8, DEGRADED, 0.8",
        "10, 5, DEGRADED, 0.5",
        "10, 4, DOWN, 0.4"
    })
    void theShareDecides(int asked, int inHand, State state, double share) {
        ask(inHand, 0, Outcome.DELIVERED);
        ask(asked - inHand, 0, Outcome.FAILED);

        CountryState us = at(3, "US");
        assertThat(us.state()).isEqualTo(state);
        assertThat(us.inHandShare()).isEqualTo(share);
        assertThat(us.requests()).isEqualTo(asked);
        assertThat(us.advice().next()).isEqualTo(state == State.OK ? Advice.Next.WAIT : Advice.Next.OTHER_FACTOR);
        assertThat(us.advice().chargeUser()).isFalse();
        assertThat(at(3, "*").state()).isEqualTo(state);
    }

    @Test
    void nineAreTooFewToMakeItWorse() {
        ask(9, 0, Outcome.FAILED);
        assertThat(at(3, "US").state()).isEqualTo(State.OK);

        ask(1, 3, Outcome.FAILED);
        assertThat(at(6, "US").state()).isEqualTo(State.DOWN);
    }

    @Test
    void theLastMinuteCountsAloneOnceItHoldsTen() {
        ask(10, 0, Outcome.FAILED);
        ask(9, 100, Outcome.DELIVERED);
        assertThat(at(103, "US").inHandShare()).isEqualTo(0.9); // the last 10: one of them is older

        ask(1, 103, Outcome.DELIVERED);
        assertThat(at(106, "US").inHandShare()).isEqualTo(1.0);
        assertThat(at(160, "US").requests()).isEqualTo(10);
    }

    @Test
    void oneAMinuteIsEnough() {
        for (int minute = 0; minute < 10; minute++) {
            ask(1, minute * 60, minute < 8 ? Outcome.DELIVERED : Outcome.FAILED);
            CountryState us = at(minute * 60 + 5, "US");
            assertThat(us.state()).isEqualTo(minute < 9 ? State.OK : State.DEGRADED);
        }
    }

    @Test
    void whatIsOlderThanTenMinutesSaysNothing() {
        ask(10, 0, Outcome.FAILED);

        assertThat(at(600, "US").requests()).isEqualTo(10);
        assertThat(at(601, "US").requests()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"4, DOWN, DEGRADED", "8, DEGRADED, DEGRADED", "10, OK, OK"})
    void withoutTrafficDownEndsAfterTenMinutesAndTheRestStaysAsItIs(int inHand, State before, State after) {
        ask(inHand, 0, Outcome.DELIVERED);
        ask(10 - inHand, 0, Outcome.FAILED);
        assertThat(at(3, "US").state()).isEqualTo(before);

        assertThat(at(602.999, "US").state()).isEqualTo(before);
        assertThat(at(603, "US").state()).isEqualTo(after);
        assertThat(at(603, "*").state()).isEqualTo(after);
        assertThat(at(3600, "US").state()).isEqualTo(after);
        assertThat(at(3600, "US").inHandShare()).isNull();
    }

    @Test
    void staysDownWhileEnoughIsMeasured() {
        for (int second = 0; second < 1800; second += 50) {
            ask(1, second, Outcome.FAILED);
            assertThat(at(second + 3, "US").state()).isEqualTo(second < 450 ? State.OK : State.DOWN);
        }
    }

    /** They send nothing while it is down. */
    @Test
    void clientsThatObeyComeBackOnceCodesArriveAgain() {
        int cutAt = 60;
        int wellAt = 900;
        int backAt = Integer.MAX_VALUE;
        int sentInVain = 0;
        State state = State.OK;
        for (int second = 0; second < 2400; second++) {
            boolean cut = second >= cutAt && second < wellAt;
            if (state != State.DOWN) {
                ask(10, second, cut ? Outcome.TAKEN : Outcome.DELIVERED);
                sentInVain += cut ? 10 : 0;
            }
            state = at(second + 0.999, "US").state();
            if (state == State.OK && second > cutAt + 30) {
                backAt = Math.min(backAt, second);
            }
        }

        assertThat(state).isEqualTo(State.OK);
        assertThat(backAt).isBetween(wellAt + 120, wellAt + 600 + 130);
        assertThat(sentInVain).isLessThan(500);
    }

    @Test
    void comesBackAfterTwoMinutesOfBetter() {
        ask(10, 0, Outcome.FAILED);
        assertThat(at(3, "US").state()).isEqualTo(State.DOWN);

        ask(10, 100, Outcome.DELIVERED);
        assertThat(at(102, "US").state()).isEqualTo(State.DOWN);
        assertThat(at(221, "US").state()).isEqualTo(State.DOWN);
        assertThat(at(222, "US").state()).isEqualTo(State.OK);
        assertThat(at(223, "US").since()).isEqualTo(START.plusSeconds(222));
    }

    @Test
    void aSetbackBeginsTheTwoMinutesAnew() {
        ask(10, 0, Outcome.FAILED);
        assertThat(at(3, "US").state()).isEqualTo(State.DOWN);
        ask(10, 100, Outcome.DELIVERED);
        assertThat(at(102, "US").state()).isEqualTo(State.DOWN);
        ask(20, 150, Outcome.FAILED);
        assertThat(at(152, "US").state()).isEqualTo(State.DOWN);

        ask(20, 215, Outcome.DELIVERED);
        assertThat(at(222, "US").state()).isEqualTo(State.DOWN);
        assertThat(at(341, "US").state()).isEqualTo(State.DOWN);
        assertThat(at(342, "US").state()).isEqualTo(State.OK);
    }

    @Test
    void fromDownItMayComeBackHalfWay() {
        ask(10, 0, Outcome.FAILED);
        assertThat(at(3, "US").state()).isEqualTo(State.DOWN);

        ask(7, 100, Outcome.DELIVERED);
        ask(3, 100, Outcome.FAILED);
        assertThat(at(102, "US").state()).isEqualTo(State.DOWN);
        assertThat(at(221, "US").state()).isEqualTo(State.DOWN);
        assertThat(at(222, "US").state()).isEqualTo(State.DEGRADED);
    }

    @Test
    void aFewMayMakeItBetter() {
        ask(10, 0, Outcome.FAILED);
        assertThat(at(3, "US").state()).isEqualTo(State.DOWN);

        ask(1, 600.5, Outcome.DELIVERED);
        assertThat(at(602.5, "US").state()).isEqualTo(State.DOWN);
        assertThat(at(722.4, "US").state()).isEqualTo(State.DEGRADED);
        assertThat(at(722.5, "US").state()).isEqualTo(State.OK);
    }

    @Test
    void inHandAfterHalfAMinuteIsTooLate() {
        for (int i = 0; i < 10; i++) {
            long id = ++requests;
            saw(id, "US", Status.SUBMITTED, false, null, null, 0, 1000);
            saw(id, "US", Status.DELIVERED, true, null, null, 0, i < 5 ? 30_000 : 30_001);
        }

        assertThat(at(31, "US").inHandShare()).isEqualTo(0.5);
        assertThat(at(31, "US").p95Seconds()).isEqualTo(30);
    }

    @Test
    void theUndecidedCountOnceTheyAreOlderThanTwiceTheUsual() {
        ask(100, 0, Outcome.DELIVERED, 4_000);
        ask(100, 50, Outcome.TAKEN);

        assertThat(at(57.999, "US").requests()).isEqualTo(100);
        assertThat(at(58, "US").requests()).isEqualTo(200);
        assertThat(at(58, "US").state()).isEqualTo(State.DEGRADED);
    }

    @Test
    void patienceIsFiveSecondsAtLeast() {
        ask(20, 0, Outcome.DELIVERED, 100);
        ask(20, 10, Outcome.TAKEN);

        assertThat(at(14.999, "US").requests()).isEqualTo(20);
        assertThat(at(15, "US").requests()).isEqualTo(40);
    }

    @Test
    void patienceIsHalfAMinuteWhereNothingIsKnown() {
        ask(20, 0, Outcome.TAKEN);

        assertThat(at(29.999, "US").requests()).isZero();
        assertThat(at(30, "US").state()).isEqualTo(State.DOWN);
    }

    @Test
    void whatComesIntoHandAfterAllCountsSo() {
        ask(20, 0, Outcome.DELIVERED, 100);
        long first = requests;
        ask(20, 10, Outcome.TAKEN);
        assertThat(at(16, "US").state()).isEqualTo(State.DEGRADED);
        for (long id = first + 1; id <= requests; id++) {
            saw(id, "US", Status.RECEIPT, false, ReceiptState.DELIVERED, null, 10_000, 16_000);
        }

        assertThat(at(17, "US").inHandShare()).isEqualTo(1.0);
    }

    @ParameterizedTest
    @EnumSource(
            value = ReasonClass.class,
            names = {
                "RECIPIENT_INVALID",
                "RECIPIENT_UNREACHABLE",
                "OPTED_OUT",
                "CONTENT",
                "DENIED",
                "LIMIT",
                "INVALID",
                "FRAUD_BLOCKED",
                "GEO_BLOCKED"
            })
    void whatSaysNothingOfSmsDoesNotCount(ReasonClass reason) {
        ask(10, 0, Outcome.DELIVERED);
        for (int i = 0; i < 50; i++) {
            saw(++requests, "US", Status.FAILED, true, null, reason, 0, 1000);
        }

        assertThat(at(31, "US").requests()).isEqualTo(10);
    }

    @ParameterizedTest
    @EnumSource(
            value = Status.class,
            names = {"REJECTED", "SUPERSEDED"})
    void whatWasNotToBeSentDoesNotCountWhateverIsToldLater(Status status) {
        for (int i = 0; i < 50; i++) {
            saw(++requests, "US", status, true, null, null, 0, 1000);
            saw(requests, "US", Status.SUBMITTED, false, null, null, 0, 2000);
        }

        assertThat(at(31, "US").requests()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"FAILED, UNAVAILABLE", "FAILED, FILTERED", "EXPIRED, EXPIRED", "UNCONFIRMED,"})
    void whatFailedIsNotInHandAtOnce(Status status, @Nullable ReasonClass reason) {
        for (int i = 0; i < 10; i++) {
            saw(++requests, "US", status, true, null, reason, 0, 1000);
        }

        assertThat(at(1, "US").state()).isEqualTo(State.DOWN);
    }

    @Test
    void takenIsInHandWhereNoReceiptWillCome() {
        for (int i = 0; i < 10; i++) {
            saw(++requests, "US", Status.SUBMITTED, true, null, null, 0, 1000);
        }

        assertThat(at(1, "US").inHandShare()).isEqualTo(1.0);
        assertThat(at(1, "US").medianSeconds()).isEqualTo(1);
    }

    @Test
    void enrouteIsTheLastWordWhereNoHandsetsAreReported() {
        ask(20, 0, Outcome.ENROUTE);

        assertThat(at(10, "US").inHandShare()).isEqualTo(1.0);
    }

    @ParameterizedTest
    @CsvSource({"40, false", "39, true"})
    void enrouteIsNoLastWordOnceFourOfFiveWereDelivered(int delivered, boolean lastWord) {
        ask(delivered, 0, Outcome.DELIVERED);
        ask(50 - delivered, 0, Outcome.TAKEN);
        ask(100, 100, Outcome.ENROUTE);

        assertThat(at(130, "US").inHandShare()).isEqualTo(lastWord ? 1.0 : 0.0);
    }

    @Test
    void handsetsAreOneCountrysOnly() {
        ask(50, 0, Outcome.DELIVERED);
        for (int i = 0; i < 20; i++) {
            saw(++requests, "DE", Status.RECEIPT, false, ReceiptState.ENROUTE, null, 0, 1000);
        }

        assertThat(at(10, "DE").inHandShare()).isEqualTo(1.0);
    }

    @ParameterizedTest
    @CsvSource({"40, true", "39, false"})
    void tellsWhoReportsHandsets(int delivered, boolean reports) {
        ask(delivered, 0, Outcome.DELIVERED);
        ask(50 - delivered, 0, Outcome.TAKEN);

        assertThat(at(40, "US").handsetsReport()).isEqualTo(reports ? List.of(PROVIDER) : List.of());
        assertThat(at(40, "*").handsetsReport()).isEmpty();
    }

    /** In the middle of an outage that stops at {@code sent}. */
    @Test
    void aNewOwnerKnowsThatHandsetsReport() {
        ask(50, 0, Outcome.DELIVERED);
        ask(100, 100, Outcome.ENROUTE);
        CountryState told = at(150, "US");
        assertThat(told.state()).isEqualTo(State.DOWN);

        Availability next = new Availability();
        next.resume(told);
        availability = next;
        for (int second = 150; second < 400; second++) {
            ask(10, second, Outcome.ENROUTE);
            CountryState us = at(second, "US");
            assertThat(us.state()).isEqualTo(State.DOWN);
            assertThat(us.handsetsReport()).containsExactly(PROVIDER);
        }
    }

    @ParameterizedTest
    @CsvSource({"11, false, false", "10, false, true", "11, true, true"})
    void codesThatAreTypedAndNotReportedEndIt(int typed, boolean attemptedElsewhere, boolean reports) {
        ask(50, 0, Outcome.DELIVERED);
        long first = requests;
        ask(50, 100, Outcome.ENROUTE);
        for (long id = first + 1; id <= first + typed; id++) {
            if (attemptedElsewhere) {
                availability.saw(new Sighting(
                        id, "US", Status.SUBMITTED, false, null, null, "sns-eu", millis(100_000), millis(121_000)));
            }
            availability.saw(new Sighting(
                    id,
                    "US",
                    Status.DELIVERED,
                    true,
                    null,
                    ReasonClass.VERIFIED,
                    null,
                    millis(100_000),
                    millis(125_000)));
        }
        assertThat(at(130, "US").handsetsReport()).containsExactly(PROVIDER);

        ask(1, 140, Outcome.ENROUTE);
        assertThat(at(141, "US").handsetsReport()).isEqualTo(reports ? List.of(PROVIDER) : List.of());
    }

    @Test
    void tellsHowLongItTook() {
        for (int i = 1; i <= 100; i++) {
            saw(++requests, "US", Status.DELIVERED, true, null, null, 0, i * 100L);
        }

        CountryState us = at(20, "US");
        assertThat(us.medianSeconds()).isEqualTo(5);
        assertThat(us.p95Seconds()).isEqualTo(9.5);
    }

    @Test
    void countriesAreJudgedByThemselves() {
        ask(30, 0, Outcome.DELIVERED);
        for (int i = 0; i < 10; i++) {
            saw(++requests, "DE", Status.FAILED, true, null, ReasonClass.UNAVAILABLE, 0, 1000);
        }

        assertThat(at(3, "US").state()).isEqualTo(State.OK);
        assertThat(at(3, "DE").state()).isEqualTo(State.DOWN);
        assertThat(at(3, "*").inHandShare()).isEqualTo(0.75);
    }

    @Test
    void lagCountsFromTenOn() {
        ask(20, 0, Outcome.DELIVERED);
        availability.lag(9);
        assertThat(at(3, "US").state()).isEqualTo(State.OK);

        availability.lag(10);
        assertThat(at(4, "US").state()).isEqualTo(State.DEGRADED);
        assertThat(at(4, "*").requests()).isEqualTo(30);
    }

    @Test
    void lagIsDividedByTheCountriesShares() {
        ask(75, 0, Outcome.DELIVERED);
        for (int i = 0; i < 25; i++) {
            saw(++requests, "DE", Status.DELIVERED, true, null, null, 0, 1000);
        }
        availability.lag(100);

        assertThat(at(3, "US").requests()).isEqualTo(150);
        assertThat(at(3, "DE").requests()).isEqualTo(50);
    }

    @Test
    void lagCountsInFullForEachWhereNothingElseIsKnown() {
        ask(1, 0, Outcome.DELIVERED);
        availability.lag(10);

        assertThat(at(1000, "US").state()).isEqualTo(State.DOWN);
        assertThat(at(1000, "*").state()).isEqualTo(State.DOWN);
    }

    @Test
    void goesOnFromWhatWasTold() {
        Instant before = START.minusSeconds(500);
        availability.resume(new CountryState(
                "FR", State.DOWN, before, null, null, 0.1, 40, State.DOWN.advice(), START.minusSeconds(5), List.of()));

        assertThat(at(0, "FR").state()).isEqualTo(State.DOWN);
        assertThat(at(0, "FR").since()).isEqualTo(before);
    }

    @Test
    void ofVeryManyItRemembersAPart() {
        ask(60_000, 0, Outcome.DELIVERED);
        ask(60_000, 0, Outcome.FAILED);

        CountryState us = at(3, "US");
        assertThat(us.inHandShare()).isBetween(0.47, 0.53);
        assertThat(us.requests()).isBetween(114_000L, 126_000L);
    }

    private enum Outcome {
        DELIVERED,
        FAILED,
        TAKEN,
        ENROUTE
    }

    private void ask(int count, double second, Outcome outcome) {
        ask(count, second, outcome, 2_000);
    }

    /** @param tookMillis for each of its events */
    private void ask(int count, double second, Outcome outcome, long tookMillis) {
        long at = Math.round(second * 1000);
        for (int i = 0; i < count; i++) {
            long id = ++requests;
            if (outcome != Outcome.FAILED) {
                saw(id, "US", Status.SUBMITTED, false, null, null, at, at + tookMillis / 2);
            }
            switch (outcome) {
                case DELIVERED -> {
                    saw(id, "US", Status.RECEIPT, false, ReceiptState.DELIVERED, null, at, at + tookMillis);
                    saw(id, "US", Status.DELIVERED, true, null, null, at, at + tookMillis + 10);
                }
                case FAILED -> saw(id, "US", Status.FAILED, true, null, ReasonClass.UNAVAILABLE, at, at + tookMillis);
                case ENROUTE -> saw(id, "US", Status.RECEIPT, false, ReceiptState.ENROUTE, null, at, at + tookMillis);
                case TAKEN -> {}
            }
        }
    }

    private void saw(
            long id,
            String country,
            Status status,
            boolean last,
            @Nullable ReceiptState receipt,
            @Nullable ReasonClass reason,
            long requestedAt,
            long at) {
        availability.saw(
                new Sighting(id, country, status, last, receipt, reason, PROVIDER, millis(requestedAt), millis(at)));
    }

    private static long millis(long sinceStart) {
        return START.toEpochMilli() + sinceStart;
    }

    private CountryState at(double second, String country) {
        return availability.states(START.plus(Duration.ofMillis(Math.round(second * 1000)))).stream()
                .filter(state -> state.country().equals(country))
                .findFirst()
                .orElseThrow();
    }
}
