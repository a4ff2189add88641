package dev.petrel.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.petrel.testing.ChildProcess;
import java.io.IOException;
import java.util.List;

/** A variant in its process, which ends with this one. */
final class VariantProcess {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ChildProcess process;

    /** @param heap as {@code -Xmx} takes it; all of it from the start: how it grows and shrinks is not what is compared */
    VariantProcess(Variant variant, String heap) throws IOException {
        process = ChildProcess.start(
                List.of("-Xms" + heap, "-Xmx" + heap, "-XX:+UseParallelGC", "-XX:-UseDynamicNumberOfCompilerThreads"),
                VariantMain.class,
                variant.key());
    }

    /** Returns the management port, 0 if there is none. */
    int start(Place place) throws IOException {
        return Integer.parseInt(tell("start " + JSON.writeValueAsString(place)));
    }

    void begin() throws IOException {
        tell("begin ");
    }

    /** What it has used since {@link #begin}. */
    Cost.Spent end() throws IOException {
        return JSON.readValue(tell("end "), Cost.Spent.class);
    }

    /** What it holds now. It stands still for that: not within a window, nor while what is timed goes on. */
    Footprint weigh() throws IOException {
        return JSON.readValue(tell("weigh "), Footprint.class);
    }

    void stop() throws IOException {
        tell("stop ");
    }

    private String tell(String command) throws IOException {
        process.tell(command);
        return process.awaitLine(line -> line.startsWith(VariantMain.OK)).substring(VariantMain.OK.length());
    }

    void close() throws InterruptedException {
        process.close();
    }
}
