package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.petrel.trace.TracedEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class RecentEventsTest {
    private static final Instant START = Instant.parse("2026-11-24T04:05:00Z");

    private final RecentEvents events = new RecentEvents(10_000);
    private long offset;

    @Test
    void knowsARequestFromItsFirstEventOn() {
        events.wholeFrom(START);
        events.take(event("a", START, "attempt_failed"));
        events.take(event("b", START, "submitted"));
        events.take(event("a", START, "submitted"));

        assertThat(statuses(events.known("a"))).containsExactly("attempt_failed", "submitted");
        assertThat(events.known("c")).isEmpty();
    }

    @Test
    void knowsNothingOfWhatWasMadeBefore() {
        events.take(event("early", START, "submitted")); // nobody says yet from when on it is whole
        events.wholeFrom(START);
        events.take(event("old", START.minusMillis(1), "delivered"));
        events.take(new ConsumerRecord<>("sms.status", 0, offset++, "_owner".getBytes(UTF_8), null));
        events.take(new ConsumerRecord<>("sms.status", 0, offset++, "x".getBytes(UTF_8), "{}".getBytes(UTF_8)));

        assertThat(events.known("early")).isEmpty();
        assertThat(events.known("old")).isEmpty();
        assertThat(events.known("x")).isEmpty();
        assertThat(events.knowsAllSince(START)).isTrue();
        assertThat(events.knowsAllSince(START.minusMillis(1))).isFalse();
    }

    @Test
    void theOldestGoAndDoNotComeBackByHalf() {
        events.wholeFrom(START);
        for (int i = 0; i < 100; i++) {
            events.take(event("r" + i, START.plusMillis(i), "attempt_failed"));
        }
        events.take(event("r0", START, "delivered"));

        assertThat(events.known("r0")).isEmpty();
        assertThat(events.knowsAllSince(START)).isFalse();
        assertThat(events.known("r99")).isPresent();
        assertThat(events.knowsAllSince(START.plusMillis(99))).isTrue();
    }

    /** However much is told of one request. */
    @Test
    void staysWithinItsBytes() {
        events.wholeFrom(START);
        for (int i = 0; i < 1000; i++) {
            events.take(event("r", START, "receipt"));
        }
        assertThat(events.known("r").map(List::size).orElse(0)).isLessThan(100);
    }

    @Test
    void tellsThoseWhoFollow() {
        events.wholeFrom(START);
        List<TracedEvent> heard = new ArrayList<>();
        Consumer<TracedEvent> listener = heard::add;
        events.take(event("a", START, "attempt_failed"));
        assertThat(statuses(events.follow("a", listener))).containsExactly("attempt_failed");
        assertThat(events.follow("unknown", listener)).isEmpty();

        events.take(event("a", START, "submitted"));
        events.take(event("b", START, "submitted"));
        events.take(event("unknown", START.minusSeconds(60), "delivered"));
        assertThat(heard).extracting(TracedEvent::status).containsExactly("submitted", "delivered");

        events.leave("a", listener);
        events.take(event("a", START, "delivered"));
        assertThat(heard).hasSize(2);
    }

    private static List<String> statuses(Optional<List<TracedEvent>> known) {
        return known.orElseThrow().stream().map(TracedEvent::status).toList();
    }

    private ConsumerRecord<byte[], byte[]> event(String requestId, Instant requestedAt, String status) {
        byte[] value =
                "{\"status\":\"%s\",\"at\":\"%s\"}".formatted(status, START).getBytes(UTF_8);
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>("sms.status", 0, offset++, requestId.getBytes(UTF_8), value);
        record.headers()
                .add("requested", Long.toString(requestedAt.toEpochMilli()).getBytes(UTF_8));
        return record;
    }
}
