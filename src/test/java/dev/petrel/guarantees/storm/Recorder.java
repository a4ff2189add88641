package dev.petrel.guarantees.storm;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.petrel.guarantees.Told;
import dev.petrel.guarantees.TopicTail;
import dev.petrel.testing.Platform;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads what gateways write, as it comes. */
final class Recorder implements AutoCloseable {
    private final Queue<Event> events = new ConcurrentLinkedQueue<>();
    private final Queue<Mark> marks = new ConcurrentLinkedQueue<>();
    private final Queue<Letter> letters = new ConcurrentLinkedQueue<>();
    private final Set<String> over = ConcurrentHashMap.newKeySet();
    private final Map<Integer, String> owners = new ConcurrentHashMap<>();
    private final TopicTail statusTail;
    private final TopicTail letterTail;

    Recorder(Platform platform) {
        statusTail = TopicTail.passing(platform.bootstrapServers(), platform.statusTopic(), this::status);
        letterTail = TopicTail.passing(platform.bootstrapServers(), platform.deadLetterTopic(), this::letter);
    }

    private void status(ConsumerRecord<byte[], byte[]> record) {
        Told told = Told.of(record).orElse(null);
        if (told == null) {
            Mark mark = new Mark(
                    record.partition(),
                    record.offset(),
                    Instant.ofEpochMilli(record.timestamp()),
                    header(record, "writer").intern());
            marks.add(mark);
            owners.put(mark.partition(), mark.instance());
            return;
        }
        Event event = Event.of(told);
        events.add(event);
        if (event.last()) {
            over.add(event.requestId());
        }
    }

    private void letter(ConsumerRecord<byte[], byte[]> record) {
        letters.add(new Letter(
                Integer.parseInt(header(record, "dlq.partition")),
                Long.parseLong(header(record, "dlq.offset")),
                Instant.ofEpochMilli(record.timestamp())));
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }

    List<Event> events() {
        return new ArrayList<>(events);
    }

    List<Mark> marks() {
        return new ArrayList<>(marks);
    }

    List<Letter> letters() {
        return new ArrayList<>(letters);
    }

    boolean isOver(String requestId) {
        return over.contains(requestId);
    }

    int over() {
        return over.size();
    }

    /** Partitions with an owner. */
    int owned() {
        return owners.size();
    }

    /** What this instance has marked as its own last of all. */
    Set<Integer> owned(String instance) {
        Set<Integer> owned = new TreeSet<>();
        owners.forEach((partition, owner) -> {
            if (owner.equals(instance)) {
                owned.add(partition);
            }
        });
        return owned;
    }

    long statuses() {
        return statusTail.count();
    }

    long letterCount() {
        return letterTail.count();
    }

    @Override
    public void close() {
        statusTail.close();
        letterTail.close();
    }
}
