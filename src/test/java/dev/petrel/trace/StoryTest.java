package dev.petrel.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.trace.Traced.Searched;
import dev.petrel.trace.TracedEvent.Advised;
import dev.petrel.trace.TracedEvent.Attempt;
import dev.petrel.trace.TracedEvent.Cause;
import dev.petrel.trace.TracedEvent.Passed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoryTest {
    private static final Instant REQUESTED = Instant.parse("2026-11-24T04:05:00Z");
    private static final Instant EXPIRES = REQUESTED.plusSeconds(300);

    private static final TracedEvent FAILED_AT_FIRST = event(
            "attempt_failed",
            false,
            3002,
            new Attempt(1, 1, "twilio-main", "ambiguous", true, 3001),
            null,
            new Cause("ambiguous", null, "no answer in time"),
            List.of(),
            null);
    private static final TracedEvent TAKEN = event(
            "submitted", false, 3100, new Attempt(2, 1, "sns-eu", "accepted", true, 83), null, null, List.of(), null);

    @Test
    void aLineTellsAllOfAnEvent() {
        TracedEvent event = event(
                "attempt_failed",
                false,
                1204,
                new Attempt(3, 2, "sns-eu", "throttled", true, 83),
                null,
                new Cause("throttled", "20429", "over its rate"),
                List.of(new Passed("twilio-main", "breaker_open")),
                new Advised("retry", 30L, false));

        assertThat(new Story(List.of(event)).lines())
                .containsExactly("2026-11-24T04:05:01.204Z    +1.204 s  attempt_failed  attempt 3 in round 2, sns-eu:"
                        + " throttled after 83 ms; throttled: the provider takes no more for now: over its rate"
                        + " (code 20429; over its rate); passed over: twilio-main (breaker_open: its breaker is open"
                        + " after too many failures); advice: let the user try again after 30 s");
    }

    @Test
    void theHeadSaysForWhomAndFromWhere() {
        assertThat(new Story(List.of(TAKEN)).head())
                .isEqualTo("to +1•••••••23 (US), requested 2026-11-24T04:05:00Z, tenant web, purpose login,"
                        + " expires 2026-11-24T04:10:00Z, sms.requests 3:1182");
    }

    @Test
    void aReceiptIsPutInWords() {
        TracedEvent receipt = event(
                "receipt", false, 4200, new Attempt(2, 1, "sns-eu", null, true, 0), "enroute", null, List.of(), null);

        assertThat(line(receipt))
                .endsWith("attempt 2, sns-eu; it says enroute: the message is on its way to the handset");
    }

    @Test
    void deliveredByTheSecond() {
        assertThat(standing(FAILED_AT_FIRST, TAKEN, delivered(false)))
                .isEqualTo("delivered 4.2 s after the request by sns-eu, second provider");
        assertThat(standing(FAILED_AT_FIRST, TAKEN, delivered(true)))
                .endsWith("second provider, after the code had expired");
    }

    @Test
    void deliveredSinceTheUserTypedIt() {
        TracedEvent verified =
                event("delivered", true, 31_000, null, null, new Cause("verified", null, null), List.of(), null);

        assertThat(standing(FAILED_AT_FIRST, TAKEN, verified))
                .isEqualTo("delivered 31.0 s after the request: the user has typed the code;"
                        + " taken by sns-eu, second provider");
    }

    @Test
    void takenByOneThatGivesNoReceipts() {
        TracedEvent taken = event(
                "submitted", true, 83, new Attempt(1, 1, "sns-eu", "accepted", true, 80), null, null, List.of(), null);

        assertThat(standing(taken))
                .isEqualTo("taken 0.1 s after the request by sns-eu, first provider; it gives no receipts, so nobody"
                        + " knows whether it arrived");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        failed      | fraud_blocked | failed 5.0 s after the request: a provider takes it for fraud and blocks it; no other is asked; advice: offer another factor
        expired     | expired       | expired 5.0 s after the request: the code's life was over before any provider took it; advice: offer another factor
        rejected    | invalid       | rejected 5.0 s after the request: the request breaks a rule of the contract; advice: offer another factor
        superseded  |               | superseded 5.0 s after the request: a newer request took its place, and nobody had taken it
        unconfirmed |               | unconfirmed, and nothing said how it ended
        vanished    | moon_phase    | vanished 5.0 s after the request: this version of Petrel does not know the word; advice: offer another factor
        """)
    void everyEndIsPutInWords(String status, @Nullable String reason, String standing) {
        Cause cause = reason == null ? null : new Cause(reason, null, null);
        assertThat(standing(event(
                        status, true, 5000, null, null, cause, List.of(), new Advised("other_factor", null, false))))
                .isEqualTo(standing);
    }

    @Test
    void anUnconfirmedOneSaysWhoTookIt() {
        assertThat(standing(
                        FAILED_AT_FIRST, TAKEN, event("unconfirmed", true, 600_000, null, null, null, List.of(), null)))
                .isEqualTo("unconfirmed: taken by sns-eu, second provider, and nothing said how it ended");
    }

    @Test
    void anOpenOneSaysWhatItWaitsFor() {
        assertThat(standing(FAILED_AT_FIRST))
                .isEqualTo("still open, 60.0 s after the request: no provider has taken it yet;"
                        + " the code lives for another 240.0 s");
        assertThat(standing(FAILED_AT_FIRST, TAKEN))
                .contains("still open", "taken by sns-eu, second provider, and nobody has said yet whether it arrived");
        TracedEvent undelivered = event(
                "undelivered", false, 24_000, new Attempt(2, 1, "sns-eu", null, true, 0), null, null, List.of(), null);
        assertThat(standing(FAILED_AT_FIRST, TAKEN, undelivered))
                .contains("it did not arrive through sns-eu, second provider, and the next provider follows");
        assertThat(new Story(List.of(TAKEN)).standing(EXPIRES.plusSeconds(1))).endsWith("the code's life is over");
    }

    @Test
    void theFirstFinalCountsAndWhatFollowsIsSaidToChangeNothing() {
        TracedEvent expired =
                event("expired", true, 300_000, null, null, new Cause("expired", null, null), List.of(), null);

        assertThat(standing(TAKEN, delivered(false), expired)).startsWith("delivered");
        List<String> lines = new Story(List.of(TAKEN, delivered(false), expired)).lines();
        assertThat(lines.get(1)).doesNotContain("after the end");
        assertThat(lines.get(2)).endsWith("after the end: changes nothing");
    }

    @Test
    void whatSomebodyElseWroteShowsNoNumber() {
        TracedEvent event = event(
                "attempt_failed",
                false,
                1204,
                new Attempt(1, 1, "p\u001b[2J", "+12025550123", true, 83),
                "2025550123",
                new Cause("+12025550123", "12025550123", "to +1 202 555 0123"),
                List.of(new Passed("12025550123", "12025550123")),
                new Advised("+12025550123", null, false));

        String all = String.join("\n", lines(event));
        assertThat(all).doesNotContain("555", "\u001b").contains("•••••••");
    }

    @Test
    void anIdOfTwoRecipientsHasTwoStories() {
        TracedEvent elsewhere = inPartition(2, delivered(false));

        List<String> lines = Report.lines(traced(List.of(TAKEN, elsewhere), null), REQUESTED.plusSeconds(60));

        assertThat(lines.get(0)).startsWith("found on 2 partitions");
        assertThat(lines).filteredOn(line -> line.startsWith("to +1")).hasSize(2);
    }

    @Test
    void whatWasNotFoundSaysWhereItWasLookedFor() {
        assertThat(Report.remarks(traced(List.of(), null)))
                .first()
                .isEqualTo("nothing found: 48112 records on all 4 partitions of sms.status since 2026-11-24T04:05:00Z"
                        + " were looked at in 1.5 s, to the end");
        assertThat(Report.remarks(traced(List.of(), "it took longer than 120 s")))
                .first()
                .asString()
                .endsWith("not to the end: it took longer than 120 s");
        assertThat(Report.remarks(traced(List.of(TAKEN), "it took longer than 120 s")))
                .singleElement()
                .asString()
                .startsWith("not all of it: ");
        assertThat(Report.remarks(traced(List.of(TAKEN), null))).isEmpty();
    }

    @Test
    void aHintNarrowsTheTime() {
        assertThat(Hint.none().since(EXPIRES)).isEqualTo(EXPIRES.minus(Duration.ofMinutes(30)));
        assertThat(new Hint(3, REQUESTED, null).since(EXPIRES)).isEqualTo(REQUESTED.minus(Duration.ofMinutes(1)));
    }

    private static Traced traced(List<TracedEvent> events, @Nullable String brokenOff) {
        return new Traced(
                events, 0, new Searched("sms.status", 4, null, REQUESTED, 48_112, Duration.ofMillis(1500), brokenOff));
    }

    private static List<String> lines(TracedEvent... events) {
        Story story = new Story(List.of(events));
        return Stream.of(Stream.of(story.head()), story.lines().stream(), Stream.of(story.standing(EXPIRES)))
                .flatMap(each -> each)
                .toList();
    }

    private static String line(TracedEvent event) {
        return new Story(List.of(event)).lines().get(0);
    }

    private static String standing(TracedEvent... events) {
        return new Story(List.of(events)).standing(REQUESTED.plusSeconds(60));
    }

    private static TracedEvent delivered(boolean late) {
        TracedEvent event =
                event("delivered", true, 4200, new Attempt(2, 1, "sns-eu", null, true, 0), null, null, List.of(), null);
        return late ? with(event, event.partition(), true) : event;
    }

    private static TracedEvent inPartition(int partition, TracedEvent event) {
        return with(event, partition, event.late());
    }

    private static TracedEvent with(TracedEvent event, int partition, boolean late) {
        return new TracedEvent(
                partition,
                event.status(),
                event.last(),
                event.at(),
                event.attempt(),
                event.receipt(),
                event.cause(),
                event.skipped(),
                event.advice(),
                event.expiresAt(),
                event.masked(),
                event.country(),
                event.elapsedMillis(),
                late,
                event.tenant(),
                event.purpose(),
                event.source(),
                event.json());
    }

    private static TracedEvent event(
            String status,
            boolean last,
            long elapsedMillis,
            @Nullable Attempt attempt,
            @Nullable String receipt,
            @Nullable Cause cause,
            List<Passed> skipped,
            @Nullable Advised advice) {
        return new TracedEvent(
                3,
                status,
                last,
                REQUESTED.plusMillis(elapsedMillis),
                attempt,
                receipt,
                cause,
                skipped,
                advice,
                EXPIRES,
                "+1•••••••23",
                "US",
                elapsedMillis,
                false,
                "web",
                "login",
                "sms.requests 3:1182",
                "{}");
    }
}
