package dev.petrel.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.petrel.bench.VariantMain.Window;
import dev.petrel.testing.ChildProcess;
import java.io.IOException;
import java.util.List;

/** A variant in its process, which ends with this one. */
final class VariantProcess {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ChildProcess process;

    /** @param heap as {@code -Xmx} takes it */
    VariantProcess(Variant variant, String heap) throws IOException {
        process = ChildProcess.start(
                List.of("-Xmx" + heap, "-XX:+UseParallelGC", "-XX:-UseDynamicNumberOfCompilerThreads"),
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

    Window end() throws IOException {
        return JSON.readValue(tell("end "), Window.class);
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
