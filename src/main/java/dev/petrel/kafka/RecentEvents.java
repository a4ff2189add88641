package dev.petrel.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.petrel.trace.EventFeed;
import dev.petrel.trace.TracedEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * The events of the latest requests, within so many bytes, and who wants to hear of which. A request is in it from its first
 * event on or not at all: so what is in it is whole. When memory is full the oldest requests go.
 *
 * <p>One thread brings events, any may ask.
 */
final class RecentEvents implements EventFeed {
    /** What an event and a request cost beside their bytes. */
    private static final int OVERHEAD = 200;

    private final long mostBytes;
    private final Map<String, Kept> requests = new LinkedHashMap<>();
    private final Map<String, List<Consumer<TracedEvent>>> listeners = new HashMap<>();
    private long bytes;
    /** Of a request that was made before this, events may have been missed. */
    private long since = Long.MAX_VALUE;

    private record Told(int partition, long timestamp, byte[] value) {
        @Nullable
        TracedEvent read() {
            return TraceCodec.read(partition, timestamp, value);
        }
    }

    private static final class Kept {
        final List<Told> events = new ArrayList<>();
        final long requested;
        long bytes = OVERHEAD;

        Kept(long requested) {
            this.requested = requested;
        }
    }

    RecentEvents(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** Every event is brought of a request that is made from then on. */
    synchronized void wholeFrom(Instant since) {
        this.since = since.toEpochMilli();
    }

    /** A status event, in the order of its partition. */
    synchronized void take(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value();
        if (record.key() == null || value == null) {
            return; // a mark
        }
        String requestId = new String(record.key(), UTF_8);
        Told told = new Told(record.partition(), record.timestamp(), value);
        keep(requestId, record, told);
        List<Consumer<TracedEvent>> following = listeners.get(requestId);
        TracedEvent event = following == null ? null : told.read();
        if (following != null && event != null) {
            List.copyOf(following).forEach(listener -> listener.accept(event));
        }
    }

    private void keep(String requestId, ConsumerRecord<byte[], byte[]> record, Told told) {
        Kept kept = requests.get(requestId);
        if (kept == null) {
            long requested = requested(record);
            if (requested < since) {
                return;
            }
            kept = new Kept(requested);
            requests.put(requestId, kept);
            bytes += kept.bytes;
        }
        int more = told.value.length + OVERHEAD;
        kept.events.add(told);
        kept.bytes += more;
        bytes += more;
        Iterator<Kept> eldest = requests.values().iterator();
        while (bytes > mostBytes && eldest.hasNext()) {
            Kept gone = eldest.next();
            eldest.remove();
            bytes -= gone.bytes;
            since = Math.max(since, gone.requested + 1);
        }
    }

    private static long requested(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader(StatusCodec.REQUESTED);
        try {
            return header == null ? -1 : Long.parseLong(new String(header.value(), UTF_8));
        } catch (NumberFormatException foreign) {
            return -1;
        }
    }

    @Override
    public synchronized Optional<List<TracedEvent>> follow(String requestId, Consumer<TracedEvent> listener) {
        listeners.computeIfAbsent(requestId, first -> new ArrayList<>()).add(listener);
        return known(requestId);
    }

    @Override
    public synchronized Optional<List<TracedEvent>> known(String requestId) {
        Kept kept = requests.get(requestId);
        return Optional.ofNullable(kept)
                .map(whole -> whole.events.stream()
                        .map(Told::read)
                        .filter(Objects::nonNull)
                        .toList());
    }

    @Override
    public synchronized boolean knowsAllSince(Instant requestedAt) {
        return requestedAt.toEpochMilli() >= since;
    }

    @Override
    public synchronized void leave(String requestId, Consumer<TracedEvent> listener) {
        List<Consumer<TracedEvent>> following = listeners.get(requestId);
        if (following != null && following.remove(listener) && following.isEmpty()) {
            listeners.remove(requestId);
        }
    }
}
