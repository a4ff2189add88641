package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.console.Happening;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.Skip;
import dev.petrel.message.SkipReason;
import dev.petrel.message.Status;
import dev.petrel.message.SubmitResult;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HappeningCodecTest {
    private static final String VALUE = """
            { "version": 1, "requestId": "r1", "attempt": { "id": "a", "number": 2, "nested": { "durationMs": 9 }, "durationMs": 83 },
              "reason": null, "skipped": [ { "provider": "twilio-main", "reason": "breaker_open" },
              { "provider": "third", "reason": "a_word_of_tomorrow" }, { "provider": "fourth", "reason": "resting", "more": [1] } ],
              "possiblySent": true }""";

    @Test
    void readsWhatDecidedAboutAnAttempt() {
        Happening event =
                read(VALUE, Map.of(StatusCodec.ATTEMPT, "2/1/sns-eu/ambiguous", StatusCodec.REASON, "ambiguous"));

        assertThat(event.result()).isEqualTo(SubmitResult.Kind.AMBIGUOUS);
        assertThat(event.tookMillis()).isEqualTo(83);
        assertThat(event.skipped())
                .containsExactly(
                        new Skip("twilio-main", SkipReason.BREAKER_OPEN), new Skip("fourth", SkipReason.RESTING));
        assertThat(event.seen().provider()).isEqualTo("sns-eu");
        assertThat(event.seen().reason()).isEqualTo(ReasonClass.AMBIGUOUS);
        assertThat(event.seen().status()).isEqualTo(Status.ATTEMPT_FAILED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "[]",
                "null",
                "{",
                "{\"attempt\":null,\"skipped\":null}",
                "{\"attempt\":{\"durationMs\":\"x\"}}",
                "{\"skipped\":[1]}",
                "{\"skipped\":[{\"provider\":1,\"reason\":null}]}",
                "{\"skipped\":{}}"
            })
    void aValueOfSomebodyElseDoesNoHarm(String value) {
        Happening event = read(value, Map.of(StatusCodec.ATTEMPT, "2/1/sns-eu/accepted"));

        assertThat(event.result()).isEqualTo(SubmitResult.Kind.ACCEPTED);
        assertThat(event.tookMillis()).isZero();
        assertThat(event.skipped()).isEmpty();
    }

    @Test
    void whatIsNoEventIsPassedOver() {
        assertThat(HappeningCodec.read(new ConsumerRecord<>("s", 0, 0, "_owner".getBytes(UTF_8), null)))
                .isNull();
    }

    private static Happening read(String value, Map<String, String> headers) {
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>("s", 0, 0, "r1".getBytes(UTF_8), value.getBytes(UTF_8));
        record.headers()
                .add(StatusCodec.STATUS, "attempt_failed".getBytes(UTF_8))
                .add(StatusCodec.COUNTRY, "US".getBytes(UTF_8))
                .add(StatusCodec.REQUESTED, "1000".getBytes(UTF_8));
        headers.forEach((name, word) -> record.headers().add(name, word.getBytes(UTF_8)));
        return Objects.requireNonNull(HappeningCodec.read(record));
    }
}
