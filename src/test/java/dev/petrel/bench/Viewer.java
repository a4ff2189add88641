package dev.petrel.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** Somebody who looks at a gateway's console until that ends, as a browser does: its stream is read, and nothing is drawn. */
final class Viewer {
    private Viewer() {}

    /** Returns when it is shown something. */
    static void look(int managementPort) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + managementPort + "/v1/console/stream"))
                .header("Authorization", "Bearer " + Petrel.SECRET)
                .build();
        BufferedReader lines = new BufferedReader(new InputStreamReader(
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()
                        .send(request, HttpResponse.BodyHandlers.ofInputStream())
                        .body(),
                StandardCharsets.UTF_8));
        if (lines.readLine() == null) {
            throw new IOException("the console shows nothing");
        }
        Thread reader = new Thread(() -> readOn(lines), "bench-viewer");
        reader.setDaemon(true);
        reader.start();
    }

    private static void readOn(BufferedReader lines) {
        try {
            while (lines.readLine() != null) {
                continue;
            }
        } catch (IOException ended) {
            // with the gateway
        }
    }
}
