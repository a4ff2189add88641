package dev.petrel.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.petrel.availability.CountryState;
import dev.petrel.availability.Sighting;
import dev.petrel.console.Board.Cell;
import dev.petrel.console.Board.Decision;
import dev.petrel.console.Board.Finding;
import dev.petrel.console.Board.Health;
import dev.petrel.console.Board.Level;
import dev.petrel.console.Board.State;
import dev.petrel.message.Advice;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.ReceiptState;
import dev.petrel.message.Skip;
import dev.petrel.message.SkipReason;
import dev.petrel.message.Status;
import dev.petrel.message.SubmitResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConsoleTest {
    private static final Instant START = Instant.parse("2026-11-24T04:00:00Z");
    private static final String TWILIO = "twilio-main";
    private static final String SNS = "sns-eu";

    private final Console console = new Console();
    private final List<CountryState> countries = new ArrayList<>();
    private long now = START.toEpochMilli();
    private long requests;

    @BeforeEach
    void twoInstances() {
        lines("closed", null);
    }

    @Test
    void aProviderThatHangsIsFoundWithCountryTimeReasonAndWhatWasDone() {
        codes(20, "US", TWILIO);
        codes(20, "CA", SNS);
        passes(Duration.ofSeconds(60));
        long died = now;
        for (int code = 0; code < 27; code++) {
            failsOver("US", TWILIO, ReasonClass.AMBIGUOUS, SNS);
        }
        lines("open", at(died));
        for (int code = 0; code < 10; code++) {
            passesOver("US", TWILIO, SkipReason.BREAKER_OPEN, SNS);
        }
        countries.add(country(CountryState.ALL, CountryState.State.OK, 0.99));

        Board board = board();

        Finding finding = board.findings().get(0);
        assertThat(board.findings()).hasSize(1);
        assertThat(finding.title()).isEqualTo("twilio-main fails in US");
        assertThat(finding.since()).isEqualTo(at(died));
        assertThat(finding.what()).isEqualTo("27 of 27: no answer in time");
        assertThat(finding.done())
                .isEqualTo("its breaker is open at 2 of 2 instances; codes go to sns-eu instead (37 so far)");
        assertThat(finding.may()).anyMatch(word -> word.startsWith("nothing")).anyMatch(word -> word.contains("drain"));
        assertThat(finding.drain()).isEqualTo(TWILIO);
        assertThat(finding.level()).isEqualTo(Level.WARN);
        assertThat(board.verdict().words()).isEqualTo("twilio-main fails in US. Codes arrive all the same");
        assertThat(cell(board, TWILIO, "US").health()).isEqualTo(Health.FAILING);
        assertThat(cell(board, TWILIO, "US").since()).isEqualTo(at(died));
        assertThat(cell(board, SNS, "US").health()).isEqualTo(Health.OK);
        assertThat(cell(board, SNS, "CA").health()).isEqualTo(Health.QUIET); // a minute ago
    }

    @Test
    void whereUsersFeelItItIsBad() {
        for (int code = 0; code < 10; code++) {
            failsOver("IN", TWILIO, ReasonClass.NO_ROUTE, SNS);
        }
        countries.add(country("IN", CountryState.State.DEGRADED, 0.7));

        Board board = board();

        assertThat(board.findings())
                .extracting(Finding::title)
                .containsExactly("twilio-main fails in IN", "IN is degraded");
        assertThat(board.findings()).extracting(Finding::level).containsOnly(Level.BAD);
        assertThat(board.findings().get(0).country()).isEqualTo("IN");
        assertThat(board.findings().get(1).what()).isEqualTo("70 % of the latest 40 codes were in hand within 30 s");
        assertThat(board.verdict().words()).isEqualTo("twilio-main fails in IN, and 1 more");
    }

    /** No breaker opens at 25 of 100. */
    @Test
    void aQuarterOfFailuresIsAWarning() {
        countries.add(country(CountryState.ALL, CountryState.State.OK, 0.99));
        long began = now;
        for (int code = 0; code < 40; code++) {
            failsOver("US", TWILIO, ReasonClass.SERVER_ERROR, SNS);
            codes(3, "US", TWILIO);
        }
        lines("closed", null);

        assertThat(board().findings()).singleElement().satisfies(finding -> {
            assertThat(finding.title()).isEqualTo("twilio-main fails in US");
            assertThat(finding.what()).contains(" of ").contains(": its own error (5xx)");
            assertThat(finding.level()).isEqualTo(Level.WARN);
            assertThat(finding.since()).isBetween(at(began), at(began).plusSeconds(10));
        });
    }

    @Test
    void thousandsOfCodesThatGoAnotherWayForOneReasonAreOneDecision() {
        for (int code = 0; code < 500; code++) {
            failsOver("US", TWILIO, ReasonClass.SERVER_ERROR, SNS);
        }
        long ended = now - 10;
        passes(Duration.ofSeconds(40));

        Decision decision = board().decisions().get(0);

        assertThat(board().decisions()).hasSize(1);
        assertThat(decision.from()).isEqualTo(TWILIO);
        assertThat(decision.to()).isEqualTo(SNS);
        assertThat(decision.words()).isEqualTo("its own error (5xx)");
        assertThat(decision.codes()).isEqualTo(500);
        assertThat(decision.at()).isBetween(START, START.plusMillis(100));
        assertThat(decision.last()).isEqualTo(at(ended));
        assertThat(decision.over()).isTrue();
    }

    @Test
    void afterAMinuteWithoutAnyItIsANewDecision() {
        failsOver("US", TWILIO, ReasonClass.UNAVAILABLE, SNS);
        passes(Duration.ofSeconds(61));
        long again = now;
        failsOver("US", TWILIO, ReasonClass.UNAVAILABLE, SNS);

        assertThat(board().decisions()).singleElement().satisfies(decision -> {
            assertThat(decision.codes()).isEqualTo(1);
            assertThat(decision.at()).isBetween(at(again), at(now));
            assertThat(decision.over()).isFalse();
        });
    }

    @Test
    void whoIsWellAgainIsShownSoWithinSeconds() {
        for (int code = 0; code < 100; code++) {
            failsOver("US", TWILIO, ReasonClass.SERVER_ERROR, SNS);
        }
        passesOver("US", TWILIO, SkipReason.BREAKER_OPEN, SNS);
        assertThat(cell(board(), TWILIO, "US").health()).isEqualTo(Health.FAILING);
        passes(Duration.ofSeconds(20));

        codes(20, "US", TWILIO);

        Cell cell = cell(board(), TWILIO, "US");
        assertThat(cell.health()).isEqualTo(Health.OK);
        assertThat(cell.attempts()).isEqualTo(120); // of the minute
        assertThat(cell.since()).isNull();
    }

    @Test
    void whoTakesCodesThatDoNotArriveIsSilent() {
        for (int code = 0; code < 10; code++) {
            long request = begin();
            attempt(request, "US", TWILIO, null);
            passes(Duration.ofMillis(10));
            saw(request, "US", Status.UNDELIVERED, false, null, ReasonClass.AMBIGUOUS, null, List.of());
            attempt(request, "US", SNS, null);
            passes(Duration.ofMillis(10));
            saw(request, "US", Status.RECEIPT, false, ReceiptState.DELIVERED, null, SNS, List.of());
        }

        Board board = board();

        Cell cell = cell(board, TWILIO, "US");
        assertThat(cell.health()).isEqualTo(Health.SILENT);
        assertThat(cell.words()).isEqualTo("10 of 10 not delivered");
        assertThat(board.decisions()).singleElement().satisfies(decision -> {
            assertThat(decision.why()).isEqualTo("silence");
            assertThat(decision.words()).isEqualTo("no receipt in time");
            assertThat(decision.codes()).isEqualTo(10);
        });
        assertThat(board.findings())
                .singleElement()
                .extracting(Finding::title)
                .isEqualTo("twilio-main takes codes that do not arrive in US");
    }

    @Test
    void whatIsTheRecipientsFaultIsNobodysFailure() {
        for (int code = 0; code < 10; code++) {
            long request = begin();
            attempt(request, "US", TWILIO, ReasonClass.RECIPIENT_INVALID);
            saw(request, "US", Status.FAILED, true, null, ReasonClass.RECIPIENT_INVALID, null, List.of());
        }

        assertThat(cell(board(), TWILIO, "US").health()).isEqualTo(Health.OK);
        assertThat(board().findings()).isEmpty();
    }

    @Test
    void whoIsDrainedIsOutAndNoFinding() {
        for (int code = 0; code < 10; code++) {
            passesOver("US", TWILIO, SkipReason.DRAINED, SNS);
        }

        assertThat(cell(board(), TWILIO, "US").health()).isEqualTo(Health.OUT);
        assertThat(cell(board(), TWILIO, "US").words()).isEqualTo("drained by an operator");
        assertThat(board().findings()).isEmpty();
        assertThat(board().decisions())
                .singleElement()
                .extracting(Decision::words)
                .isEqualTo("drained by an operator");
    }

    @Test
    void whoHasNoProviderIsTold() {
        long request = begin();
        saw(
                request,
                "IN",
                Status.FAILED,
                true,
                null,
                ReasonClass.NO_PROVIDER,
                null,
                List.of(new Skip(TWILIO, SkipReason.DRAINED), new Skip(SNS, SkipReason.DRAINED)));

        assertThat(board().findings()).singleElement().satisfies(finding -> {
            assertThat(finding.title()).isEqualTo("IN: no provider left");
            assertThat(finding.level()).isEqualTo(Level.BAD);
        });
    }

    @Test
    void anInstanceWhoseLineIsOldIsLateAndItsPartitionsUnowned() {
        board();
        passes(Duration.ofSeconds(5));
        console.heard(line("petrel-0", List.of(0, 1), "closed", null));
        passes(Duration.ofSeconds(3));
        assertThat(board().findings()).extracting(Finding::title).containsExactly("petrel-1 has fallen silent");
        passes(Duration.ofSeconds(6));
        console.heard(line("petrel-0", List.of(0, 1), "closed", null));

        Board board = board();

        assertThat(board.instances()).extracting(Board.Instance::state).containsExactly(State.OK, State.LATE);
        assertThat(board.unowned()).containsExactly(2, 3);
        assertThat(board.findings())
                .extracting(Finding::title)
                .containsExactly("2 of the request partitions have no owner", "petrel-1 has fallen silent");
        assertThat(board.findings().get(0).since()).isEqualTo(at(now).minusSeconds(6));
        console.left("petrel-1");
        assertThat(board().instances()).hasSize(1);
    }

    @Test
    void whereNothingIsWrongItSaysSoInNumbers() {
        passes(Duration.ofSeconds(600));
        codes(600, "US", TWILIO); // one each 100 ms
        countries.add(country(CountryState.ALL, CountryState.State.OK, 0.978));
        lines("closed", null);

        Board board = board();

        assertThat(board.findings()).isEmpty();
        assertThat(board.verdict().level()).isEqualTo(Level.OK);
        assertThat(board.verdict().words())
                .isEqualTo("All is well: 10.0 codes a second, 97 % are in hand within 30 s; 2 instances");
        Cell cell = cell(board, TWILIO, "US");
        assertThat(cell.share()).isEqualTo(1.0);
        assertThat(Objects.requireNonNull(cell.answerP50())).isCloseTo(0.080, within(0.016));
        assertThat(board.series().requests()).hasSize(90).endsWith(100, 100, 0);
        assertThat(board.series().inHand()).hasSize(90).endsWith(100, 100, 0);
    }

    @Test
    void timeToTheHandsetIsThatOfTheReceipt() {
        for (int code = 0; code < 10; code++) {
            long request = begin();
            attempt(request, "US", TWILIO, null);
            passes(Duration.ofSeconds(4));
            saw(request, "US", Status.RECEIPT, false, ReceiptState.DELIVERED, null, TWILIO, List.of());
            saw(request, "US", Status.DELIVERED, true, null, null, null, List.of());
        }

        Cell cell = cell(board(), TWILIO, "US");

        assertThat(cell.delivered()).isEqualTo(10);
        assertThat(cell.receipts()).isTrue();
        assertThat(Objects.requireNonNull(cell.inHandP95())).isCloseTo(4, within(0.8));
        assertThat(board().series().p50())
                .filteredOn(Objects::nonNull)
                .allSatisfy(seconds -> assertThat(seconds).isCloseTo(4, within(0.8)));
    }

    @Test
    void whatNobodyUsesAnyMoreGoesAfterAQuarterOfAnHour() {
        codes(10, "US", TWILIO);
        passes(Duration.ofMinutes(15).minusSeconds(2));
        assertThat(board().cells()).hasSize(1);

        passes(Duration.ofSeconds(4));

        assertThat(board().cells()).isEmpty();
        assertThat(board().decisions()).isEmpty();
        assertThat(board().series().requests()).containsOnly(0);
    }

    @Test
    void aProviderThatRestsSaysUntilWhen() {
        console.heard(new InstanceLine(
                "petrel-0",
                at(now),
                true,
                List.of(0, 1),
                Duration.ZERO,
                0,
                0,
                0,
                0,
                Map.of(TWILIO, new InstanceLine.Provider("closed", null, 0, "resting", at(now).plusSeconds(20), 3))));

        Board board = board();

        assertThat(board.providers())
                .filteredOn(each -> each.provider().equals(TWILIO))
                .singleElement()
                .satisfies(provider -> {
                    assertThat(provider.restingUntil()).isEqualTo(at(now).plusSeconds(20));
                    assertThat(provider.shut()).isEqualTo("resting");
                    assertThat(provider.inFlight()).isEqualTo(3);
                });
        assertThat(board.findings()).extracting(Finding::title).containsExactly("twilio-main takes no more for now");
    }

    @Test
    void moreLagThanFiveSecondsOfCodesIsTold() {
        console.heard(
                new InstanceLine("petrel-0", at(now), true, List.of(0, 1), Duration.ZERO, 0, 0, 0, 101, Map.of()));

        assertThat(board().totals().lag()).isEqualTo(101);
        assertThat(board().findings())
                .extracting(Finding::title)
                .containsExactly("101 codes wait that nobody has begun");
    }

    @Test
    void whenNobodyJudgesAvailabilityThatIsTold() {
        countries.add(country(CountryState.ALL, CountryState.State.OK, 1));
        passes(Duration.ofSeconds(31));
        lines("closed", null);

        assertThat(board().findings()).extracting(Finding::title).containsExactly("nobody says whether SMS works");
    }

    @Test
    void aStoryThatIsNotReadToItsEndIsNotJudged() {
        for (int code = 0; code < 10; code++) {
            failsOver("IN", TWILIO, ReasonClass.NO_ROUTE, SNS);
        }

        Board board = console.board(at(now), 4, countries, false, "reading");

        assertThat(board.findings()).isEmpty();
        assertThat(board.verdict()).isEqualTo(new Board.Verdict(Level.WARN, "reading"));
    }

    private void codes(int count, String country, String provider) {
        for (int code = 0; code < count; code++) {
            long request = begin();
            saw(request, country, Status.SUBMITTED, true, null, null, provider, List.of(), SubmitResult.Kind.ACCEPTED);
            passes(Duration.ofMillis(100));
        }
    }

    private void failsOver(String country, String from, ReasonClass why, String to) {
        long request = begin();
        attempt(request, country, from, why);
        saw(request, country, Status.SUBMITTED, true, null, null, to, List.of(), SubmitResult.Kind.ACCEPTED);
        passes(Duration.ofMillis(10));
    }

    private void passesOver(String country, String from, SkipReason why, String to) {
        List<Skip> skipped = List.of(new Skip(from, why));
        saw(begin(), country, Status.SUBMITTED, true, null, null, to, skipped, SubmitResult.Kind.ACCEPTED);
        passes(Duration.ofMillis(10));
    }

    /** @param why null: the provider takes it */
    private void attempt(long request, String country, String provider, @Nullable ReasonClass why) {
        saw(
                request,
                country,
                why == null ? Status.SUBMITTED : Status.ATTEMPT_FAILED,
                false,
                null,
                why,
                provider,
                List.of(),
                why == null ? SubmitResult.Kind.ACCEPTED : SubmitResult.Kind.REJECTED);
    }

    private long begin() {
        begun = now;
        return ++requests;
    }

    private long begun;

    private void saw(
            long request,
            String country,
            Status status,
            boolean last,
            @Nullable ReceiptState receipt,
            @Nullable ReasonClass reason,
            @Nullable String provider,
            List<Skip> skipped) {
        saw(request, country, status, last, receipt, reason, provider, skipped, null);
    }

    private void saw(
            long request,
            String country,
            Status status,
            boolean last,
            @Nullable ReceiptState receipt,
            @Nullable ReasonClass reason,
            @Nullable String provider,
            List<Skip> skipped,
            SubmitResult.@Nullable Kind result) {
        console.saw(new Happening(
                new Sighting(request, country, status, last, receipt, reason, provider, begun, now),
                result,
                80,
                skipped));
    }

    private void lines(String breaker, @Nullable Instant since) {
        console.heard(line("petrel-0", List.of(0, 1), breaker, since));
        console.heard(line("petrel-1", List.of(2, 3), breaker, since));
    }

    private InstanceLine line(String id, List<Integer> partitions, String breaker, @Nullable Instant since) {
        return new InstanceLine(
                id,
                at(now),
                true,
                partitions,
                Duration.ofMillis(400),
                1,
                2,
                3,
                0,
                Map.of(
                        TWILIO,
                        new InstanceLine.Provider(breaker, since, 54, since == null ? null : "breaker_open", null, 0),
                        SNS,
                        new InstanceLine.Provider("closed", null, 0, null, null, 7)));
    }

    private CountryState country(String name, CountryState.State state, double share) {
        return new CountryState(name, state, at(now), 2.0, 9.0, share, 40, Advice.toWait(), at(now), List.of());
    }

    private void passes(Duration time) {
        now += time.toMillis();
    }

    private static Instant at(long millis) {
        return Instant.ofEpochMilli(millis);
    }

    private Board board() {
        return console.board(at(now), 4, countries, true, null);
    }

    private static Cell cell(Board board, String provider, String country) {
        return board.cells().stream()
                .filter(cell -> cell.key().equals(provider + "/" + country))
                .findFirst()
                .orElseThrow();
    }
}
