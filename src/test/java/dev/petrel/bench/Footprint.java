package dev.petrel.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What this JVM holds.
 *
 * @param heapBytes after a collection
 * @param residentBytes of the whole process; 0 where the system does not tell it (Linux does)
 */
record Footprint(long heapBytes, long residentBytes, int threads) {
    static Footprint now() {
        int threads = ManagementFactory.getThreadMXBean().getThreadCount();
        long resident = resident();
        System.gc();
        return new Footprint(
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(), resident, threads);
    }

    private static long resident() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException notLinux) {
            return 0;
        }
    }
}
