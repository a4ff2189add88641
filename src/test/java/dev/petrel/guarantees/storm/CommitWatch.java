package dev.petrel.guarantees.storm;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;

/** Looks at the committed offsets of a group five times a second, and keeps each that is another than the one before. */
final class CommitWatch implements AutoCloseable {
    private static final int EVERY_MILLIS = 200;

    private final Admin admin;
    private final String group;
    private final Map<Integer, Long> last = new HashMap<>();
    private final Queue<Commit> commits = new ConcurrentLinkedQueue<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    CommitWatch(Admin admin, String group) {
        this.admin = admin;
        this.group = group;
        timer.scheduleWithFixedDelay(this::look, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            var offsets = admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get(30, TimeUnit.SECONDS);
            Instant now = Instant.now();
            offsets.forEach((partition, offset) -> {
                if (offset != null && !Long.valueOf(offset.offset()).equals(last.get(partition.partition()))) {
                    last.put(partition.partition(), offset.offset());
                    commits.add(new Commit(partition.partition(), offset.offset(), now));
                }
            });
        } catch (ExecutionException | TimeoutException notNow) {
            // the broker is away: the next look will do
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    List<Commit> commits() {
        return new ArrayList<>(commits);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
