package dev.petrel.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.petrel.availability.CountryState;
import dev.petrel.availability.Sighting;
import dev.petrel.console.Board.Cell;
import dev.petrel.console.Board.Finding;
import dev.petrel.console.Board.Health;
import dev.petrel.console.Board.Level;
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

/** What the page says at three in the morning must be true: nights as operators live through them. */
class ConsoleOutagesTest {
    private static final long START = Instant.parse("2026-11-24T03:00:00Z").toEpochMilli();
    private static final String TWILIO = "twilio-main";
    private static final String SNS = "sns-eu";
    private static final List<String> INSTANCES = List.of("petrel-0", "petrel-1", "petrel-2");

    private final Console console = new Console();
    private final List<CountryState> countries = new ArrayList<>();
    private long now = START;
    private long requests;

    @BeforeEach
    void allIsWell() {
        countries.add(state(CountryState.ALL, CountryState.State.OK, 0.98));
        INSTANCES.forEach(instance -> line(instance, "closed", null));
    }

    @Test
    void whereAllCountriesTogetherAreDownNothingIsWell() {
        countries.clear();
        countries.add(state(CountryState.ALL, CountryState.State.DOWN, 0.2));

        Board board = board();

        assertThat(board.verdict().level()).isEqualTo(Level.BAD);
        assertThat(board.verdict().words()).isEqualTo("SMS is down");
        assertThat(board.findings().get(0).country()).isNull();
    }

    @Test
    void whereNobodyTakesTheCodesTheyAreNotSaidToArrive() {
        for (int code = 0; code < 30; code++) {
            long request = begin();
            attempt(request, "US", TWILIO, ReasonClass.SERVER_ERROR);
            attempt(request, "US", SNS, ReasonClass.SERVER_ERROR);
            attempt(request, "US", TWILIO, ReasonClass.SERVER_ERROR);
            passes(Duration.ofMillis(100));
        }

        Board board = board(); // availability has not measured it yet

        assertThat(board.verdict().level()).isEqualTo(Level.BAD);
        assertThat(board.verdict().words()).doesNotContain("arrive");
        assertThat(board.findings()).extracting(Finding::done).noneMatch(done -> done.contains("instead"));
        assertThat(board.findings()).flatExtracting(Finding::may).noneMatch(may -> may.contains("others cope"));
    }

    @Test
    void codesAreSaidToArriveOnlyWhereThatWasMeasured() {
        countries.clear();
        for (int code = 0; code < 10; code++) {
            failsOver("US", TWILIO, ReasonClass.SERVER_ERROR, SNS);
        }

        assertThat(board().verdict().words()).isEqualTo("twilio-main fails in US");
    }

    @Test
    void failuresNowAndThenAreNotTheBeginningOfAnOutage() {
        for (int second = 0; second < 600; second++) { // one in a hundred, all the time
            takes("US", TWILIO, 9);
            if (second % 10 == 0) {
                failsOver("US", TWILIO, ReasonClass.AMBIGUOUS, SNS);
                failsOver("US", TWILIO, ReasonClass.RECIPIENT_UNREACHABLE, SNS);
            }
            passes(Duration.ofSeconds(1));
        }
        long died = now;
        for (int code = 0; code < 100; code++) {
            failsOver("US", TWILIO, ReasonClass.AMBIGUOUS, SNS);
            passes(Duration.ofMillis(100));
        }
        INSTANCES.forEach(instance -> line(instance, "open", at(died + 3_000)));

        Finding finding = board().findings().get(0);

        assertThat(finding.since()).isEqualTo(at(died));
        assertThat(finding.done()).endsWith("codes go to sns-eu instead"); // how many by this outage, nobody knows
    }

    @Test
    void sinceIsWhenItBeganAndNotWhenSomebodyBeganToLook() {
        console.readsFrom(at(now));
        takes("IN", TWILIO, 10);
        passes(Duration.ofMinutes(2));
        long died = now;
        for (int code = 0; code < 300; code++) { // there is no other provider
            attempt(begin(), "IN", TWILIO, ReasonClass.NO_ROUTE);
            passes(Duration.ofSeconds(1));
        }
        INSTANCES.forEach(instance -> line(instance, "closed", null));

        Board board = board(); // the first one that anybody asks for

        assertThat(cell(board, TWILIO, "IN").since()).isEqualTo(at(died));
        assertThat(board.findings().get(0).since()).isEqualTo(at(died));
        assertThat(board.findings().get(0).what()).doesNotContain("for longer");
    }

    @Test
    void whatWasSoWhenTheStoryBeginsMayBeOlder() {
        console.readsFrom(at(now));
        for (int code = 0; code < 300; code++) {
            attempt(begin(), "IN", TWILIO, ReasonClass.NO_ROUTE);
            passes(Duration.ofSeconds(1));
        }

        assertThat(board().findings().get(0).what())
                .endsWith("; perhaps for longer, since this page looks back no further");
    }

    @Test
    void partitionsThatAreReadOneAfterTheOtherTellTheSameBeginning() {
        long begin = now;
        passes(Duration.ofMinutes(5)); // the first partition has only the end of it
        for (int code = 0; code < 100; code++) {
            attempt(begin(), "IN", TWILIO, ReasonClass.UNAVAILABLE);
            passes(Duration.ofSeconds(1));
        }
        long end = now;
        board();
        now = begin;
        takes("IN", TWILIO, 5);
        passes(Duration.ofSeconds(10));
        long died = now;
        while (now < end) {
            attempt(begin(), "IN", TWILIO, ReasonClass.UNAVAILABLE);
            passes(Duration.ofSeconds(1));
        }

        assertThat(cell(board(), TWILIO, "IN").since()).isEqualTo(at(died));
    }

    @Test
    void handsetsThatDoNotExistAreNoFaultOfTheProvider() {
        for (int code = 0; code < 40; code++) { // somebody pumps
            long request = begin();
            attempt(request, "IN", TWILIO, null);
            passes(Duration.ofSeconds(1));
            receipt(request, "IN", TWILIO, ReceiptState.UNDELIVERABLE, ReasonClass.RECIPIENT_INVALID);
        }
        INSTANCES.forEach(instance -> line(instance, "closed", null));

        Board board = board();

        assertThat(cell(board, TWILIO, "IN").health()).isEqualTo(Health.OK);
        assertThat(cell(board, TWILIO, "IN").undelivered()).isEqualTo(40);
        assertThat(board.findings()).isEmpty();
    }

    @Test
    void aSenderThatTheRequestNamedIsNoFaultOfTheProvider() {
        for (int code = 0; code < 10; code++) {
            failsOver("FR", TWILIO, ReasonClass.SENDER_REFUSED, SNS);
        }

        Board board = board();

        assertThat(board.findings()).isEmpty();
        assertThat(cell(board, TWILIO, "FR").words()).isEqualTo("10 of 10 not taken, mostly: sender refused");
    }

    @Test
    void whoGetsTheCodesLateIsNotTheOneThatIsSlow() {
        for (int code = 0; code < 30; code++) {
            long request = begin();
            attempt(request, "US", TWILIO, null);
            passes(Duration.ofSeconds(28));
            saw(request, "US", Status.UNDELIVERED, false, null, ReasonClass.AMBIGUOUS, null, List.of(), null);
            attempt(request, "US", SNS, null);
            passes(Duration.ofSeconds(4));
            receipt(request, "US", SNS, ReceiptState.DELIVERED, null);
            now -= 31_000;
        }
        passes(Duration.ofSeconds(31));
        INSTANCES.forEach(instance -> line(instance, "closed", null));

        Board board = board();

        assertThat(cell(board, SNS, "US").health()).isEqualTo(Health.OK);
        assertThat(Objects.requireNonNull(cell(board, SNS, "US").inHandP50())).isCloseTo(32, within(6.5));
        assertThat(cell(board, TWILIO, "US").health()).isEqualTo(Health.SILENT);
        assertThat(board.findings())
                .extracting(Finding::title)
                .containsExactly("twilio-main takes codes that do not arrive in US");
    }

    @Test
    void oneHandsetThatWasOffMakesNoProviderSlow() {
        for (int code = 0; code < 8; code++) {
            long request = begin();
            attempt(request, "EE", TWILIO, null);
            passes(code == 7 ? Duration.ofSeconds(40) : Duration.ofSeconds(2));
            receipt(request, "EE", TWILIO, ReceiptState.DELIVERED, null);
        }
        INSTANCES.forEach(instance -> line(instance, "closed", null));

        assertThat(board().findings()).isEmpty();
    }

    @Test
    void whereNobodysReceiptsComeNobodyIsBlamed() {
        for (int code = 0; code < 20; code++) {
            long request = begin();
            attempt(request, "US", code % 2 == 0 ? TWILIO : SNS, null);
            passes(Duration.ofSeconds(1));
            receipt(request, "US", code % 2 == 0 ? TWILIO : SNS, ReceiptState.DELIVERED, null);
        }
        long lastHeard = now;
        passes(Duration.ofSeconds(1));
        List<Long> taken = new ArrayList<>();
        for (int code = 0; code < 40; code++) {
            long request = begin();
            taken.add(request);
            attempt(request, "US", code % 2 == 0 ? TWILIO : SNS, null);
            passes(Duration.ofMillis(500));
        }
        for (int code = 0; code < 20; code++) { // those that find out
            saw(taken.get(code), "US", Status.UNDELIVERED, false, null, ReasonClass.AMBIGUOUS, null, List.of(), null);
            attempt(taken.get(code), "US", code % 2 == 0 ? SNS : TWILIO, null);
            passes(Duration.ofSeconds(1));
        }
        INSTANCES.forEach(instance -> line(instance, "closed", null));

        Board board = board();

        assertThat(board.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.title()).isEqualTo("no receipts come from any provider");
            assertThat(finding.since()).isEqualTo(at(lastHeard));
            assertThat(finding.page()).isEqualTo("petrelreceiptssilent");
        });
        assertThat(board.cells()).extracting(Cell::health).containsOnly(Health.OK);
    }

    @Test
    void whoFailsForOneInstanceOnlyIsNotTheCulprit() {
        takes("US", TWILIO, 80);
        for (int code = 0; code < 25; code++) {
            failsOver("US", TWILIO, ReasonClass.UNAVAILABLE, SNS);
        }
        line("petrel-2", "open", at(now));
        for (int code = 0; code < 5; code++) {
            passesOver("US", TWILIO, SkipReason.BREAKER_OPEN, SNS);
        }

        Board board = board();

        assertThat(board.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.title()).isEqualTo("twilio-main fails for petrel-2 only");
            assertThat(finding.drain()).isNull();
            assertThat(finding.may()).anyMatch(may -> may.contains("the way out of petrel-2"));
        });
    }

    @Test
    void anAccountThatMayNotSendToACountryIsToldSinceItsCodesAreLost() {
        for (int code = 0; code < 10; code++) {
            long request = begin();
            attempt(request, "IN", TWILIO, ReasonClass.GEO_BLOCKED);
            saw(request, "IN", Status.FAILED, true, null, ReasonClass.GEO_BLOCKED, null, List.of(), null);
        }

        assertThat(board().findings()).singleElement().satisfies(finding -> {
            assertThat(finding.title()).isEqualTo("our account at twilio-main may not send to IN");
            assertThat(finding.level()).isEqualTo(Level.BAD);
            assertThat(finding.drain()).isNull(); // no way around it by another provider
        });
    }

    @Test
    void whoThrottlesUsIsNotSaidToFail() {
        for (int code = 0; code < 10; code++) {
            failsOver("US", TWILIO, ReasonClass.THROTTLED, SNS);
            passesOver("US", TWILIO, SkipReason.RESTING, SNS);
        }

        assertThat(board().findings()).singleElement().satisfies(finding -> {
            assertThat(finding.title()).isEqualTo("twilio-main takes no more for now");
            assertThat(finding.level()).isEqualTo(Level.WARN);
        });
    }

    @Test
    void whoThrottlesUsAndIsAloneMakesCodesWait() {
        for (int code = 0; code < 10; code++) {
            attempt(begin(), "US", TWILIO, ReasonClass.THROTTLED);
        }

        assertThat(board().findings()).singleElement().satisfies(finding -> {
            assertThat(finding.level()).isEqualTo(Level.BAD);
            assertThat(finding.done()).contains("nobody else takes codes to US");
        });
    }

    @Test
    void aReceiptThatComesTwiceCountsOnce() {
        for (int code = 0; code < 10; code++) {
            long request = begin();
            attempt(request, "US", TWILIO, null);
            receipt(request, "US", TWILIO, ReceiptState.DELIVERED, null);
            saw(request, "US", Status.DELIVERED, true, null, null, null, List.of(), null);
            receipt(request, "US", TWILIO, ReceiptState.DELIVERED, null);
            attempt(request, "US", SNS, ReasonClass.AMBIGUOUS); // it was in flight
        }

        assertThat(cell(board(), TWILIO, "US").delivered()).isEqualTo(10);
        assertThat(board().series().requests().stream().mapToInt(each -> each).sum())
                .isEqualTo(10);
    }

    @Test
    void whileKafkaIsAwayItSaysSoAndNotThatAllIsWell() {
        takes("US", TWILIO, 10);

        Board board = console.board(at(now), 6, countries, true, "Kafka can't be read");

        assertThat(board.verdict().level()).isEqualTo(Level.WARN);
        assertThat(board.verdict().words()).startsWith("Kafka can't be read; until then: All is well");
    }

    @Test
    void whenNoInstanceIsWellThatIsBad() {
        for (String instance : INSTANCES) {
            console.heard(line(instance, "closed", null, false));
        }

        assertThat(board().verdict().level()).isEqualTo(Level.BAD);
    }

    @Test
    void partitionsThatNobodyOwnedWhenSomebodyBeganToLookAreUnownedSinceNobodyKnowsWhen() {
        for (String instance : INSTANCES) {
            console.left(instance);
        }
        console.heard(line("petrel-0", "closed", null, true));
        board();
        passes(Duration.ofSeconds(6));
        console.heard(line("petrel-0", "closed", null, true));

        assertThat(board().findings()).singleElement().satisfies(finding -> {
            assertThat(finding.title()).isEqualTo("4 of the request partitions have no owner");
            assertThat(finding.since()).isNull();
        });
    }

    @Test
    void anEmptyClusterIsNotWell() {
        INSTANCES.forEach(console::left);

        assertThat(board().verdict().level()).isEqualTo(Level.WARN);
    }

    @Test
    void aProviderThatFailsIsFoundWithACodeAMinute() {
        takes("EE", TWILIO, 5);
        passes(Duration.ofMinutes(1));
        long died = now;
        for (int code = 0; code < 7; code++) {
            passes(Duration.ofMinutes(1));
            failsOver("EE", TWILIO, ReasonClass.AMBIGUOUS, SNS);
        }
        passes(Duration.ofSeconds(70));
        INSTANCES.forEach(instance -> line(instance, "closed", null));

        assertThat(board().findings()).singleElement().satisfies(finding -> {
            assertThat(finding.title()).isEqualTo("twilio-main fails in EE");
            assertThat(finding.what()).isEqualTo("5 of the latest 5 not taken");
            assertThat(finding.since()).isEqualTo(at(died).plusSeconds(60));
            assertThat(finding.level()).isEqualTo(Level.WARN);
        });
        passes(Duration.ofMinutes(2));
        INSTANCES.forEach(instance -> line(instance, "closed", null));
        assertThat(board().findings()).isEmpty(); // nobody knows any more
    }

    @Test
    void whenTheOutageIsOverItSaysSo() {
        for (int code = 0; code < 100; code++) {
            failsOver("US", TWILIO, ReasonClass.UNAVAILABLE, SNS);
            passes(Duration.ofMillis(100));
        }
        INSTANCES.forEach(instance -> line(instance, "closed", null));
        assertThat(board().findings()).hasSize(1);
        passes(Duration.ofSeconds(20));
        for (int code = 0; code < 100; code++) {
            takes("US", TWILIO, 1);
            passes(Duration.ofMillis(100));
        }
        INSTANCES.forEach(instance -> line(instance, "closed", null));

        assertThat(board().verdict().level()).isEqualTo(Level.OK);
        assertThat(cell(board(), TWILIO, "US").since()).isNull();
    }

    @Test
    void whatThePageHasNoRoomForIsNotPassedOverInSilence() {
        for (int provider = 0; provider < 2_001; provider++) {
            takes("US", "provider-" + provider, 1);
        }

        assertThat(board().cells()).hasSize(2_000);
        assertThat(board().findings()).isEmpty(); // nobody was left out since the board before
        takes("US", "one-more", 1);
        assertThat(board().verdict().words())
                .startsWith("there are more pairs of provider and country than this page can show");
    }

    private void takes(String country, String provider, int codes) {
        for (int code = 0; code < codes; code++) {
            SubmitResult.Kind taken = SubmitResult.Kind.ACCEPTED;
            saw(begin(), country, Status.SUBMITTED, true, null, null, provider, List.of(), taken);
        }
    }

    private void failsOver(String country, String from, ReasonClass why, String to) {
        long request = begin();
        attempt(request, country, from, why);
        saw(request, country, Status.SUBMITTED, true, null, null, to, List.of(), SubmitResult.Kind.ACCEPTED);
    }

    private void passesOver(String country, String from, SkipReason why, String to) {
        List<Skip> skipped = List.of(new Skip(from, why));
        saw(begin(), country, Status.SUBMITTED, true, null, null, to, skipped, SubmitResult.Kind.ACCEPTED);
    }

    /** @param why null: the provider takes it */
    private void attempt(long request, String country, String provider, @Nullable ReasonClass why) {
        Status status = why == null ? Status.SUBMITTED : Status.ATTEMPT_FAILED;
        SubmitResult.Kind result = why == null ? SubmitResult.Kind.ACCEPTED : SubmitResult.Kind.REJECTED;
        saw(request, country, status, false, null, why, provider, List.of(), result);
    }

    private void receipt(long request, String country, String provider, ReceiptState state, @Nullable ReasonClass why) {
        saw(request, country, Status.RECEIPT, false, state, why, provider, List.of(), null);
    }

    private long begin() {
        begun.add(now);
        return requests++;
    }

    private final List<Long> begun = new ArrayList<>();

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
        long begin = begun.get((int) request);
        console.saw(new Happening(
                new Sighting(request, country, status, last, receipt, reason, provider, begin, now),
                result,
                80,
                skipped));
    }

    private void line(String instance, String breaker, @Nullable Instant since) {
        console.heard(line(instance, breaker, since, true));
    }

    private InstanceLine line(String instance, String breaker, @Nullable Instant since, boolean ready) {
        int number = INSTANCES.indexOf(instance);
        List<Integer> partitions = List.of(2 * number, 2 * number + 1);
        String shut = since == null ? null : "breaker_open";
        Map<String, InstanceLine.Provider> providers = Map.of(
                TWILIO, new InstanceLine.Provider(breaker, since, 54, shut, null, 0),
                SNS, new InstanceLine.Provider("closed", null, 0, null, null, 7));
        return new InstanceLine(instance, at(now), ready, partitions, Duration.ZERO, 1, 2, 3, 0, providers);
    }

    private CountryState state(String name, CountryState.State state, double share) {
        return new CountryState(name, state, at(now), 2.0, 9.0, share, 40, Advice.toWait(), at(now), List.of());
    }

    private void passes(Duration time) {
        now += time.toMillis();
    }

    private static Instant at(long millis) {
        return Instant.ofEpochMilli(millis);
    }

    private Board board() {
        countries.replaceAll(state -> state.repeated(at(now)));
        return console.board(at(now), 6, countries, true, null);
    }

    private static Cell cell(Board board, String provider, String country) {
        return board.cells().stream()
                .filter(cell -> cell.key().equals(provider + "/" + country))
                .findFirst()
                .orElseThrow();
    }
}
