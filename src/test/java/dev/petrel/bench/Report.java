package dev.petrel.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * What a run came to, as {@code target/bench.json} has it. A field that is there keeps its name and meaning as long as the
 * format has the same number.
 */
record Report(int format, String at, Settings settings, Machine machine, List<Comparison> comparisons) {
    private static final int FORMAT = 1;

    /** @param brief that the run was shorter than figures should be that are shown to others */
    record Settings(
            int seconds,
            int settleSeconds,
            int rounds,
            int warmUps,
            boolean brief,
            String heap,
            int heldMax,
            List<String> variants) {}

    record Machine(int cores, long memoryBytes, String system, String java, String vm) {
        static Machine here() {
            OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            return new Machine(
                    Runtime.getRuntime().availableProcessors(),
                    system.getTotalMemorySize(),
                    system.getName() + " " + system.getVersion() + " " + system.getArch(),
                    System.getProperty("java.version"),
                    System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        }

        @Override
        public String toString() {
            return cores + " cores, " + memoryBytes / (1 << 20) + " MB, " + system + "; " + vm;
        }
    }

    static Report of(Settings settings, Machine machine, List<Comparison> comparisons) {
        return new Report(FORMAT, Instant.now().toString(), settings, machine, comparisons);
    }

    void write(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), this);
    }
}
