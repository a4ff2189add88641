package dev.petrel.deployment;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.petrel.client.Final;
import dev.petrel.client.PetrelClient;
import dev.petrel.client.Request;
import dev.petrel.client.Topics;
import dev.petrel.testing.EmbeddedBroker;
import dev.petrel.testing.FreePorts;
import dev.petrel.testing.Manifests;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The overlay {@code dev} without a cluster: the containers' commands and settings as they stand in k8s, each in the
 * image, with the broker of the tests. {@code .ci/image} calls it in a network of its own, in which the services' names
 * lead here.
 *
 * <p>Its argument is a program that runs a command in the image, and whose {@code SECRETS} and {@code VARIABLES} say
 * where the secret's files are, and what stands in the environment.
 */
public final class ImageCheck {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final String inImage;
    private final Path secrets = Files.createTempDirectory("petrel-secrets");
    private final List<Process> running = new ArrayList<>();
    private final List<PetrelClient> clients = new ArrayList<>();
    private final JsonNode base = pod("base/deployment.yaml", "petrel").at("/containers/0");
    private final JsonNode small = pod("overlays/dev/small.yaml", "petrel");

    private ImageCheck(String inImage) throws IOException {
        this.inImage = inImage;
    }

    public static void main(String[] args) throws Exception {
        ImageCheck check = new ImageCheck(args[0]);
        int status = 1;
        try (EmbeddedBroker broker = EmbeddedBroker.start(
                new EmbeddedBroker.Place(Files.createTempDirectory("petrel-broker"), 9092, FreePorts.next(), 0, 0))) {
            check.run(broker.bootstrapServers());
            status = 0;
        } finally {
            check.running.forEach(Process::destroyForcibly);
        }
        System.exit(status);
    }

    private void run(String brokers) throws Exception {
        writeSecrets();
        JsonNode simulator = pod("overlays/dev/simulator.yaml", "simulator").at("/containers/0");
        start(Manifests.texts(simulator.path("command")), Manifests.texts(simulator.path("args")), "");

        JsonNode topics = small.at("/initContainers/0");
        require(
                start(entrypoint(), Manifests.texts(topics.path("args")), "").waitFor() == 0,
                "the topics could not be made");

        StringBuilder variables = new StringBuilder("PETREL_INSTANCE_ID=petrel-0");
        small.at("/containers/0/env")
                .forEach(variable -> variables
                        .append(' ')
                        .append(variable.path("name").asText())
                        .append('=')
                        .append(variable.path("value").asText()));
        Process petrel = start(entrypoint(), Manifests.texts(base.path("args")), variables.toString());
        String ready = base.at("/readinessProbe/httpGet/path").asText();
        await("ready").atMost(LONG).until(() -> status(petrel, ready) == 200);
        require(status(petrel, base.at("/livenessProbe/httpGet/path").asText()) == 200, "it is not live");
        System.out.println("the image is ready");

        for (Map.Entry<String, CompletableFuture<Final>> code : codes(brokers).entrySet()) {
            String end = code.getValue().get(60, TimeUnit.SECONDS).status();
            require(end.equals("delivered"), code.getKey() + ": " + end);
            System.out.println("a code is delivered that was compressed with " + code.getKey());
        }
        clients.forEach(PetrelClient::close);
        petrel.destroy();
        require(petrel.waitFor(30, TimeUnit.SECONDS) && petrel.exitValue() == 0, "it did not stop in order");
        System.out.println("the image has stopped in order");
    }

    /** The end of one each, by the compression of its request: most of these unpack native code to /tmp. */
    private Map<String, CompletableFuture<Final>> codes(String brokers) {
        Map<String, CompletableFuture<Final>> ends = new LinkedHashMap<>();
        for (String compression : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
            PetrelClient client = new PetrelClient(
                    Map.of("bootstrap.servers", brokers, "compression.type", compression),
                    Topics.usual(),
                    Clock.systemUTC());
            clients.add(client);
            Request code =
                    Request.of("image-" + compression, "+12025550123", "000000 is your code.", Duration.ofMinutes(2));
            ends.put(compression, client.send(code));
        }
        return ends;
    }

    /** As the image says; the program that runs it knows. */
    private static List<String> entrypoint() {
        return List.of("entrypoint");
    }

    private Process start(List<String> command, List<String> args, String variables) throws IOException {
        List<String> line = new ArrayList<>(List.of(inImage));
        line.addAll(command);
        line.addAll(args);
        ProcessBuilder builder = new ProcessBuilder(line).inheritIO();
        builder.environment().put("SECRETS", secrets.toString());
        builder.environment().put("VARIABLES", variables);
        Process process = builder.start();
        running.add(process);
        return process;
    }

    private void writeSecrets() throws IOException {
        JsonNode literals = Manifests.read(Manifests.FOLDER.resolve("overlays/dev/kustomization.yaml"))
                .get(0)
                .at("/secretGenerator/0/literals");
        for (String literal : Manifests.texts(literals)) {
            int equals = literal.indexOf('=');
            Files.writeString(secrets.resolve(literal.substring(0, equals)), literal.substring(equals + 1));
        }
        require(secrets.toFile().setExecutable(true, false) && secrets.toFile().setReadable(true, false), "no rights");
    }

    private static int status(Process petrel, String path) throws InterruptedException {
        require(petrel.isAlive(), "it has ended by itself");
        try {
            URI uri = URI.create("http://petrel:8081" + path);
            return HTTP.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException notYet) {
            return 0;
        }
    }

    private static JsonNode pod(String file, String name) throws IOException {
        return Manifests.one(file, "Deployment", name).at("/spec/template/spec");
    }

    private static void require(boolean held, String otherwise) {
        if (!held) {
            throw new IllegalStateException(otherwise);
        }
    }
}
