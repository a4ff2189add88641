package dev.petrel.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the machine's processors have done until now, for this JVM and its children and for all; on Linux. */
record Neighbours(long busyNanos, long ourNanos, long at) {
    /** More than this share for others makes figures that are not worth much. */
    static final double QUIET = 0.1;

    private static final Path STAT = Path.of("/proc/stat");
    private static final long NANOS_PER_TICK = 10_000_000;
    /** In proc(5)'s order: user, nice, system, (idle, iowait,) irq, softirq, steal. */
    private static final int[] BUSY = {1, 2, 3, 6, 7, 8};

    /** Null where nobody can tell. */
    static @Nullable Neighbours now() {
        try {
            String[] all = Files.readAllLines(STAT).get(0).split(" +");
            long busy = 0;
            for (int field : BUSY) {
                busy += Long.parseLong(all[field]);
            }
            long ours = Stream.concat(
                            Stream.of(ProcessHandle.current()),
                            ProcessHandle.current().descendants())
                    .mapToLong(process -> process.info()
                            .totalCpuDuration()
                            .orElse(Duration.ZERO)
                            .toNanos())
                    .sum();
            return new Neighbours(busy * NANOS_PER_TICK, ours, System.nanoTime());
        } catch (IOException notLinux) {
            return null;
        }
    }

    /** The share of the machine that others had since then, or that a machine below it took away; null where nobody can tell. */
    static @Nullable Double shareSince(@Nullable Neighbours before) {
        Neighbours now = now();
        if (before == null || now == null) {
            return null;
        }
        double others = now.busyNanos - before.busyNanos - (now.ourNanos - before.ourNanos);
        double all = (double) (now.at - before.at) * Runtime.getRuntime().availableProcessors();
        return Math.max(0, others / all);
    }
}
