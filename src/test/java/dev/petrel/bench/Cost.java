package dev.petrel.bench;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What this JVM has used until now. The JIT's compilers are told apart where the system tells their share (Linux): a longer
 * run would have none of it. They must not come and go ({@code -XX:-UseDynamicNumberOfCompilerThreads}).
 */
record Cost(Map<Long, OfThread> threads, long cpuNanos, long compilerNanos, long atMillis) {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final Path TASKS = Path.of("/proc/self/task");
    private static final long NANOS_PER_TICK = 10_000_000;
    private static final Used NOTHING = new Used(0, 0);

    record Used(long cpuNanos, long bytes) {
        Used plus(Used other) {
            return new Used(cpuNanos + other.cpuNanos, bytes + other.bytes);
        }

        Used minus(Used other) {
            return new Used(cpuNanos - other.cpuNanos, bytes - other.bytes);
        }
    }

    record OfThread(String kind, Used used) {}

    /**
     * What was used between two moments, by the wall clock.
     *
     * @param cpuNanos of all but the compilers
     * @param byKind of thread; what is of no Java thread is the collector's and the VM's own
     */
    record Spent(long fromMillis, long toMillis, long cpuNanos, long compilerNanos, Map<String, Used> byKind) {
        long bytes() {
            return byKind.values().stream().mapToLong(Used::bytes).sum();
        }
    }

    static Cost now() {
        long at = System.currentTimeMillis();
        Map<Long, OfThread> threads = new HashMap<>();
        long[] ids = THREADS.getAllThreadIds();
        ThreadInfo[] infos = THREADS.getThreadInfo(ids);
        long[] cpu = THREADS.getThreadCpuTime(ids);
        long[] bytes = THREADS.getThreadAllocatedBytes(ids);
        for (int i = 0; i < ids.length; i++) {
            if (infos[i] != null && cpu[i] >= 0 && bytes[i] >= 0) {
                threads.put(ids[i], new OfThread(kind(infos[i].getThreadName()), new Used(cpu[i], bytes[i])));
            }
        }
        long compilers = compilers();
        return new Cost(threads, SYSTEM.getProcessCpuTime() - compilers, compilers, at);
    }

    private static String kind(String thread) {
        if (thread.startsWith("vert.x-eventloop-thread-")) {
            return "event loop " + thread.substring(24);
        }
        if (thread.startsWith("vert.x-kafka-consumer")) {
            return "poll";
        }
        if (thread.startsWith("kafka-producer-network")) {
            return "producer";
        }
        if (thread.startsWith("petrel-")) {
            return thread.substring(7);
        }
        return "others";
    }

    Spent since(Cost before) {
        Map<String, Used> byKind = new TreeMap<>();
        threads.forEach((id, thread) -> {
            OfThread earlier = before.threads.get(id);
            byKind.merge(
                    thread.kind(),
                    earlier == null ? thread.used() : thread.used().minus(earlier.used()),
                    Used::plus);
        });
        long java = byKind.values().stream().mapToLong(Used::cpuNanos).sum();
        long all = cpuNanos - before.cpuNanos;
        byKind.put("GC and VM", new Used(Math.max(0, all - java), 0));
        byKind.values().removeIf(NOTHING::equals);
        return new Spent(before.atMillis, atMillis, all, compilerNanos - before.compilerNanos, byKind);
    }

    private static long compilers() {
        long ticks = 0;
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
            for (Path task : tasks) {
                ticks += compilerTicks(task);
            }
        } catch (IOException notLinux) {
            return 0;
        }
        return ticks * NANOS_PER_TICK;
    }

    /** The fields of proc(5) behind the name: the 14th and 15th of all are what it used. */
    private static long compilerTicks(Path task) throws IOException {
        String stat;
        try {
            stat = Files.readString(task.resolve("stat"));
        } catch (NoSuchFileException ended) {
            return 0;
        }
        int end = stat.lastIndexOf(')');
        if (!stat.substring(0, end).contains("CompilerThre")) {
            return 0;
        }
        String[] fields = stat.substring(end + 2).split(" ");
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }
}
