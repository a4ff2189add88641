package dev.petrel.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrderTest {
    private static final Instant NOW = Instant.parse("2026-11-24T04:05:00Z");
    private static final Warrant WARRANT = Warrant.of("alice", "it hangs", NOW, NOW.plusSeconds(3600));

    static Stream<Arguments> keys() {
        return Stream.of(
                Arguments.of(new Order.Drain("twilio-main", null, WARRANT), "drain/twilio-main"),
                Arguments.of(new Order.Drain("twilio-main", "IN", WARRANT), "drain/twilio-main/IN"),
                Arguments.of(new Order.HoldBreaker("twilio-main", Order.Hold.OPEN, WARRANT), "breaker/twilio-main"),
                Arguments.of(new Order.Weights("US, CA", Map.of("sns-eu", 1), WARRANT), "weights/CA,US"),
                Arguments.of(new Order.Weights("*", Map.of("sns-eu", 1), WARRANT), "weights/*"),
                Arguments.of(new Order.StopCountry("IN", WARRANT), "stop-country/IN"),
                Arguments.of(new Order.StopTenant("web", WARRANT), "stop-tenant/web"));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void isKeptUnderWhatItIsAbout(Order order, String key) {
        assertThat(order.key()).isEqualTo(key).startsWith(order.kind().wire() + "/");
        Order lifted = order.lifted(new Warrant.Lifting("bob", "works again", NOW));
        assertThat(lifted.key()).isEqualTo(key);
        assertThat(lifted.warrant().holds(NOW)).isFalse();
    }

    static Stream<Arguments> wrong() {
        Runnable longTenant = () -> new Order.StopTenant("t".repeat(33), WARRANT);
        return Stream.of(
                wrong("provider", () -> new Order.Drain("Twilio", null, WARRANT)),
                wrong("provider", () -> new Order.Drain("", null, WARRANT)),
                wrong("provider", () -> new Order.Drain("14155550132", null, WARRANT)),
                wrong("provider", () -> new Order.Drain("1-415-555-0132", null, WARRANT)),
                wrong("country", () -> new Order.Drain("twilio-main", "India", WARRANT)),
                wrong("provider", () -> new Order.HoldBreaker("a/b", Order.Hold.OPEN, WARRANT)),
                wrong("route", () -> new Order.Weights("", Map.of("sns-eu", 1), WARRANT)),
                wrong("route", () -> new Order.Weights("US,", Map.of("sns-eu", 1), WARRANT)),
                wrong("weights", () -> new Order.Weights("US", Map.of(), WARRANT)),
                wrong("weights", () -> new Order.Weights("US", Map.of("sns-eu", -1), WARRANT)),
                wrong("weights", () -> new Order.Weights("US", Map.of("sns-eu", 1_000_001), WARRANT)),
                wrong("weights", () -> new Order.Weights("US", Map.of("SNS", 1), WARRANT)),
                wrong("country", () -> new Order.StopCountry("*", WARRANT)),
                wrong("tenant", () -> new Order.StopTenant("Web", WARRANT)),
                wrong("tenant", longTenant),
                wrong("author", () -> Warrant.of(" ", "r", NOW, NOW.plusSeconds(60))),
                wrong("author", () -> Warrant.of("a".repeat(65), "r", NOW, NOW.plusSeconds(60))),
                wrong("reason", () -> Warrant.of("a", "\n\u202e", NOW, NOW.plusSeconds(60))),
                wrong("reason", () -> Warrant.of("a", "r".repeat(201), NOW, NOW.plusSeconds(60))),
                wrong("end", () -> Warrant.of("a", "r", NOW, NOW)),
                wrong("end", () -> Warrant.of("a", "r", NOW, NOW.minusSeconds(60))),
                wrong(
                        "end",
                        () -> Warrant.of(
                                "a", "r", NOW, NOW.plus(Duration.ofDays(30)).plusMillis(1))),
                wrong("end", () -> Warrant.of("a", "r", NOW, Instant.MAX)));
    }

    private static Arguments wrong(String field, Runnable order) {
        return Arguments.of(field, order);
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void namesTheFieldThatIsWrong(String field, Runnable order) {
        InvalidOrder thrown = catchThrowableOfType(InvalidOrder.class, order::run);

        assertThat(thrown.field()).isEqualTo(field);
        assertThat(thrown.words()).startsWith(field + ": must be ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "codes to +14155550132 hang|codes to +••••• hang",
                "codes to +1 (415) 555-0132 hang|codes to +••••• hang",
                "٠١٢٣٤٥ came|••••• came",
                "ticket 1234, since 14:02:11|ticket 1234, since 14:02:11",
                "27 of 50 timed out|27 of 50 timed out",
                "INC-12345|INC-•••••"
            })
    void numbersInWordsAreMasked(String written, String kept) {
        assertThat(Warrant.of("a", written, NOW, NOW.plusSeconds(60)).reason()).isEqualTo(kept);
        assertThat(Warrant.of(written, "r", NOW, NOW.plusSeconds(60)).author()).isEqualTo(kept);
        assertThat(new Warrant.Lifting("a", written, NOW).reason()).isEqualTo(kept);
    }

    @ParameterizedTest
    @ValueSource(strings = {"two\nlines", "two\r\nlines", "two\u2028lines", "two\u0000lines", " two\tlines "})
    void wordsStandOnOneLine(String written) {
        assertThat(Warrant.of("a", written, NOW, NOW.plusSeconds(60)).reason()).isEqualTo("two lines");
    }

    @Test
    void theLongestWordsFit() {
        Warrant warrant = Warrant.of("ä".repeat(64), "🙂".repeat(200), NOW, NOW.plus(Warrant.LONGEST));

        assertThat(warrant.reason()).hasSize(400);
    }
}
