package dev.petrel.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * How many requests a second Petrel takes from Kafka to a provider and back to Kafka, what each costs, and how that
 * stands to a {@link BarePipe} in the same JVM; once more with somebody who looks at the console, and with receipts, where a request counts when it is delivered.
 * Broker and simulator are processes of their own. All are warmed up, and then take turns: what else happens on the
 * machine hits all, so that the ratio says more than the figures.
 *
 * <p>{@code -Dbench.seconds=10} a round, {@code -Dbench.rounds=3} of each, {@code -Dbench.warmup=3} before.
 */
public final class Bench {
    private static final int SECONDS = Integer.getInteger("bench.seconds", 10);
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 3);
    private static final int WARM_UP = Integer.getInteger("bench.warmup", 3);
    private static final int FIRST_COUNT = 20_000;

    private final Stage stage = new Stage();
    private int topics;

    private Bench() throws IOException {}

    public static void main(String[] args) {
        try {
            Bench bench = new Bench();
            Place small = bench.stage.place(500);
            bench.compare(0, new BarePipe(small), Petrel.plain(small), new Watched(small), Petrel.withReceipts(small));
            Place large = bench.stage.place(2000);
            bench.compare(50, new BarePipe(large), Petrel.plain(large));
            bench.memory(2000);
            System.exit(0);
        } catch (Exception failed) {
            failed.printStackTrace();
            System.exit(1); // the children end with this JVM
        }
    }

    /** @param variants the first is what the others are held against */
    private void compare(int latencyMillis, Variant... variants) throws Exception {
        say("%nA provider that takes %d ms", latencyMillis);
        stage.behave("""
                {"mode": "healthy", "latency": {"ms": %d},
                 "receipts": {"kind": "delivered", "sentAfter": {"ms": 0}, "finalAfter": {"ms": 0}}}
                """.formatted(latencyMillis));
        List<List<Round>> warm = new ArrayList<>();
        int[] counts = new int[variants.length];
        for (int i = 0; i < variants.length; i++) {
            warm.add(new ArrayList<>());
            counts[i] = FIRST_COUNT;
        }
        try (StatusTail tail = new StatusTail(stage.place(1).bootstrapServers(), Place.STATUS)) {
            for (int i = -WARM_UP; i < ROUNDS; i++) {
                double seconds = i < -1 ? SECONDS / 2.0 : SECONDS;
                StringBuilder line = new StringBuilder(i < 0 ? "warm-up " : "round   ");
                for (int v = 0; v < variants.length; v++) {
                    Round round = round(variants[v], counts[v], tail);
                    counts[v] = Math.min((int) (round.perSecond() * seconds), variants[v].most());
                    line.append(String.format(Locale.ROOT, "  %s %.0f/s", variants[v].name(), round.perSecond()));
                    if (i >= 0) {
                        warm.get(v).add(round);
                    }
                }
                say("%s", line);
            }
        }
        for (int v = 0; v < variants.length; v++) {
            Round.tell(variants[v].name(), warm.get(v));
        }
        for (int v = 1; v < variants.length; v++) {
            Round.tellRatio("ratio of " + variants[v].name(), warm.get(v), warm.get(0));
        }
    }

    private Round round(Variant variant, int count, StatusTail tail) throws Exception {
        String topic = "requests-" + ++topics;
        stage.create(topic);
        stage.fill(topic, count);
        System.gc();
        tail.expect(count, variant.outcome());
        variant.start(topic);
        tail.awaitFirst();
        Cost before = Cost.now();
        tail.awaitLast();
        Cost cost = Cost.now().since(before);
        int threads = ManagementFactory.getThreadMXBean().getThreadCount();
        variant.stop();
        return new Round(count, tail.seconds(), cost, threads);
    }

    /** What Petrel holds while a provider hangs with so many requests. */
    private void memory(int inFlight) throws Exception {
        say("%nA provider that hangs, %d in flight", inFlight);
        String topic = "requests-" + ++topics;
        stage.create(topic);
        long empty = heapAfterCollection();
        stage.behave("{\"mode\":\"black_hole\"}");
        Variant petrel = Petrel.patient(stage.place(inFlight));
        stage.fill(topic, inFlight);
        petrel.start(topic);
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
        while (stage.hanging() < inFlight && System.nanoTime() - until < 0) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        say(
                "%d hang: %.1f MB of heap after a collection, %.1f more than without a gateway; %d threads",
                stage.hanging(),
                heapAfterCollection() / 1e6,
                (heapAfterCollection() - empty) / 1e6,
                ManagementFactory.getThreadMXBean().getThreadCount());
        stage.behave("{\"mode\":\"refuse\"}"); // ends them
        petrel.stop();
    }

    private static long heapAfterCollection() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
