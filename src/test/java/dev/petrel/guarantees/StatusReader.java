package dev.petrel.guarantees;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads a status topic from its beginning, on a thread of its own. */
public final class StatusReader implements AutoCloseable {
    private final Queue<Told> told = new ConcurrentLinkedQueue<>();
    private final Set<String> over = ConcurrentHashMap.newKeySet();
    private final AtomicLong finals = new AtomicLong();
    private final TopicTail tail;

    /** @param listener called on the reader's thread with each event */
    public StatusReader(String bootstrapServers, String topic, Consumer<Told> listener) {
        this.tail = new TopicTail(
                bootstrapServers,
                topic,
                record -> Told.of(record).ifPresent(event -> {
                    told.add(event);
                    if (event.isFinal()) {
                        over.add(event.requestId());
                        finals.incrementAndGet();
                    }
                    listener.accept(event);
                }));
    }

    /** With the marks of owners and all headers. */
    public List<ConsumerRecord<byte[], byte[]>> records() {
        return tail.records();
    }

    public List<Told> told() {
        return new ArrayList<>(told);
    }

    public List<Told> told(String requestId) {
        return told.stream()
                .filter(event -> event.requestId().equals(requestId))
                .toList();
    }

    /** The one that counts, if it is there. */
    public Optional<Told> finalOf(String requestId) {
        return told(requestId).stream().filter(Told::isFinal).findFirst();
    }

    public boolean isOver(String requestId) {
        return over.contains(requestId);
    }

    /** How often a partition was taken over. */
    public long takeOvers() {
        return tail.records().stream().filter(record -> record.value() == null).count();
    }

    public long finals() {
        return finals.get();
    }

    @Override
    public void close() {
        tail.close();
    }
}
