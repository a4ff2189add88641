package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.petrel.message.Source;
import dev.petrel.trace.EventFeed.Brought;
import dev.petrel.trace.EventFeed.Known;
import dev.petrel.trace.TracedEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class RecentEventsTest {
    private static final Instant NOW = Instant.parse("2026-11-24T04:05:00Z");
    private static final int PARTITION = 3;
    private static final long START = 100;

    private final RecentEvents events = whole(new RecentEvents(10_000));
    private long offset;

    private static RecentEvents whole(RecentEvents events) {
        events.wholeFrom(PARTITION, START);
        return events;
    }

    @Test
    void knowsARequestFromItsRecordOn() {
        assertThat(events.hasRead(place(START))).isFalse();
        events.takeRequest(request("a", "web", START));

        assertThat(events.hasRead(place(START))).isTrue();
        assertThat(events.hasRead(place(START + 1))).isFalse();
        assertThat(events.known("a")).hasValueSatisfying(known -> {
            assertThat(known.events()).isEmpty();
            assertThat(known.brought()).containsExactly(new Brought("web", place(START), NOW));
        });
        events.take(event("a", START, "submitted"));
        assertThat(statuses(events.known("a"))).containsExactly("submitted");
        assertThat(events.known("b")).isEmpty();
    }

    @Test
    void knowsOneThatCameByKafkaFromItsFirstEventOn() {
        events.takeRequest(new ConsumerRecord<>(
                "sms.requests", PARTITION, START, null, "{\"requestId\":\"a\",\"tenant\":\"web\"}".getBytes(UTF_8)));
        assertThat(events.known("a")).isEmpty();
        assertThat(events.hasRead(place(START))).isTrue();

        events.take(event("a", START, "attempt_failed"));
        events.take(event("b", START + 1, "submitted"));
        events.take(event("a", START, "submitted"));
        assertThat(statuses(events.known("a"))).containsExactly("attempt_failed", "submitted");
    }

    /** Two topics have no common order. */
    @Test
    void anEventMayComeBeforeItsRequest() {
        events.take(event("a", START, "submitted"));
        events.takeRequest(request("a", "web", START));

        assertThat(statuses(events.known("a"))).containsExactly("submitted");
        assertThat(events.known("a").orElseThrow().brought()).hasSize(1);
    }

    @Test
    void knowsNothingOfWhatStoodThereBefore() {
        events.take(event("old", START - 1, "delivered"));
        events.take(new ConsumerRecord<>("sms.status", PARTITION, offset++, "_owner".getBytes(UTF_8), null));
        events.take(new ConsumerRecord<>(
                "sms.status", PARTITION, offset++, "no place".getBytes(UTF_8), "{}".getBytes(UTF_8)));
        ConsumerRecord<byte[], byte[]> elsewhere =
                new ConsumerRecord<>("sms.status", 7, 0, "elsewhere".getBytes(UTF_8), "{}".getBytes(UTF_8));
        elsewhere.headers().add("source", "7:1000".getBytes(UTF_8));
        events.take(elsewhere);

        for (String id : List.of("old", "_owner", "no place", "elsewhere")) {
            assertThat(events.known(id)).as(id).isEmpty();
        }
        assertThat(events.hasRead(place(START - 1))).isTrue();
        assertThat(events.hasRead(new Source("", 7, 5)))
                .as("nobody need wait for a partition that is not read")
                .isTrue();
    }

    /** Nothing will be told of a repeat, and of the first something was. */
    @Test
    void aRepeatOfWhatIsNotKnownIsNotKnown() {
        events.take(event("old", START - 1, "delivered"));
        events.takeRequest(request("old", "web", START));

        assertThat(events.known("old")).isEmpty();
    }

    @Test
    void knowsWhetherSomethingWasToldOfALaterRequest() {
        events.takeRequest(request("a", "web", START));
        assertThat(events.isPassedBy(place(START))).isFalse();
        events.take(event("a", START, "attempt_failed"));
        assertThat(events.isPassedBy(place(START))).isFalse();
        events.take(event("b", START + 1, "attempt_failed"));
        assertThat(events.isPassedBy(place(START))).isTrue();
        assertThat(events.isPassedBy(place(START + 1))).isFalse();
    }

    @Test
    void aRepeatIsKnownAsItsFirst() {
        events.takeRequest(request("a", "web", START));
        events.take(event("a", START, "delivered"));
        events.takeRequest(request("a", "web", START + 1));
        events.takeRequest(request("a", "shop", START + 2));

        assertThat(statuses(events.known("a"))).containsExactly("delivered");
        assertThat(events.known("a").orElseThrow().brought())
                .extracting(Brought::tenant, each -> each.place().offset())
                .containsExactly(tuple("web", START), tuple("web", START + 1), tuple("shop", START + 2));
    }

    /** A reader whose place is gone begins anew. */
    @Test
    void whatIsReadASecondTimeStandsThereOnce() {
        List<ConsumerRecord<byte[], byte[]>> told =
                List.of(event("a", START, "attempt_failed"), event("a", START, "attempt_failed"));
        for (int i = 0; i < 2; i++) {
            events.takeRequest(request("a", "web", START));
            told.forEach(events::take);
        }
        assertThat(statuses(events.known("a"))).containsExactly("attempt_failed", "attempt_failed");
        assertThat(events.known("a").orElseThrow().brought()).hasSize(1);

        offset = 0;
        events.take(event("a", START, "submitted"));
        assertThat(statuses(events.known("a")))
                .as("another, at the place of the first")
                .contains("submitted");
    }

    @Test
    void theOldestGoAndDoNotComeBackByHalf() {
        for (int i = 0; i < 100; i++) {
            events.takeRequest(request("r" + i, "web", START + i));
            events.take(event("r" + i, START + i, "attempt_failed"));
        }
        events.take(event("r0", START, "delivered"));
        events.takeRequest(request("r1", "web", START + 100)); // again

        assertThat(events.known("r0")).isEmpty();
        assertThat(events.known("r1")).isEmpty();
        assertThat(statuses(events.known("r99"))).containsExactly("attempt_failed");
    }

    /** One that waits for long does not lose its events to those that came later and went. */
    @Test
    void whatIsToldLateIsKnownStill() {
        for (int i = 1; i < 100; i++) {
            events.take(event("r" + i, START + i, "delivered"));
        }
        events.take(event("waited", START, "submitted"));

        assertThat(statuses(events.known("waited"))).containsExactly("submitted");
    }

    /** Not even when nobody knows any more which they were. */
    @Test
    void whoIsForgottenDoesNotComeBackByHalf() {
        RecentEvents few = whole(new RecentEvents(10_000, new HeardIds(50)));
        for (int i = 0; i < 101; i++) {
            few.take(event("r" + i, START + i, "attempt_failed"));
        }
        few.take(event("r0", START, "delivered"));
        assertThat(few.known("r0")).isEmpty();
        few.take(event("again", START + 49, "delivered"));
        assertThat(few.known("again")).as("as old as those").isEmpty();
        few.take(event("younger", START + 50, "delivered"));
        assertThat(few.known("younger")).isPresent();
    }

    /** However much is told of one request. */
    @Test
    void staysWithinItsBytes() {
        for (int i = 0; i < 1000; i++) {
            events.take(event("r", START, "receipt"));
        }
        assertThat(events.known("r").map(known -> known.events().size()).orElse(0))
                .isLessThan(100);
        for (int i = 0; i < 1000; i++) {
            events.takeRequest(request("s", "web", START + i));
        }
        assertThat(events.known("s").map(known -> known.brought().size()).orElse(0))
                .isLessThan(100);
    }

    @Test
    void tellsThoseWhoFollow() {
        List<TracedEvent> heard = new ArrayList<>();
        Consumer<TracedEvent> listener = heard::add;
        events.follow("a", listener);
        events.take(event("a", START - 1, "submitted")); // whether or not it is known
        events.take(event("b", START, "submitted"));

        assertThat(heard).extracting(TracedEvent::status).containsExactly("submitted");
        events.leave("a", listener);
        events.leave("a", listener);
        events.take(event("a", START - 1, "delivered"));
        assertThat(heard).hasSize(1);
    }

    private static List<String> statuses(Optional<Known> known) {
        return known.orElseThrow().events().stream().map(TracedEvent::status).toList();
    }

    private static Source place(long offset) {
        return new Source("sms.requests", PARTITION, offset);
    }

    /** As it comes in by HTTP. */
    private static ConsumerRecord<byte[], byte[]> request(String requestId, String tenant, long offset) {
        RecordHeaders headers = new RecordHeaders();
        headers.add("via", "petrel-http".getBytes(UTF_8));
        return new ConsumerRecord<>(
                "sms.requests",
                PARTITION,
                offset,
                NOW.toEpochMilli(),
                TimestampType.LOG_APPEND_TIME,
                -1,
                -1,
                "+12025550142".getBytes(UTF_8),
                "{\"requestId\":\"%s\",\"tenant\":\"%s\"}"
                        .formatted(requestId, tenant)
                        .getBytes(UTF_8),
                headers,
                Optional.empty());
    }

    private ConsumerRecord<byte[], byte[]> event(String requestId, long source, String status) {
        byte[] value =
                "{\"status\":\"%s\",\"at\":\"%s\"}".formatted(status, NOW).getBytes(UTF_8);
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>("sms.status", PARTITION, offset++, requestId.getBytes(UTF_8), value);
        record.headers().add("source", (PARTITION + ":" + source).getBytes(UTF_8));
        return record;
    }
}
