package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.petrel.message.Source;
import dev.petrel.trace.EventFeed.Brought;
import dev.petrel.trace.EventFeed.Known;
import dev.petrel.trace.TracedEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The latest requests and their events, within so many bytes, and who wants to hear of which. A request that was brought by
 * HTTP is in it from its record on, another from its first event on; or it is not in it at all. So what is in it is whole.
 *
 * <p>That needs care, for three reasons. Events may have come before the first that is heard: so a request counts only from
 * that place of its partition on from which all of its events are heard. When memory is full the oldest requests go: so
 * their ids are remembered, and none comes back by half. And a request may be brought again under its id: nothing will be
 * told of that record, and what was told of the first may have gone; so its id must not have been heard of before, either.
 *
 * <p>One thread brings records, any may ask.
 */
final class RecentEvents {
    /** What an event and a request cost beside their bytes. */
    private static final int OVERHEAD = 200;

    private final long mostBytes;
    private final HeardIds heard;
    private final Map<String, Kept> requests = new LinkedHashMap<>();
    private final Map<String, List<Consumer<TracedEvent>>> listeners = new HashMap<>();
    private long bytes;
    /** By partition: the first offset from which on requests are whole. */
    private final Map<Integer, Long> wholeFrom = new HashMap<>();
    /** By partition: the offset behind the last request that was heard of, and what that was when ids were last forgotten. */
    private final Map<Integer, Long> ends = new HashMap<>();

    private Map<Integer, Long> endsOfElder = Map.of();
    /** By partition: the offset behind the last record of a request. */
    private final Map<Integer, Long> read = new HashMap<>();
    /** By partition: the offset of the last request of which something was told. */
    private final Map<Integer, Long> told = new HashMap<>();

    private record Told(int partition, long offset, long timestamp, byte[] value) {
        /** Where the log was cut, another may stand at its place. */
        boolean isAlso(Told other) {
            return offset == other.offset && partition == other.partition && Arrays.equals(value, other.value);
        }

        @Nullable
        TracedEvent read() {
            return TraceCodec.read(partition, timestamp, value);
        }
    }

    private static final class Kept {
        final List<Told> events = new ArrayList<>();
        final List<Brought> brought = new ArrayList<>();
        long bytes = OVERHEAD;
    }

    RecentEvents(long mostBytes) {
        this(mostBytes, new HeardIds());
    }

    RecentEvents(long mostBytes, HeardIds heard) {
        this.mostBytes = mostBytes;
        this.heard = heard;
    }

    /** Of each request of this partition that stands there or behind every event will be brought; and its record. */
    synchronized void wholeFrom(int partition, long offset) {
        wholeFrom.put(partition, offset);
        read.put(partition, offset);
    }

    /** A record of the request topic, in the order of its partition. */
    synchronized void takeRequest(ConsumerRecord<byte[], byte[]> record) {
        KafkaRequestSink.Written written = KafkaRequestSink.written(record);
        if (written != null) {
            Kept kept = kept(written.requestId().getBytes(UTF_8), record.partition(), record.offset());
            Brought brought = new Brought(
                    written.tenant(),
                    new Source(record.topic(), record.partition(), record.offset()),
                    Instant.ofEpochMilli(record.timestamp()));
            if (kept != null && !kept.brought.contains(brought)) {
                kept.brought.add(brought);
                grow(kept, OVERHEAD);
            }
        }
        read.merge(record.partition(), record.offset() + 1, Math::max);
    }

    /** A status event, in the order of its partition. */
    synchronized void take(ConsumerRecord<byte[], byte[]> record) {
        byte[] id = record.key();
        byte[] value = record.value();
        if (id == null || value == null) {
            return; // a mark
        }
        Told told = new Told(record.partition(), record.offset(), record.timestamp(), value);
        long source = JournalCodec.source(record);
        this.told.merge(record.partition(), source, Math::max);
        Kept kept = kept(id, record.partition(), source);
        if (kept != null) {
            if (kept.events.stream().anyMatch(told::isAlso)) {
                return; // the reader has begun anew
            }
            kept.events.add(told);
            grow(kept, value.length + OVERHEAD);
        }
        List<Consumer<TracedEvent>> following = listeners.get(new String(id, UTF_8));
        TracedEvent event = following == null ? null : told.read();
        if (following != null && event != null) {
            List.copyOf(following).forEach(listener -> listener.accept(event));
        }
    }

    /** Null where it is not whole. */
    private @Nullable Kept kept(byte[] id, int partition, long offset) {
        String requestId = new String(id, UTF_8);
        Kept kept = requests.get(requestId);
        if (kept != null) {
            return kept;
        }
        boolean known = heard.contains(id);
        if (!known && heard.add(id)) {
            endsOfElder.forEach((each, end) -> wholeFrom.merge(each, end, Math::max));
            endsOfElder = Map.copyOf(ends);
        }
        ends.merge(partition, offset + 1, Math::max);
        if (known || offset < wholeFrom.getOrDefault(partition, Long.MAX_VALUE)) {
            return null;
        }
        kept = new Kept();
        requests.put(requestId, kept);
        bytes += kept.bytes;
        return kept;
    }

    private void grow(Kept kept, long more) {
        kept.bytes += more;
        bytes += more;
        Iterator<Kept> eldest = requests.values().iterator();
        while (bytes > mostBytes && eldest.hasNext()) {
            bytes -= eldest.next().bytes;
            eldest.remove();
        }
    }

    synchronized void follow(String requestId, Consumer<TracedEvent> listener) {
        listeners.computeIfAbsent(requestId, first -> new ArrayList<>()).add(listener);
    }

    synchronized void leave(String requestId, Consumer<TracedEvent> listener) {
        List<Consumer<TracedEvent>> following = listeners.get(requestId);
        if (following != null && following.remove(listener) && following.isEmpty()) {
            listeners.remove(requestId);
        }
    }

    synchronized Optional<Known> known(String requestId) {
        Kept kept = requests.get(requestId);
        return Optional.ofNullable(kept)
                .map(whole -> new Known(
                        whole.events.stream()
                                .map(Told::read)
                                .filter(Objects::nonNull)
                                .toList(),
                        List.copyOf(whole.brought)));
    }

    /** Whether something was told of a request behind it. */
    synchronized boolean isPassedBy(Source place) {
        return place.offset() < told.getOrDefault(place.partition(), -1L);
    }

    /** Whether the request that stands there was brought, if it is a request by HTTP. */
    synchronized boolean hasRead(Source place) {
        return place.offset() < read.getOrDefault(place.partition(), Long.MAX_VALUE);
    }
}
