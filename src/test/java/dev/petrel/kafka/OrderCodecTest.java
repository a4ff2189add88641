package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.control.Order;
import dev.petrel.control.Warrant;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrderCodecTest {
    private static final Instant NOW = Instant.parse("2026-11-24T04:05:00.123Z");
    private static final Warrant WARRANT = Warrant.of("alice", "27 of 50 timed out", NOW, NOW.plusSeconds(3600));
    private static final String GOOD = "{\"version\":1,\"kind\":\"drain\",\"provider\":\"sns-eu\",\"country\":\"IN\","
            + "\"author\":\"alice\",\"reason\":\"r\",\"begin\":\"2026-11-24T04:05:00Z\",\"end\":\"2026-11-24T05:05:00Z\"}";

    static Stream<Order> orders() {
        return Stream.of(
                new Order.Drain("twilio-main", null, WARRANT),
                new Order.Drain("twilio-main", "IN", WARRANT),
                new Order.HoldBreaker("twilio-main", Order.Hold.OPEN, WARRANT),
                new Order.HoldBreaker("twilio-main", Order.Hold.CLOSED, WARRANT),
                new Order.Weights("CA,US", Map.of("sns-eu", 70, "twilio-main", 0), WARRANT),
                new Order.Weights("*", Map.of("sns-eu", 1), WARRANT),
                new Order.StopCountry("IN", WARRANT),
                new Order.StopTenant("web", WARRANT));
    }

    @ParameterizedTest
    @MethodSource("orders")
    void readsWhatItWrites(Order order) {
        Order lifted = order.lifted(new Warrant.Lifting("bob", "works again", NOW));

        assertThat(read(order.key(), new String(OrderCodec.encode(order), UTF_8)))
                .contains(order);
        assertThat(read(order.key(), new String(OrderCodec.encode(lifted), UTF_8)))
                .contains(lifted);
    }

    @Test
    void ignoresFieldsThatItDoesNotKnow() {
        assertThat(read("drain/sns-eu/IN", GOOD.replace("\"version\"", "\"ticket\":{\"a\":[1]},\"version\"")))
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "no JSON",
                "{}",
                "\"version\":1 -> \"version\":2",
                "\"drain\" -> \"sink\"",
                "\"sns-eu\" -> \"SNS\"",
                "\"IN\" -> 91",
                "\"country\" -> \"contry\"",
                "\"alice\" -> \"\"",
                "\"alice\" -> null",
                "\"2026-11-24T05:05:00Z\" -> \"later\"",
                "\"2026-11-24T05:05:00Z\" -> \"2027-11-24T05:05:00Z\"",
                "2026 -> 2126"
            })
    void passesOverWhatItDoesNotUnderstand(String change) {
        String[] words = change.split(" -> ");
        String value = words.length == 2 ? GOOD.replace(words[0], words[1]) : change;
        assertThat(value).isNotEqualTo(GOOD);

        assertThat(read("drain/sns-eu/IN", value)).isEmpty();
    }

    @Test
    void passesOverWhatStandsUnderAnotherKey() {
        assertThat(read("drain/sns-eu/IN", GOOD)).isPresent();
        assertThat(read("drain/sns-eu", GOOD)).isEmpty();
        assertThat(OrderCodec.decode(null, GOOD.getBytes(UTF_8), NOW)).isEmpty();
    }

    @Test
    void passesOverWhatIsTooLong() {
        assertThat(read("drain/sns-eu/IN", GOOD + " ".repeat(OrderCodec.LONGEST)))
                .isEmpty();
    }

    private static Optional<Order> read(String key, String value) {
        return OrderCodec.decode(key.getBytes(UTF_8), value.getBytes(UTF_8), NOW);
    }
}
