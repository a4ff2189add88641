package dev.petrel.bench;

import dev.petrel.kafka.ReplayBridge;
import dev.petrel.kafka.ReplayBridge.Replayed;
import dev.petrel.message.Advice;
import dev.petrel.message.NumberPlan;
import dev.petrel.message.Reason;
import dev.petrel.message.ReasonClass;
import dev.petrel.message.Recipient;
import dev.petrel.message.Source;
import dev.petrel.message.Status;
import dev.petrel.message.StatusEvent;
import dev.petrel.message.StatusEvent.AttemptReport;
import dev.petrel.message.SubmitResult;
import dev.petrel.testing.ChildProcess;
import dev.petrel.trace.Traced;
import dev.petrel.trace.Traced.Searched;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * How long a take-over reads a status partition back, and what it then holds for each request that it remembers. The
 * broker is a process of its own, on the same machine. Every fourth request has failed once before it was taken. Then one
 * request is traced in all of it, without a hint.
 *
 * <p>{@code -Dreplay.events=1000000}, {@code -Dreplay.rounds=3}.
 */
public final class Replay {
    private static final int EVENTS = Integer.getInteger("replay.events", 1_000_000);
    private static final int ROUNDS = Integer.getInteger("replay.rounds", 3);
    private static final String REQUESTS = "sms.requests";
    private static final String STATUS = "sms.status";
    private static final Recipient TO =
            new NumberPlan().recipient("+12025550123").orElseThrow();

    private final String bootstrapServers;
    private final ReplayBridge bridge;
    private long bytes;

    private Replay() throws IOException {
        ChildProcess broker = ChildProcess.start(BrokerMain.class);
        String ready = broker.awaitLine(line -> line.startsWith(BrokerMain.READY));
        bootstrapServers = ready.substring(ready.lastIndexOf(' ') + 1);
        for (String topic : List.of(REQUESTS, STATUS)) {
            broker.tell("create " + topic);
            broker.awaitLine(BrokerMain.OK::equals);
        }
        bridge = new ReplayBridge(bootstrapServers, REQUESTS, STATUS);
    }

    public static void main(String[] args) {
        try {
            Replay replay = new Replay();
            replay.write();
            for (int i = 0; i < ROUNDS; i++) {
                replay.readBack();
            }
            for (int i = 0; i < ROUNDS; i++) {
                replay.trace();
            }
            System.exit(0);
        } catch (Exception failed) {
            failed.printStackTrace();
            System.exit(1); // the broker ends with this JVM
        }
    }

    private void write() {
        long begin = System.nanoTime();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 5, "batch.size", 65536),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            int written = 0;
            for (long offset = 0; written < EVENTS; offset++) {
                if (offset % 4 == 0) {
                    send(
                            producer,
                            attempt(offset, 1, "twilio-main", Reason.of(ReasonClass.THROTTLED, "over its rate")));
                    written++;
                }
                send(producer, attempt(offset, offset % 4 == 0 ? 2 : 1, "sns-eu", null));
                written++;
            }
            producer.flush();
            say("%d events of %d bytes written in %.0f s", written, bytes / written, (System.nanoTime() - begin) / 1e9);
        }
    }

    private void send(KafkaProducer<byte[], byte[]> producer, StatusEvent event) {
        ProducerRecord<byte[], byte[]> record = bridge.record(event);
        bytes += record.key().length + record.value().length;
        record.headers().forEach(header -> bytes += header.key().length() + header.value().length);
        var unused = producer.send(record);
    }

    private void readBack() throws Exception {
        long before = heapAfterCollection();
        Replayed replayed = bridge.replay();
        long after = heapAfterCollection();
        int ids = replayed.journal().size();
        say(
                "%d events read back in %.2f s; %d requests remembered, %.1f bytes of heap each",
                replayed.events(), replayed.seconds(), ids, (after - before) / (double) ids);
    }

    private void trace() {
        Traced traced = bridge.trace(id(0));
        Searched searched = traced.searched();
        double seconds = searched.took().toNanos() / 1e9;
        say(
                "%d events of one request found among %d in %.2f s: %.2f s per million",
                traced.events().size(), searched.records(), seconds, seconds * 1e6 / searched.records());
    }

    static String id(long offset) {
        return String.format(Locale.ROOT, "01JDG7W3V9K6%012d", offset);
    }

    /** Without a reason it was taken. */
    static StatusEvent attempt(long offset, int number, String provider, @Nullable Reason reason) {
        boolean taken = reason == null;
        Instant now = Instant.now();
        return new StatusEvent(
                id(offset),
                taken ? Status.SUBMITTED : Status.ATTEMPT_FAILED,
                taken,
                now,
                new AttemptReport(
                        "a8XkQ2p1Zr0mVt5yLw9cBg",
                        number,
                        1,
                        provider,
                        taken ? SubmitResult.Kind.ACCEPTED : SubmitResult.Kind.THROTTLED,
                        true,
                        taken ? "b1c2d3e4-f5a6-4b7c-8d9e-0f1a2b3c4d5e" : null,
                        Duration.ofMillis(83)),
                null,
                reason,
                List.of(),
                taken,
                taken ? Advice.toWait() : null,
                now.plusSeconds(300),
                TO,
                1,
                Duration.ofMillis(1204),
                false,
                "web",
                "login",
                null,
                new Source(REQUESTS, 0, offset),
                null);
    }

    private static long heapAfterCollection() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
