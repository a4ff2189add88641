package dev.petrel.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.petrel.guarantees.Asked;
import dev.petrel.guarantees.TopicTail;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** When requests were submitted and delivered, by the broker's clock, read from the status topic. */
final class Sendings implements AutoCloseable {
    private final Map<String, Long> submitted = new ConcurrentHashMap<>();
    private final Map<String, Long> delivered = new ConcurrentHashMap<>();
    private final TopicTail tail;

    /** Milliseconds from the record, in their order. */
    record Times(List<Long> millis) {
        long within(double share) {
            return millis.get(Math.min(millis.size() - 1, (int) (share * millis.size())));
        }

        long worst() {
            return millis.get(millis.size() - 1);
        }

        int count() {
            return millis.size();
        }
    }

    Sendings(String bootstrapServers, String statusTopic) {
        tail = TopicTail.passing(bootstrapServers, statusTopic, this::read);
    }

    private void read(ConsumerRecord<byte[], byte[]> record) {
        Header status = record.headers().lastHeader("status");
        if (status != null) {
            String requestId = new String(record.key(), UTF_8);
            switch (new String(status.value(), UTF_8)) {
                case "submitted" -> submitted.putIfAbsent(requestId, record.timestamp());
                case "delivered" -> delivered.putIfAbsent(requestId, record.timestamp());
                default -> {}
            }
        }
    }

    boolean allSubmitted(List<Asked> asked) {
        return asked.stream().allMatch(request -> submitted.containsKey(request.requestId()));
    }

    boolean allDelivered(List<Asked> asked) {
        return asked.stream().allMatch(request -> delivered.containsKey(request.requestId()));
    }

    /** Of those that were. */
    Times toSubmitted(List<Asked> asked) {
        return times(asked, submitted);
    }

    /** Of those that were. */
    Times toDelivered(List<Asked> asked) {
        return times(asked, delivered);
    }

    private static Times times(List<Asked> asked, Map<String, Long> when) {
        return new Times(asked.stream()
                .filter(request -> when.containsKey(request.requestId()))
                .map(request ->
                        when.get(request.requestId()) - request.recordedAt().toEpochMilli())
                .sorted()
                .toList());
    }

    @Override
    public void close() {
        tail.close();
    }
}
