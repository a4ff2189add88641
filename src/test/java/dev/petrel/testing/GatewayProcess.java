package dev.petrel.testing;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@code petrel} as an operator starts it: a process of its own, with a command line, an environment and two streams. */
public final class GatewayProcess implements AutoCloseable {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();

    private final Process process;
    private final Path out;
    private final Path err;
    private final int managementPort;
    private final boolean logsStay;

    private GatewayProcess(Process process, Path out, Path err, int managementPort, boolean logsStay) {
        this.process = process;
        this.out = out;
        this.err = err;
        this.managementPort = managementPort;
        this.logsStay = logsStay;
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    }

    /**
     * How it is started.
     *
     * @param variables of the environment, beside the secrets
     * @param patch classes that take the place of those in the class path; null: none do
     * @param logs where its two streams stay for a look afterwards; null: they go with it
     */
    public record Launch(
            Map<String, String> variables,
            @Nullable Path patch,
            @Nullable Path logs) {
        public Launch {
            variables = Map.copyOf(variables);
        }

        /** @param arguments of the command line */
        public GatewayProcess start(String... arguments) throws IOException {
            int managementPort = FreePorts.next();
            String classPath = System.getProperty("java.class.path");
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    patch == null ? classPath : patch + File.pathSeparator + classPath,
                    "dev.petrel.app.Main"));
            command.addAll(List.of(arguments));
            String name = variables.getOrDefault("PETREL_INSTANCE_ID", "petrel");
            Path out = logs == null ? Files.createTempFile(name, ".out") : logs.resolve(name + ".out");
            Path err = logs == null ? Files.createTempFile(name, ".err") : logs.resolve(name + ".err");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile())
                    .directory(new File(System.getProperty("java.io.tmpdir")));
            Map<String, String> environment = builder.environment();
            environment.keySet().removeIf(key -> key.startsWith("PETREL_"));
            environment.putAll(secrets());
            environment.put("PETREL_MANAGEMENT_PORT", Integer.toString(managementPort));
            environment.putAll(variables);
            return new GatewayProcess(builder.start(), out, err, managementPort, logs != null);
        }

        private static Map<String, String> secrets() {
            Map<String, String> secrets = new HashMap<>();
            secrets.put("TWILIO_AUTH_TOKEN", Platform.AUTH_TOKEN);
            secrets.put("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE");
            secrets.put("AWS_SECRET_ACCESS_KEY", Platform.SECRET_KEY);
            return secrets;
        }
    }

    /** @param arguments of the command line */
    public static GatewayProcess start(String... arguments) throws IOException {
        return new Launch(Map.of(), null, null).start(arguments);
    }

    /** Whether it says of itself that it works on all it owns. */
    public boolean ready() {
        try {
            return get("/health/ready").statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** A page of its management port. */
    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        URI page = URI.create("http://127.0.0.1:" + managementPort + path);
        HttpRequest request =
                HttpRequest.newBuilder(page).timeout(Duration.ofSeconds(2)).build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
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

    /** SIGKILL. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        exitStatus();
    }

    public boolean alive() {
        return process.isAlive();
    }

    /** SIGSTOP: it stands still. */
    public void freeze() {
        Signals.freeze(process);
    }

    /** SIGCONT: it goes on. */
    public void wake() {
        Signals.wake(process);
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
        if (!logsStay) {
            Files.delete(out);
            Files.delete(err);
        }
    }
}
