package dev.petrel.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What each event loop of this JVM has used until now: those that share one are seen by it. */
record Loops(Map<String, Long> nanosByLoop, long at) {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final String NAME = "vert.x-eventloop-thread-";

    static Loops now() {
        Map<String, Long> nanos = new TreeMap<>();
        for (ThreadInfo info : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
            if (info != null && info.getThreadName().startsWith(NAME)) {
                nanos.put(info.getThreadName().substring(NAME.length()), THREADS.getThreadCpuTime(info.getThreadId()));
            }
        }
        return new Loops(nanos, System.nanoTime());
    }

    /** In percent of one core. */
    String since(Loops before) {
        return nanosByLoop.entrySet().stream()
                .map(loop -> String.format(
                        Locale.ROOT,
                        "%s: %.0f %%",
                        loop.getKey(),
                        100.0
                                * (loop.getValue() - before.nanosByLoop.getOrDefault(loop.getKey(), 0L))
                                / (at - before.at)))
                .collect(Collectors.joining(", "));
    }
}
