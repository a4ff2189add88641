package dev.petrel.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code petrel} as an operator starts it: a process of its own, with a command line, an environment and two streams. */
public final class GatewayProcess implements AutoCloseable {
    private final Process process;
    private final Path out;
    private final Path err;

    private GatewayProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** @param arguments of the command line */
    public static GatewayProcess start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.petrel.app.Main"));
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile("petrel", ".out");
        Path err = Files.createTempFile("petrel", ".err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .directory(new File(System.getProperty("java.io.tmpdir")));
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.startsWith("PETREL_"));
        environment.put("TWILIO_AUTH_TOKEN", Platform.AUTH_TOKEN);
        environment.put("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
        environment.put("AWS_SECRET_ACCESS_KEY", Platform.SECRET_KEY);
        return new GatewayProcess(builder.start(), out, err);
    }

    /** The exit status, once it has come to an end by itself. */
    public int exitStatus() throws InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("it does not end");
        }
        return process.exitValue();
    }

    /** SIGTERM, and the exit status that comes of it. */
    public int terminate() throws InterruptedException {
        process.destroy();
        return exitStatus();
    }

    /** What it has written to stdout so far. */
    public List<String> out() throws IOException {
        return Files.readAllLines(out);
    }

    /** What it has written to stderr so far. */
    public List<String> err() throws IOException {
        return Files.readAllLines(err);
    }

    @Override
    public void close() throws Exception {
        process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        Files.delete(out);
        Files.delete(err);
    }
}
